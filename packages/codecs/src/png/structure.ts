/**
 * The walk over a PNG file's chunks: everything that is known before a pixel is decoded. Chunks that
 * pixels depend on are checked, CRC and order included; of all others a damaged one is as good as
 * absent. The trap: sizes here are 32-bit claims, so no product of them may be trusted before
 * `checkSize` has seen them.
 * @module
 */

import type { Calibration, Density, Limits } from '@safelight/core';
import type { Crc32 } from '../crc32.ts';
import { checkByteLength, damaged, truncated, unsupported } from '../refusal.ts';
import { isPng, PNG_SIGNATURE } from '../sniff.ts';
import { calibrationOf, type ColorChunks } from './calibration.ts';
import { type PngFrame, parseFrame } from './frame.ts';

/** One chunk of the file: `start` is where its length field stands, `end` is behind its CRC. */
interface PngChunk {
  readonly start: number;
  readonly end: number;
}

export interface PngStructure {
  readonly frame: PngFrame;
  /** Colour triples; present for palette pictures. */
  readonly palette: Uint8Array | undefined;
  /** Contents of `tRNS`, when it fits the picture. */
  readonly transparency: Uint8Array | undefined;
  /** What decoding needs: IHDR, PLTE and tRNS where they count, every IDAT. */
  readonly chunks: readonly PngChunk[];
  readonly dataChunks: readonly PngChunk[];
  /** Contents of `iCCP`, still compressed. */
  readonly icc: Uint8Array | undefined;
  /** What the other colour chunks say. */
  readonly calibration: Calibration | undefined;
  /** A TIFF stream. */
  readonly exif: Uint8Array | undefined;
  readonly density: Density | undefined;
}

/** Length, type and CRC of a chunk. */
const CHUNK_FRAME_BYTES = 12;
/** PNG, 5.3: a length has 31 bits. */
const MAX_CHUNK_BYTES = 0x7fff_ffff;
/** Each costs objects of a hundred bytes, here and in pngjs; 100 MB in chunks of 8 KB are 12,000. */
const MAX_DATA_CHUNKS = 131_072;

/**
 * Reads the structure; throws `ImageError` for what is damaged, unsupported or over the limits.
 * The checksum is the caller's, since the fastest one is not in every runtime.
 */
export function readStructure(bytes: Uint8Array, limits: Limits, crc32: Crc32): PngStructure {
  checkByteLength('png', bytes.length, limits);
  if (!isPng(bytes)) throw damaged('png', 'expected the PNG signature');
  return new ChunkWalk(bytes, limits, crc32).run();
}

class ChunkWalk {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #limits: Limits;
  readonly #crc32: Crc32;
  readonly #chunks: PngChunk[] = [];
  readonly #dataChunks: PngChunk[] = [];
  #frame: PngFrame | undefined;
  #palette: Uint8Array | undefined;
  #transparency: Uint8Array | undefined;
  #dataEnded = false;
  #icc: Uint8Array | undefined;
  readonly #colors: ColorChunks = {};
  #exif: Uint8Array | undefined;
  #density: Density | undefined;

