/**
 * The walk over a JPEG file's markers: everything that is known before a pixel is decoded. It is
 * linear, allocates by what the file holds, and refuses what breaks ITU-T T.81 annex B. The trap:
 * bytes after 0xFF mean one thing between segments and another inside a scan's entropy-coded data.
 * @module
 */

import { ImageError, type Limits } from '@safelight/core';
import {
  type JpegLayout,
  type JpegMetadata,
  readJpegLayout,
  readJpegMetadata,
} from '@safelight/jpeg';
import { checkByteLength, damaged, truncated } from '../refusal.ts';
import {
  type DecoderKind,
  type FrameComponent,
  isFrameMarker,
  type JpegFrame,
  parseFrame,
  refuseFrameKind,
} from './frame.ts';
import {
  checkRestarts,
  type JpegScan,
  parseScanComponents,
  refuseMisreadScan,
  walkEntropyData,
} from './scan.ts';
import { checkHuffmanTables, parseQuantizationTables } from './tables.ts';

/** A part of the file that decoding needs: from its marker's 0xFF to its end. */
interface JpegPart {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
}

export interface JpegStructure {
  readonly frame: JpegFrame;
  /** How many scans there are. */
  readonly scanCount: number;
  /** The scans that were walked over. */
  readonly scans: readonly JpegScan[];
  /** Tables, frame and scan headers with their entropy-coded data, in the file's order. */
  readonly parts: readonly JpegPart[];
  /** The frame as our own decoder reads it, with what JFIF and Adobe say of its colours. */
  readonly layout: JpegLayout;
  readonly metadata: JpegMetadata;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DQT = 0xdb;
const DHT = 0xc4;
const DRI = 0xdd;
const APP0 = 0xe0;
const APP15 = 0xef;
const COM = 0xfe;

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
  readonly #decoder: DecoderKind;
  readonly #parts: JpegPart[] = [];
  readonly #scans: JpegScan[] = [];
  readonly #scanned = new Set<FrameComponent>();
  readonly #quantizationTables: (Uint16Array | undefined)[] = [];
  #frame: JpegFrame | undefined;
  #restartInterval = 0;
  #scanCount = 0;

  constructor(bytes: Uint8Array, limits: Limits, decoder: DecoderKind) {
    this.#bytes = bytes;
    this.#limits = limits;
    this.#decoder = decoder;
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
      const isBare = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
      const end = isBare ? start + 2 : this.#segment(start);
      if (end === undefined) break;
      offset = end;
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

  /**
   * Takes the segment whose marker stands at `start`; returns where the next one may begin, or
   * nothing when the rest need not be looked at.
   */
  #segment(start: number): number | undefined {
    const bytes = this.#bytes;
    const marker = bytes[start + 1];
    if (start + 4 > bytes.length) throw truncated('jpeg', 'a segment has no length');
    const length = (bytes[start + 2] << 8) | bytes[start + 3];
    // libjpeg passes over comments and application data of a nonsensical length, and files have them.
    if (length < 2 && isCommentary(marker)) return start + 4;
    if (length < 2) throw damaged('jpeg', `expected a segment length of at least 2, got ${length}`);
    const end = start + 2 + length;
    if (end > bytes.length) {
      throw truncated('jpeg', `a segment ends at ${end}, the bytes at ${bytes.length}`);
    }
    const payload = bytes.subarray(start + 4, end);
    if (marker === SOS) return this.#scan(start, payload, end);
    if (this.#takePixelSegment(marker, payload)) this.#keep({ marker, start, end });
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
      const isFixed = this.#scans.length > 0 && this.#decoder === 'portable';
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

  #scan(start: number, payload: Uint8Array, dataStart: number): number | undefined {
    const frame = this.#frame;
    if (frame === undefined) throw damaged('jpeg', 'a scan comes before the frame header');
    if (this.#scanCount === this.#limits.maxScans) {
      throw new ImageError(
        'LimitExceeded',
        'too-many-scans',
        `jpeg: expected at most ${this.#limits.maxScans} scans, got more`,
      );
    }
    const components = parseScanComponents(payload, frame);
    this.#scanCount++;
    for (const component of components) this.#scanned.add(component);
    const isPortable = this.#decoder === 'portable';
    // Our own decoder finds out by itself whether the one scan of such a file is whole; a walk over
    // its data takes a fifteenth of a decode at 1/8.
    const isOnly = !frame.progressive && components.length === frame.components.length;
    if (!isPortable && isOnly && this.#scanCount === 1) return undefined;
    const data = walkEntropyData(this.#bytes, dataStart);
    const scan = { components, restartInterval: this.#restartInterval, ...data };
    checkRestarts(frame, scan);
    if (isPortable) refuseMisreadScan(frame, scan);
    this.#scans.push(scan);
    this.#keep({ marker: SOS, start, end: scan.dataEnd });
    return scan.dataEnd;
  }

  #finish(): JpegStructure {
    const frame = this.#frame;
    if (frame === undefined) throw damaged('jpeg', 'expected a frame header, got none');
    for (const component of frame.components) {
      if (!this.#scanned.has(component)) {
        throw truncated('jpeg', `component ${component.id} is in no scan`);
      }
      if (this.#quantizationTables[component.table] === undefined) {
        throw damaged('jpeg', `quantisation table ${component.table} is missing`);
      }
    }
    return {
      frame,
      scanCount: this.#scanCount,
      scans: this.#scans,
      parts: this.#parts,
      layout: readJpegLayout(this.#bytes),
      metadata: readJpegMetadata(this.#bytes),
    };
  }
}

/** APP0 to APP15, and COM. */
function isCommentary(marker: number): boolean {
  return (marker >= APP0 && marker <= APP15) || marker === COM;
}
