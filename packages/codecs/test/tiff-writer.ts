/**
 * EXIF streams put together directory by directory, in either byte order.
 * @module
 */

export interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** The four bytes of the entry: a value, or where the value lies. */
  readonly value: number;
  /** How wide the value in the entry is; it stands at the left of its four bytes. */
  readonly valueBytes?: 1 | 2 | 4;
}

export interface Directory {
  readonly offset: number;
  readonly entries: readonly Entry[];
  readonly next?: number;
}

/** A stream of `byteLength` bytes with a header that points to the first directory. */
export function tiff(
  byteLength: number,
  directories: readonly Directory[],
  options: {
    readonly bigEndian?: boolean;
    readonly bytes?: ReadonlyMap<number, readonly number[]>;
  } = {},
): Uint8Array {
  const little = !(options.bigEndian ?? false);
  const stream = new Uint8Array(byteLength);
  const view = new DataView(stream.buffer);
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, directories[0].offset, little);
  for (const { offset, entries, next } of directories) {
    view.setUint16(offset, entries.length, little);
    let at = offset + 2;
    for (const entry of entries) {
      view.setUint16(at, entry.tag, little);
      view.setUint16(at + 2, entry.type, little);
      view.setUint32(at + 4, entry.count, little);
      if (entry.valueBytes === 1) view.setUint8(at + 8, entry.value);
      else if (entry.valueBytes === 2) view.setUint16(at + 8, entry.value, little);
      else view.setUint32(at + 8, entry.value, little);
      at += 12;
    }
    view.setUint32(at, next ?? 0, little);
  }
  for (const [offset, values] of options.bytes ?? []) stream.set(values, offset);
  return stream;
}

/** 32-bit numbers as bytes, for rationals. */
export function longs(values: readonly number[], bigEndian = false): number[] {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (const [index, value] of values.entries()) view.setUint32(4 * index, value, !bigEndian);
  return [...new Uint8Array(view.buffer)];
}