  constructor(bytes: Uint8Array, limits: Limits, crc32: Crc32) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#limits = limits;
    this.#crc32 = crc32;
  }

  run(): PngStructure {
    const bytes = this.#bytes;
    let start = PNG_SIGNATURE.length;
    for (;;) {
      if (start + CHUNK_FRAME_BYTES > bytes.length) {
        throw truncated('png', 'expected IEND, got the end of the bytes');
      }
      const length = this.#view.getUint32(start);
      const type = String.fromCharCode(...bytes.subarray(start + 4, start + 8));
      if (!/^[A-Za-z]{4}$/.test(type)) throw damaged('png', `a chunk type at ${start} is no word`);
      if (length > MAX_CHUNK_BYTES) throw damaged('png', `${type} claims ${length} bytes`);
      const end = start + CHUNK_FRAME_BYTES + length;
      if (end > bytes.length) {
        throw truncated('png', `${type} ends at ${end}, the bytes at ${bytes.length}`);
      }
      this.#take(type, { start, end });
      if (type === 'IEND') return this.#finish();
      start = end;
    }
  }

  #take(type: string, chunk: PngChunk): void {
    const payload = this.#bytes.subarray(chunk.start + 8, chunk.end - 4);
    if ((this.#frame === undefined) !== (type === 'IHDR')) {
      throw damaged('png', `expected one IHDR, at the start, got ${type}`);
    }
    // The fifth bit of the first letter marks what may be skipped (PNG, 5.4).
    const isCritical = type.charCodeAt(0) < 0x60;
    const isIntact =
      this.#crc32(this.#bytes.subarray(chunk.start + 4, chunk.end - 4)) ===
      this.#view.getUint32(chunk.end - 4);
    if (!isIntact) {
      if (isCritical || type === 'tRNS') throw damaged('png', `the CRC of ${type} is wrong`);
      return;
    }
    if (this.#dataChunks.length > 0 && type !== 'IDAT') this.#dataEnded = true;
    if (isCritical) this.#takeCritical(type, chunk, payload);
    else this.#takeAncillary(type, chunk, payload);
  }

  #takeCritical(type: string, chunk: PngChunk, payload: Uint8Array): void {
    switch (type) {
      case 'IHDR':
        this.#frame = parseFrame(payload, this.#limits);
        this.#chunks.push(chunk);
        return;
      case 'PLTE':
        this.#takePalette(chunk, payload);
        return;
      case 'IDAT':
        if (this.#dataEnded) throw damaged('png', 'another chunk stands between IDAT chunks');
        this.#takeData(chunk, payload);
        return;
      case 'IEND':
        return;
      default:
        throw unsupported('png', `expected known critical chunks, got ${type}`);
    }
  }

  #takeData(chunk: PngChunk, payload: Uint8Array): void {
    // Empty ones count as data, but one of them is enough.
    if (payload.length === 0 && this.#dataChunks.length > 0) return;
    if (this.#dataChunks.length === MAX_DATA_CHUNKS) {
      throw unsupported('png', `expected at most ${MAX_DATA_CHUNKS} IDAT chunks, got more`);
    }
    this.#dataChunks.push(chunk);
  }

  #takePalette(chunk: PngChunk, payload: Uint8Array): void {
    // In colour pictures it only suggests a palette, in grey ones libpng ignores it too.
    if (this.#frame?.colorType !== 3) return;
    if (this.#palette !== undefined) throw damaged('png', 'expected one PLTE, got a second one');
    if (this.#dataChunks.length > 0) throw damaged('png', 'PLTE comes after IDAT');
    const entries = payload.length / 3;
    if (!Number.isInteger(entries) || entries < 1 || entries > 256) {
      throw damaged('png', `PLTE has ${payload.length} bytes, expected 3 to 768 in threes`);
    }
    this.#palette = payload;
    this.#chunks.push(chunk);
  }

  #takeAncillary(type: string, chunk: PngChunk, payload: Uint8Array): void {
    if (type === 'tRNS') {
      this.#takeTransparency(chunk, payload);
    } else if (type === 'iCCP') {
      this.#icc ??= payload;
    } else if (type === 'eXIf') {
      this.#exif ??= payload;
    } else if (type === 'cICP' || type === 'sRGB' || type === 'cHRM' || type === 'gAMA') {
      // Behind the pixels they would come too late for whoever shows them as they arrive.
      if (this.#dataChunks.length === 0) this.#colors[type] ??= payload;
    } else if (type === 'pHYs' && payload.length === 9) {
      this.#density ??= physicalDensity(payload);
    }
  }

  /** Takes a `tRNS` of the right length in the right place; libpng ignores all others as well. */
  #takeTransparency(chunk: PngChunk, payload: Uint8Array): void {
    if (this.#transparency !== undefined || this.#dataChunks.length > 0) return;
    const colorType = this.#frame?.colorType;
    const paletteEntries = (this.#palette?.length ?? 0) / 3;
    const isFitting =
      (colorType === 0 && payload.length === 2) ||
      (colorType === 2 && payload.length === 6) ||
      (colorType === 3 && payload.length > 0 && payload.length <= paletteEntries);
    if (!isFitting) return;
    this.#transparency = payload;
    this.#chunks.push(chunk);
  }

  #finish(): PngStructure {
    const frame = this.#frame;
    if (frame === undefined || this.#dataChunks.length === 0) {
      throw damaged('png', 'expected IDAT before IEND, got none');
    }
    if (frame.colorType === 3 && this.#palette === undefined) {
      throw damaged('png', 'expected PLTE in a palette picture, got none');
    }
    return {
      frame,
      palette: this.#palette,
      transparency: this.#transparency,
      chunks: [...this.#chunks, ...this.#dataChunks],
      dataChunks: this.#dataChunks,
      icc: this.#icc,
      calibration: calibrationOf(this.#colors),
      exif: this.#exif,
      density: this.#density,
    };
  }
}

/** Inches in a metre, reciprocal. */
const METRES_PER_INCH = 0.0254;

/** PNG, 11.3.5.3: pixels per metre, or an aspect ratio. Per inch here, which loses least. */
function physicalDensity(payload: Uint8Array): Density | undefined {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const isMetric = payload[8] === 1;
  const scale = isMetric ? METRES_PER_INCH : 1;
  const x = Math.round(view.getUint32(0) * scale);
  const y = Math.round(view.getUint32(4) * scale);
  if (x < 1 || y < 1 || x > 65_535 || y > 65_535) return undefined;
  return { unit: isMetric ? 1 : 0, x, y };
}
