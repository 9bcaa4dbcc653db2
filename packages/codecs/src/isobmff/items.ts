/**
 * The items of a HEIF file (ISO/IEC 14496-12, 8.11): what is in it, where its bytes lie, how items
 * refer to each other, which properties each has. All counts are the file's claims, so all are capped.
 * @module
 */

import { type Box, type BoxReader, walkBoxes } from './boxes.ts';
import { type HeifProperty, readProperties } from './properties.ts';

export interface HeifItem {
  readonly id: number;
  /** `av01`, `hvc1`, `grid`, `Exif` and so on. */
  readonly type: string;
  readonly extents: readonly Extent[];
  readonly properties: readonly HeifProperty[];
  /** Whether it has a property that must be understood and is not known here. */
  readonly isForeign: boolean;
}

/** Bytes of the file. */
interface Extent {
  readonly start: number;
  readonly end: number;
}

interface HeifReference {
  readonly kind: string;
  readonly from: number;
  readonly to: readonly number[];
}

export interface HeifItems {
  readonly primary: HeifItem;
  readonly items: ReadonlyMap<number, HeifItem>;
  readonly references: readonly HeifReference[];
}

/** Of items, references, extents and associations together: tiles of a large grid have four each. */
const MAX_ENTRIES = 65_536;

/**
 * Reads the first `meta` of a file; nothing when there are films alone. Throws `ImageError` for damage.
 */
export function readItems(source: BoxReader): HeifItems | undefined {
  let meta: Box | undefined;
  let hasFilm = false;
  for (const box of walkBoxes(source, 0, source.bytes.length)) {
    if (box.name === 'meta') meta ??= box;
    hasFilm ||= box.name === 'moov';
  }
  if (meta !== undefined) return new MetaWalk(source).run(meta);
  if (!hasFilm) throw source.truncated('the file ends before its pictures');
  return undefined;
}

class MetaWalk {
  readonly #source: BoxReader;
  readonly #types = new Map<number, string>();
  readonly #extents = new Map<number, readonly Extent[]>();
  readonly #associations = new Map<number, readonly number[]>();
  readonly #references: HeifReference[] = [];
  #properties: readonly HeifProperty[] = [];
  #primary: number | undefined;
  #entries = 0;

  constructor(source: BoxReader) {
    this.#source = source;
  }

