/**
 * TIFF pictures put together tag by tag, right or wrong, in either byte order.
 * @module
 */

export type TiffField = readonly [tag: number, type: 1 | 3 | 4 | 5 | 7, values: readonly number[]];

export interface TiffParts {
  readonly fields: readonly TiffField[];
  /** Strips or tiles; their offsets and lengths are written as `chunkTags` when there are any. */
  readonly chunks: readonly (readonly number[] | Uint8Array)[];
  /** @default strips */
  readonly chunkTags?: readonly [offsets: number, byteCounts: number];
  readonly isBigEndian?: boolean;
}

const VALUE_BYTES = { 1: 1, 3: 2, 4: 4, 5: 8, 7: 1 } as const;

/** Header, directory, values, chunks: the last byte of the file is one of the picture. */
export function tiffPicture(parts: TiffParts): Uint8Array {
  const little = parts.isBigEndian !== true;
  const [offsetsTag, countsTag] = parts.chunkTags ?? [273, 279];
  const lengths = parts.chunks.map(({ length }) => length);
  const draft = (starts: readonly number[]): TiffField[] =>
    [
      ...parts.fields,
      ...(starts.length === 0
        ? []
        : ([
            [offsetsTag, 4, starts],
            [countsTag, 4, lengths],
          ] as const)),
    ].toSorted(([a], [b]) => a - b);
  const fields = draft(lengths);
  const outside = fields.reduce((sum, field) => sum + outsideBytes(field), 0);
  const valuesAt = 8 + 2 + 12 * fields.length + 4;
  let end = valuesAt + outside;
  const starts = lengths.map((length) => (end += length) - length);
  const file = new Uint8Array(end);
  const view = new DataView(file.buffer);
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, fields.length, little);
  let at = valuesAt;
  for (const [index, field] of draft(starts).entries()) {
    const [tag, type, values] = field;
    const entry = 10 + 12 * index;
    view.setUint16(entry, tag, little);
    view.setUint16(entry + 2, type, little);
    view.setUint32(entry + 4, type === 5 ? values.length / 2 : values.length, little);
    const isOutside = outsideBytes(field) > 0;
    if (isOutside) view.setUint32(entry + 8, at, little);
    writeValues(view, isOutside ? at : entry + 8, type, values, little);
    at += outsideBytes(field);
  }
  for (const [index, chunk] of parts.chunks.entries()) file.set(chunk, starts[index]);
  return file;
}

function outsideBytes([, type, values]: TiffField): number {
  const count = type === 5 ? values.length / 2 : values.length;
  const byteLength = count * VALUE_BYTES[type];
  return byteLength <= 4 ? 0 : byteLength;
}

function writeValues(
  view: DataView,
  start: number,
  type: TiffField[1],
  values: readonly number[],
  little: boolean,
): void {
  for (const [index, value] of values.entries()) {
    if (type === 3) view.setUint16(start + 2 * index, value, little);
    else if (type === 4 || type === 5) view.setUint32(start + 4 * index, value, little);
    else view.setUint8(start + index, value);
  }
}
