/**
 * Which data files the records that readers hold were read with, so that bytes are found without reading
 * a record again. Easily got wrong: such a file may be gone by now, and another record stand.
 * @module
 */

import type { ObjectRecord } from '../driver.ts';
import type { RecordFile } from './record-file.ts';

export class KnownFiles {
  /** Forgotten with the records themselves. */
  readonly #dataNames = new WeakMap<ObjectRecord, string>();

  keep(file: RecordFile): RecordFile {
    this.#dataNames.set(file.record, file.dataName);
    return file;
  }

  /** What was kept with this record, if it is one of this key. */
  of(key: string, record: ObjectRecord | undefined): RecordFile | undefined {
    if (record?.key !== key) return undefined;
    const dataName = this.#dataNames.get(record);
    return dataName === undefined ? undefined : { record, dataName };
  }
}
