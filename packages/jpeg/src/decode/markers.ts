/**
 * The segments of a JPEG file, one after the other. Bytes between segments are garbage and passed
 * over, and so is what a scan leaves unread; only the length of a segment can lead astray, and it is
 * checked against the file.
 * @module
 */

import { ImageError } from '@safelight/core';

/** A marker and where its payload lies in the file. */
export interface Segment {
  /** The second byte of the marker. */
  readonly code: number;
  /** Where the marker itself stands. */
  readonly at: number;
  readonly start: number;
  /** One past the last byte; equal to `start` for markers without a payload. */
  readonly end: number;
}

const SOI = 0xd8;
export const EOI = 0xd9;
export const SOS = 0xda;
export const DQT = 0xdb;
export const DHT = 0xc4;
export const DRI = 0xdd;
export const APP0 = 0xe0;
export const APP1 = 0xe1;
export const APP2 = 0xe2;
export const APP14 = 0xee;
const TEM = 0x01;
const DNL = 0xdc;
const DHP = 0xde;
const EXP = 0xdf;

/** Frames and conditions of ITU T.81 that are refused, by name (table B.1). */
const REFUSED: ReadonlyMap<number, string> = new Map([
  [0xc3, 'lossless'],
  [0xc5, 'hierarchical'],
  [0xc6, 'hierarchical progressive'],
  [0xc7, 'hierarchical lossless'],
  [0xc8, 'an extension (JPG)'],
  [0xc9, 'arithmetic coding'],
  [0xca, 'progressive with arithmetic coding'],
  [0xcb, 'lossless with arithmetic coding'],
  [0xcc, 'arithmetic coding (DAC)'],
  [0xcd, 'hierarchical with arithmetic coding'],
  [0xce, 'hierarchical progressive with arithmetic coding'],
  [0xcf, 'hierarchical lossless with arithmetic coding'],
  [DNL, 'a height defined after the first scan (DNL)'],
  [DHP, 'hierarchical (DHP)'],
  [EXP, 'hierarchical (EXP)'],
]);

/** Whether a marker begins a frame that is decoded: baseline, extended sequential or progressive. */
export function isFrame(code: number): boolean {
  return code >= 0xc0 && code <= 0xc2;
}

export function damaged(message: string): ImageError {
  return new ImageError('BadImage', 'damaged', `jpeg: ${message}`);
}

export function truncated(message: string): ImageError {
  return new ImageError('BadImage', 'truncated', `jpeg: ${message}`);
}

export function unsupported(message: string): ImageError {
  return new ImageError('UnsupportedFormat', 'unsupported-kind', `jpeg: ${message}`);
}

/**
 * The next segment from `from` on; undefined when the file ends first.
 *
 * @throws ImageError UnsupportedFormat for markers of kinds that are refused; BadImage
 */
export function nextSegment(bytes: Uint8Array, from: number): Segment | undefined {
  let at = from;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0) return undefined;
    const code = bytes[at + 1];
    if (code === undefined) return undefined;
    // Fill bytes, stuffing and restart markers (of data nobody reads), and TEM carry nothing.
    if (code === 0xff) {
      at++;
    } else if (code === 0 || code === TEM || (code >= 0xd0 && code <= 0xd7)) {
      at += 2;
    } else {
      return segmentAt(bytes, at, code);
    }
  }
}

function segmentAt(bytes: Uint8Array, at: number, code: number): Segment {
  const refused = REFUSED.get(code);
  if (refused !== undefined) {
    throw unsupported(`expected baseline, extended sequential or progressive, got ${refused}`);
  }
  const start = at + 2;
  if (code === EOI) return { code, at, start, end: start };
  if (code === SOI) throw damaged(`expected one picture, got a second SOI at byte ${at}`);
  if (start + 2 > bytes.length) throw truncated('expected the length of a segment, got the end');
  const length = (bytes[start] << 8) | bytes[start + 1];
  // libjpeg passes over comments and application data of a nonsensical length, and files have them.
  if (length < 2 && isCommentary(code)) return { code, at, start: start + 2, end: start + 2 };
  if (length < 2) throw damaged(`segment at ${at}: expected a length of at least 2, got ${length}`);
  if (start + length > bytes.length) {
    throw truncated(`segment at ${at}: expected ${length} bytes, got ${bytes.length - start}`);
  }
  return { code, at, start: start + 2, end: start + length };
}

/** APP0 to APP15, and COM. */
function isCommentary(code: number): boolean {
  return (code >= 0xe0 && code <= 0xef) || code === 0xfe;
}

/** Whether a segment's payload begins with these characters. */
export function beginsWith(bytes: Uint8Array, { start, end }: Segment, name: string): boolean {
  if (end - start < name.length) return false;
  for (let i = 0; i < name.length; i++) {
    if (bytes[start + i] !== name.charCodeAt(i)) return false;
  }
  return true;
}

/** Whether these bytes begin a JPEG file: garbage may follow SOI as it may every segment. */
export function beginsJpeg(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === SOI;
}
