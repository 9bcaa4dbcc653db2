/**
 * The walk over a JPEG file's markers: everything that is known before a pixel is decoded. It is
 * linear, allocates by what the file holds, and refuses what breaks ITU-T T.81 annex B. The trap:
 * bytes after 0xFF mean one thing between segments and another inside a scan's entropy-coded data.
 * @module
 */

import { type Density, ImageError, type Limits } from '@safelight/core';
import { checkByteLength, damaged, truncated } from '../refusal.ts';
import { assembleIcc, MAX_ICC_CHUNKS } from './icc-chunks.ts';
import {
  decoderFor,
  type DecoderKind,
  isFrameMarker,
  type JpegFrame,
  parseFrame,
  refuseFrameKind,
} from './frame.ts';
import { checkRestarts, type JpegScan, parseScan, refuseMisreadScan } from './scan.ts';
import { checkHuffmanTables, parseQuantizationTables } from './tables.ts';

/** A part of the file that decoding needs: from its marker's 0xFF to its end. */
interface JpegPart {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
}

export interface JpegStructure {
  readonly frame: JpegFrame;
  readonly scans: readonly JpegScan[];
  /** Tables, frame and scan headers with their entropy-coded data, in the file's order. */
  readonly parts: readonly JpegPart[];
  /** By table number, 64 divisors each in natural order. */
  readonly quantizationTables: readonly (Uint16Array | undefined)[];
  /** The colour transform of Adobe's APP14 segment: 0 none, 1 YCbCr, 2 YCCK. */
  readonly adobeTransform: number | undefined;
  readonly hasJfif: boolean;
  readonly density: Density | undefined;
  readonly icc: Uint8Array | undefined;
  /** A TIFF stream, without the segment's name. */
  readonly exif: Uint8Array | undefined;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DQT = 0xdb;
const DHT = 0xc4;
const DRI = 0xdd;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;

/** A hundred scans with tables of their own come to a few hundred; each costs an object. */
const MAX_PARTS = 1_024;

/**
 * Reads the structure; throws `ImageError` for what is damaged, over the limits, or not to be decoded
 * right by the decoder that it goes to.
 */
export function readStructure(
  bytes: Uint8Array,
  limits: Limits,
  decoder: DecoderKind,
): JpegStructure {
  checkByteLength('jpeg', bytes.length, limits);
  const walk = new StructureWalk(bytes, limits, decoder);
  return walk.run();
}

class StructureWalk {
  readonly #bytes: Uint8Array;
  readonly #limits: Limits;
  readonly #wanted: DecoderKind;
  readonly #parts: JpegPart[] = [];
  readonly #scans: JpegScan[] = [];
  readonly #quantizationTables: (Uint16Array | undefined)[] = [];
  readonly #iccChunks: Uint8Array[] = [];
  #frame: JpegFrame | undefined;
  #restartInterval = 0;
  #adobeTransform: number | undefined;
  #hasJfif = false;
  #density: Density | undefined;
  #exif: Uint8Array | undefined;

  constructor(bytes: Uint8Array, limits: Limits, wanted: DecoderKind) {
    this.#bytes = bytes;
    this.#limits = limits;
    this.#wanted = wanted;
  }

  run(): JpegStructure {
    const bytes = this.#bytes;
    if (bytes[0] !== 0xff || bytes[1] !== SOI) throw damaged('jpeg', 'expected SOI at the start');
    let offset = 2;
    for (;;) {
      const start = this.#nextMarker(offset);
      const marker = bytes[start + 1];
      if (marker === EOI) break;
      refuseFrameKind(marker);
      if (marker === SOI) throw damaged('jpeg', `a second SOI at offset ${start}`);
      // RST0-7 and TEM have no length field; outside a scan they mean nothing.
      offset =
        marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7) ? start + 2 : this.#segment(start);
    }
    return this.#finish();
  }