  run(meta: Box): HeifItems | undefined {
    const boxes = [...walkBoxes(this.#source, meta.start + 4, meta.end)];
    const data = boxes.find(({ name }) => name === 'idat');
    for (const box of boxes) this.#take(box, data);
    if (this.#primary === undefined) return undefined;
    const items = new Map([...this.#types].map(([id, type]) => [id, this.#itemOf(id, type)]));
    const primary = items.get(this.#primary);
    if (primary === undefined) throw this.#source.damaged('expected a primary picture, got none');
    return { primary, items, references: this.#references };
  }

  #itemOf(id: number, type: string): HeifItem {
    const properties: HeifProperty[] = [];
    let isForeign = false;
    for (const association of this.#associations.get(id) ?? []) {
      const isEssential = association < 0;
      // Counted from 1; 0 stands for none.
      const index = Math.abs(association) - 1;
      if (index < 0) continue;
      const property = this.#properties[index];
      if (property === undefined) throw this.#source.damaged(`expected property ${index + 1}`);
      properties.push(property);
      isForeign ||= isEssential && property.kind === 'unknown';
    }
    return { id, type, extents: this.#extents.get(id) ?? [], properties, isForeign };
  }

  #take(box: Box, data: Box | undefined): void {
    const source = this.#source;
    const version = (): number => source.uint8(box.start);
    if (box.name === 'pitm') {
      this.#primary ??= source.uint(box.start + 4, version() === 0 ? 2 : 4);
    } else if (box.name === 'iinf') {
      this.#takeTypes(box, version());
    } else if (box.name === 'iloc') {
      this.#takeLocations(box, version(), data);
    } else if (box.name === 'iref') {
      this.#takeReferences(box, version() === 0 ? 2 : 4);
    } else if (box.name === 'iprp') {
      this.#takeProperties(box);
    }
  }

  /** Counts what is about to be kept. */
  #count(entries: number): void {
    this.#entries += entries;
    if (this.#entries > MAX_ENTRIES) {
      throw this.#source.damaged(`expected at most ${MAX_ENTRIES} entries, got more`);
    }
  }

  #takeTypes({ start, end }: Box, version: number): void {
    const from = start + 4 + (version === 0 ? 2 : 4);
    for (const box of walkBoxes(this.#source, from, end)) {
      const entryVersion = this.#source.uint8(box.start);
      if (box.name !== 'infe' || entryVersion < 2) continue;
      this.#count(1);
      const idBytes = entryVersion === 2 ? 2 : 4;
      const id = this.#source.uint(box.start + 4, idBytes);
      // Behind the id stands a protection of two bytes.
      this.#types.set(id, this.#source.name(box.start + 4 + idBytes + 2));
    }
  }

  #takeLocations({ start, end }: Box, version: number, data: Box | undefined): void {
    const source = this.#source;
    const sizes = source.uint16(start + 4);
    const [offsetBytes, lengthBytes, baseBytes] = [
      sizes >> 12,
      (sizes >> 8) & 15,
      (sizes >> 4) & 15,
    ];
    const indexBytes = version === 0 ? 0 : sizes & 15;
    const idBytes = version < 2 ? 2 : 4;
    let at = start + 6 + idBytes;
    const count = source.uint(start + 6, idBytes);
    this.#count(count);
    for (let i = 0; i < count; i++) {
      const id = source.uint(at, idBytes);
      at += idBytes;
      const method = version === 0 ? 0 : source.uint16(at) & 15;
      // Behind the method stands an index of another file, which is never looked at.
      at += version === 0 ? 2 : 4;
      const base = source.uint(at, baseBytes);
      at += baseBytes;
      const extentCount = source.uint16(at);
      at += 2;
      this.#count(extentCount);
      const extents: Extent[] = [];
      for (let n = 0; n < extentCount; n++) {
        const offset = base + source.uint(at + indexBytes, offsetBytes);
        const length = source.uint(at + indexBytes + offsetBytes, lengthBytes);
        at += indexBytes + offsetBytes + lengthBytes;
        extents.push(this.#extent(method, offset, length, data));
      }
      if (at > end) throw source.truncated('a box ends early');
      if (!this.#extents.has(id)) this.#extents.set(id, extents);
    }
  }

  #extent(method: number, offset: number, length: number, data: Box | undefined): Extent {
    const whole = method === 1 ? data : { start: 0, end: this.#source.bytes.length };
    // Bytes of other items are refused when they are asked for.
    if (method > 1 || whole === undefined) return { start: 0, end: -1 };
    const start = whole.start + offset;
    const end = length === 0 ? whole.end : start + length;
    if (end > whole.end) {
      throw this.#source.truncated(`expected ${end} bytes, got ${whole.end}`);
    }
    return { start, end };
  }

  #takeReferences({ start, end }: Box, idBytes: number): void {
    const source = this.#source;
    for (const box of walkBoxes(source, start + 4, end)) {
      const count = source.uint16(box.start + idBytes);
      this.#count(count);
      const first = box.start + idBytes + 2;
      if (first + count * idBytes > box.end) throw source.truncated('a reference ends early');
      const to = Array.from({ length: count }, (_, i) => source.uint(first + i * idBytes, idBytes));
      this.#references.push({ kind: box.name, from: source.uint(box.start, idBytes), to });
    }
  }

  #takeProperties({ start, end }: Box): void {
    for (const box of walkBoxes(this.#source, start, end)) {
      if (box.name === 'ipco') this.#properties = readProperties(this.#source, box);
      if (box.name === 'ipma') this.#takeAssociations(box);
    }
  }

  /** Essential ones are kept with a minus sign. */
  #takeAssociations({ start, end }: Box): void {
    const source = this.#source;
    const idBytes = source.uint8(start) < 1 ? 2 : 4;
    const isWide = (source.uint8(start + 3) & 1) === 1;
    const count = source.uint32(start + 4);
    this.#count(count);
    let at = start + 8;
    for (let i = 0; i < count; i++) {
      const id = source.uint(at, idBytes);
      const associations = source.uint8(at + idBytes);
      at += idBytes + 1;
      this.#count(associations);
      const list: number[] = [];
      for (let n = 0; n < associations; n++) {
        const value = isWide ? source.uint16(at) : source.uint8(at);
        const essential = isWide ? 0x8000 : 0x80;
        list.push(value >= essential ? essential - value : value);
        at += isWide ? 2 : 1;
      }
      if (at > end) throw source.truncated('a box ends early');
      this.#associations.set(id, [...(this.#associations.get(id) ?? []), ...list]);
    }
  }
}

/**
 * The bytes of an item, joined when they lie apart. Extents may overlap, so they could be more than
 * the file has: that is damage.
 */
export function itemBytes(source: BoxReader, { extents }: HeifItem): Uint8Array {
  const { bytes } = source;
  let length = 0;
  for (const { start, end } of extents) {
    if (end < start) throw source.damaged('expected bytes of this file, got those of another item');
    length += end - start;
  }
  if (length > bytes.length) throw source.damaged(`expected ${bytes.length} bytes, got ${length}`);
  const [first] = extents;
  if (extents.length === 1 && first !== undefined) return bytes.subarray(first.start, first.end);
  const joined = new Uint8Array(length);
  let at = 0;
  for (const { start, end } of extents) {
    joined.set(bytes.subarray(start, end), at);
    at += end - start;
  }
  return joined;
}
