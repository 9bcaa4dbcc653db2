/**
 * EXIF: a walk over the directories of a TIFF stream (TIFF 6.0, section 2; EXIF 2.31, 4.6). Every
 * offset in it is the file's claim: directories are visited once, entries and texts are bounded, and
 * what does not fit is left out. EXIF never makes a picture unreadable.
 * @module
 */

import type { Density, Orientation } from '@safelight/core';
import {
  EXIF_POINTER,
  GPS_POINTER,
  ORIENTATION,
  RESOLUTION_UNIT,
  type TagNames,
  tagNamesOf,
  X_RESOLUTION,
  Y_RESOLUTION,
} from './tags.ts';
import { printGps, printValue, type ExifValue, readValue } from './values.ts';

export interface Exif {
  /** 1 when there is none, or none that EXIF knows. */
  readonly orientation: Orientation;
  /** Of IFD0, per inch or per centimetre, when it is whole and in range. */
  readonly density: Density | undefined;
  /**
   * Text by tag name: directories in the order IFD0, Exif, GPS, IFD1, a later one winning a name.
   * Rationals are `n/d`, several values and bytes stand with blanks between them.
   */
  readonly tags: Readonly<Record<string, string>>;
}

/** Real directories have some fifty entries; a hostile one has 65,535. */
const MAX_ENTRIES = 512;
/** Of all values together, in characters. */
const MAX_TEXT = 65_536;
const ENTRY_BYTES = 12;

/** Reads a TIFF stream (`II` or `MM` first). Damage shortens the result; nothing is thrown. */
export function readExif(stream: Uint8Array): Exif {
  const walk = new ExifWalk(stream);
  return walk.run();
}

class ExifWalk {
  readonly #view: DataView;
  #littleEndian = false;
  readonly #visited = new Set<number>();
  readonly #tags = new Map<string, string>();
  #textLength = 0;
  #orientation: Orientation = 1;
  #across: number | undefined;
  #down: number | undefined;
  /** Inches, unless the stream says otherwise (TIFF 6.0, ResolutionUnit). */
  #resolutionUnit = 2;

  constructor(stream: Uint8Array) {
    this.#view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  }

  run(): Exif {
    const first = this.#header();
    if (first !== undefined) {
      const main = this.#directory(first, 'main');
      if (main.exif !== undefined) this.#directory(main.exif, 'exif');
      if (main.gps !== undefined) this.#directory(main.gps, 'gps');
      if (main.next !== undefined) this.#directory(main.next, 'thumbnail');
    }
    return {
      orientation: this.#orientation,
      density: this.#density(),
      tags: Object.fromEntries(this.#tags),
    };
  }

  /** Offset of the first directory, when the stream begins as a TIFF does. */
  #header(): number | undefined {
    const view = this.#view;
    if (view.byteLength < 8) return undefined;
    const order = view.getUint16(0);
    if (order !== 0x4949 && order !== 0x4d4d) return undefined;
    this.#littleEndian = order === 0x4949;
    if (view.getUint16(2, this.#littleEndian) !== 42) return undefined;
    return view.getUint32(4, this.#littleEndian);
  }

  #directory(offset: number, names: TagNames): { exif?: number; gps?: number; next?: number } {
    const view = this.#view;
    const found: { exif?: number; gps?: number; next?: number } = {};
    if (offset < 8 || offset + 2 > view.byteLength || this.#visited.has(offset)) return found;
    this.#visited.add(offset);
    const count = view.getUint16(offset, this.#littleEndian);
    for (let i = 0; i < Math.min(count, MAX_ENTRIES); i++) {
      const at = offset + 2 + i * ENTRY_BYTES;
      if (at + ENTRY_BYTES > view.byteLength) return found;
      const tag = view.getUint16(at, this.#littleEndian);
      const value = readValue(view, at, this.#littleEndian);
      if (value === undefined) continue;
      const number = value.numbers?.[0];
      if (names === 'main' && tag === EXIF_POINTER && number !== undefined) found.exif = number;
      if (names === 'main' && tag === GPS_POINTER && number !== undefined) found.gps = number;
      if (names === 'main') this.#describe(tag, value);
      this.#keep(names, tag, value);
    }
    const next = offset + 2 + count * ENTRY_BYTES;
    if (next + 4 <= view.byteLength) {
      const target = view.getUint32(next, this.#littleEndian);
      if (target !== 0) found.next = target;
    }
    return found;
  }

  /** Takes what matters of IFD0 beside its text. */
  #describe(tag: number, value: ExifValue): void {
    const number = value.numbers?.[0];
    if (tag === ORIENTATION && number !== undefined && isOrientation(number)) {
      this.#orientation = number;
    } else if (tag === RESOLUTION_UNIT && number !== undefined) {
      this.#resolutionUnit = number;
    } else if (tag === X_RESOLUTION) {
      this.#across = roundedRatio(value);
    } else if (tag === Y_RESOLUTION) {
      this.#down = roundedRatio(value);
    }
  }

  #density(): Density | undefined {
    const x = this.#across;
    const y = this.#down;
    const unit = this.#resolutionUnit - 1;
    if (x === undefined || y === undefined || (unit !== 0 && unit !== 1 && unit !== 2)) {
      return undefined;
    }
    return { unit, x, y };
  }

  #keep(names: TagNames, tag: number, value: ExifValue): void {
    const name = tagNamesOf(names).get(tag);
    if (name === undefined) return;
    const text = (names === 'gps' ? printGps(name, value) : undefined) ?? printValue(value);
    if (this.#textLength + text.length > MAX_TEXT) return;
    this.#textLength += text.length;
    this.#tags.set(name, text);
  }
}

function isOrientation(value: number): value is Orientation {
  return Number.isInteger(value) && value >= 1 && value <= 8;
}

/** Largest density that JFIF can name. */
const MAX_DENSITY = 65_535;

function roundedRatio({ rationals }: ExifValue): number | undefined {
  const [numerator, denominator] = rationals?.[0] ?? [0, 1];
  const rounded = Math.round(numerator / denominator);
  return rounded >= 1 && rounded <= MAX_DENSITY ? rounded : undefined;
}