  /** Offset of the next marker's 0xFF. Bytes between segments are skipped, as libjpeg does. */
  #nextMarker(from: number): number {
    const bytes = this.#bytes;
    let at = from;
    for (;;) {
      at = bytes.indexOf(0xff, at);
      if (at < 0 || at + 1 >= bytes.length) {
        throw truncated('jpeg', 'expected EOI, got the end of the bytes');
      }
      // A fill byte (T.81, B.1.1.2) makes way for the next 0xFF; 0xFF00 is no marker.
      if (bytes[at + 1] !== 0xff && bytes[at + 1] !== 0) return at;
      at++;
    }
  }

  /** Takes the segment whose marker stands at `start`; returns where the next one may begin. */
  #segment(start: number): number {
    const bytes = this.#bytes;
    const marker = bytes[start + 1];
    if (start + 4 > bytes.length) throw truncated('jpeg', 'a segment has no length');
    const length = (bytes[start + 2] << 8) | bytes[start + 3];
    if (length < 2) throw damaged('jpeg', `expected a segment length of at least 2, got ${length}`);
    const end = start + 2 + length;
    if (end > bytes.length) {
      throw truncated('jpeg', `a segment ends at ${end}, the bytes at ${bytes.length}`);
    }
    const payload = bytes.subarray(start + 4, end);
    if (marker === SOS) return this.#scan(start, payload, end);
    if (this.#takePixelSegment(marker, payload)) this.#keep({ marker, start, end });
    else this.#takeMetadata(marker, payload);
    return end;
  }

  #keep(part: JpegPart): void {
    if (this.#parts.length === MAX_PARTS) {
      throw damaged('jpeg', `expected at most ${MAX_PARTS} tables and scans, got more`);
    }
    this.#parts.push(part);
  }

  /** Whether the segment is one that decoding needs. */
  #takePixelSegment(marker: number, payload: Uint8Array): boolean {
    if (marker === DQT) {
      const isFixed = this.#scans.length > 0 && this.#isPortable();
      parseQuantizationTables(payload, this.#quantizationTables, isFixed);
    } else if (marker === DHT) {
      checkHuffmanTables(payload);
    } else if (marker === DRI) {
      if (payload.length !== 2) throw damaged('jpeg', 'expected a restart interval of two bytes');
      this.#restartInterval = (payload[0] << 8) | payload[1];
    } else if (isFrameMarker(marker)) {
      if (this.#frame !== undefined) throw damaged('jpeg', 'expected one frame, got a second one');
      this.#frame = parseFrame(marker, payload, this.#limits);
    } else {
      return false;
    }
    return true;
  }

  #isPortable(): boolean {
    return this.#frame === undefined || decoderFor(this.#frame, this.#wanted) === 'portable';
  }

  #takeMetadata(marker: number, payload: Uint8Array): void {
    if (marker === APP0 && startsWith(payload, 'JFIF\0') && payload.length >= 12) {
      this.#hasJfif = true;
      this.#density ??= jfifDensity(payload);
    } else if (marker === APP1 && startsWith(payload, 'Exif\0') && payload.length > 6) {
      this.#exif ??= payload.subarray(6);
    } else if (marker === APP2 && startsWith(payload, 'ICC_PROFILE\0')) {
      // One more than there can be is enough to know that the set is wrong.
      if (this.#iccChunks.length <= MAX_ICC_CHUNKS) this.#iccChunks.push(payload.subarray(12));
    } else if (marker === APP14 && startsWith(payload, 'Adobe') && payload.length >= 12) {
      this.#adobeTransform ??= payload[11];
    }
  }

  #scan(start: number, payload: Uint8Array, dataStart: number): number {
    if (this.#frame === undefined) throw damaged('jpeg', 'a scan comes before the frame header');
    if (this.#scans.length === this.#limits.maxScans) {
      throw new ImageError(
        'LimitExceeded',
        'too-many-scans',
        `jpeg: expected at most ${this.#limits.maxScans} scans, got more`,
      );
    }
    const scan = parseScan(this.#bytes, payload, dataStart, this.#frame, this.#restartInterval);
    checkRestarts(this.#frame, scan);
    if (this.#isPortable()) refuseMisreadScan(this.#frame, scan);
    this.#scans.push(scan);
    this.#keep({ marker: SOS, start, end: scan.dataEnd });
    return scan.dataEnd;
  }

  #finish(): JpegStructure {
    const frame = this.#frame;
    if (frame === undefined) throw damaged('jpeg', 'expected a frame header, got none');
    for (const component of frame.components) {
      if (!this.#scans.some((scan) => scan.components.includes(component))) {
        throw truncated('jpeg', `component ${component.id} is in no scan`);
      }
      if (this.#quantizationTables[component.table] === undefined) {
        throw damaged('jpeg', `quantisation table ${component.table} is missing`);
      }
    }
    return {
      frame,
      scans: this.#scans,
      parts: this.#parts,
      quantizationTables: this.#quantizationTables,
      adobeTransform: this.#adobeTransform,
      hasJfif: this.#hasJfif,
      density: this.#density,
      icc: assembleIcc(this.#iccChunks),
      exif: this.#exif,
    };
  }
}

/** JFIF 1.02: units at offset 7, then both densities, two bytes each. */
function jfifDensity(payload: Uint8Array): Density | undefined {
  const unit = payload[7];
  const x = (payload[8] << 8) | payload[9];
  const y = (payload[10] << 8) | payload[11];
  if ((unit !== 0 && unit !== 1 && unit !== 2) || x === 0 || y === 0) return undefined;
  return { unit, x, y };
}

function startsWith(payload: Uint8Array, name: string): boolean {
  if (payload.length < name.length) return false;
  for (let i = 0; i < name.length; i++) {
    if (payload[i] !== name.charCodeAt(i)) return false;
  }
  return true;
}
