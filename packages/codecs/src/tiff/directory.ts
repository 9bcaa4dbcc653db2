/**
 * The first image file directory of a TIFF (TIFF 6.0, section 2). Counts and offsets are the file's
 * claims: a value is read only where all of it lies inside the file, so no array is longer than that.
 * Directories behind the first are never followed: they cannot loop.
 * @module
 */

import { damaged, truncated, unsupported } from '../refusal.ts';

/** Values of one tag. */
type TagValues = readonly number[];

export interface TiffDirectory {
  /** Integers of a tag; nothing when it is missing or of another type. */
  numbers(tag: number): TagValues | undefined;
  /** The first integer of a tag. */
  number(tag: number): number | undefined;
  /** Bytes of a tag of type BYTE or UNDEFINED. */
  bytes(tag: number): Uint8Array | undefined;
  readonly isLittleEndian: boolean;
}

interface Entry {
  readonly type: number;
  readonly count: number;
  /** Offset of the first value in the file. */
  readonly at: number;
}

const ENTRY_BYTES = 12;
/** Bytes of a value of types 1 to 12; those of no interest here count as well. */
const TYPE_BYTES: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
const BYTE = 1;
const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;

/** Reads the entries; throws `ImageError` for what is no directory, and for BigTIFF. */
export function readDirectory(bytes: Uint8Array): TiffDirectory {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 8) throw truncated('tiff', 'the header ends early');
  const order = view.getUint16(0);
  const isLittleEndian = order === 0x4949;
  const version = view.getUint16(2, isLittleEndian);
  if (!isLittleEndian && order !== 0x4d4d) throw damaged('tiff', 'expected II or MM first');
  if (version === 43) throw unsupported('tiff', 'BigTIFF');
  if (version !== 42) throw damaged('tiff', `expected version 42, got ${version}`);
  const start = view.getUint32(4, isLittleEndian);
  if (start < 8)
    throw damaged('tiff', `expected a directory behind the header, got it at ${start}`);
  if (start + 2 > view.byteLength) throw truncated('tiff', 'the directory lies behind the file');
  const count = view.getUint16(start, isLittleEndian);
  if (start + 2 + count * ENTRY_BYTES > view.byteLength) {
    throw truncated('tiff', `the directory of ${count} entries ends early`);
  }
  const entries = new Map<number, Entry>();
  for (let i = 0; i < count; i++) {
    const at = start + 2 + i * ENTRY_BYTES;
    const entry = readEntry(view, at, isLittleEndian);
    const tag = view.getUint16(at, isLittleEndian);
    if (entry !== undefined && !entries.has(tag)) entries.set(tag, entry);
  }
  return directoryOf(view, entries, isLittleEndian);
}

/** Nothing for a type that does not exist. */
function readEntry(view: DataView, at: number, isLittleEndian: boolean): Entry | undefined {
  const type = view.getUint16(at + 2, isLittleEndian);
  const count = view.getUint32(at + 4, isLittleEndian);
  const valueBytes = TYPE_BYTES[type];
  if (valueBytes === undefined || valueBytes === 0) return undefined;
  const isInside = count * valueBytes <= 4;
  return { type, count, at: isInside ? at + 8 : view.getUint32(at + 8, isLittleEndian) };
}

function directoryOf(
  view: DataView,
  entries: ReadonlyMap<number, Entry>,
  isLittleEndian: boolean,
): TiffDirectory {
  const read = (tag: number, most: number): TagValues | undefined => {
    const entry = entries.get(tag);
    if (entry === undefined) return undefined;
    const { type, at } = entry;
    if (type !== BYTE && type !== SHORT && type !== LONG) return undefined;
    checkInside(view, tag, entry);
    return Array.from({ length: Math.min(entry.count, most) }, (_, i) => {
      if (type === BYTE) return view.getUint8(at + i);
      if (type === SHORT) return view.getUint16(at + 2 * i, isLittleEndian);
      return view.getUint32(at + 4 * i, isLittleEndian);
    });
  };
  return {
    isLittleEndian,
    numbers: (tag) => read(tag, Infinity),
    number: (tag) => read(tag, 1)?.[0],
    bytes(tag) {
      const entry = entries.get(tag);
      if (entry === undefined || (entry.type !== BYTE && entry.type !== UNDEFINED))
        return undefined;
      checkInside(view, tag, entry);
      return new Uint8Array(view.buffer, view.byteOffset + entry.at, entry.count);
    },
  };
}

function checkInside(view: DataView, tag: number, { type, count, at }: Entry): void {
  if (at + count * TYPE_BYTES[type] > view.byteLength) {
    throw truncated('tiff', `tag ${tag} has ${count} values at ${at}, behind the end of the file`);
  }
}
