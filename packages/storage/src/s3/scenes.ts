/**
 * Where a call works: the bucket with its names, as long as it is the same bucket. Easily got wrong: a
 * bucket of the same name may be another one by the time a body has arrived.
 * @module
 */

import { noSuchBucket } from '../bucket-state.ts';
import { StorageError } from '../errors.ts';
import { checkBucketName, checkObjectKey } from '../names.ts';
import type { BucketStates } from './bucket-states.ts';
import { type ObjectNames, objectNames } from './object-names.ts';

export interface Scene {
  readonly bucket: string;
  readonly names: ObjectNames;
  readonly incarnation: string;
}

export class S3Scenes {
  readonly #states: BucketStates;
  readonly #root: string;
  #closed = false;

  /** @param root put before all names */
  constructor(states: BucketStates, root: string) {
    this.#states = states;
    this.#root = root;
  }

  close(): void {
    this.#closed = true;
  }

  async enter(bucket: string, key?: string): Promise<Scene> {
    this.check(bucket);
    if (key !== undefined) checkObjectKey(key);
    const known = await this.#states.get(bucket);
    if (known === undefined) throw noSuchBucket(bucket);
    const names = objectNames(this.#root, bucket);
    return { bucket, names, incarnation: known.incarnation };
  }

  /** A body takes its time: the bucket may be gone by now, or another one of the same name. */
  async checkSame({ bucket, incarnation }: Scene): Promise<void> {
    this.checkOpen();
    const known = await this.#states.get(bucket);
    if (known?.incarnation !== incarnation) throw noSuchBucket(bucket);
  }

  check(bucket: string): void {
    this.checkOpen();
    checkBucketName(bucket);
  }

  checkOpen(): void {
    if (this.#closed) throw new StorageError('StoreLocked', 's3 store: expected open, got closed');
  }
}
