/**
 * A walk over the blocks of a GIF (GIF89a, appendix B): sizes, palettes, frames, without decoding a
 * pixel. What a small file can claim is frames times canvas, so both are limited here.
 * @module
 */

import type { Limits } from '@safelight/core';
import { checkByteLength, checkFrames, checkSize, damaged, truncated } from '../refusal.ts';

export interface GifFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly isInterlaced: boolean;
  /** RGB triples: the frame's own or the file's; empty when there is none. */
  readonly palette: Uint8Array;
  /** Index of the transparent colour, or -1. */
  readonly transparentIndex: number;
  /** Bits of an index before compression. */
  readonly codeBits: number;
  /** Offset of the first sub-block with pixels, and how many bytes all of them hold. */
  readonly dataAt: number;
  readonly dataBytes: number;
  /** How long it is shown, in hundredths of a second. */
  readonly delayCs: number;
  readonly disposal: GifDisposal;
}

/** What becomes of a frame when its time is over: it stays, is erased, or never was. */
export type GifDisposal = 'keep' | 'clear' | 'restore';

export interface GifStructure {
  /** The canvas, in pixels. */
  readonly width: number;
  readonly height: number;
  /** At least one. */
  readonly frames: readonly GifFrame[];
  /** How many times they are shown; 0 is without end. */
  readonly plays: number;
}

const HEADER_BYTES = 13;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const GRAPHIC_CONTROL = 0xf9;
const APPLICATION = 0xff;

/** Reads all blocks to the trailer; throws `ImageError`. */
export function readGifStructure(bytes: Uint8Array, limits: Limits): GifStructure {
  checkByteLength('gif', bytes.length, limits);
  if (bytes.length < HEADER_BYTES) throw truncated('gif', 'the header ends early');
  const width = word(bytes, 6);
  const height = word(bytes, 8);
  checkSize('gif', width, height, limits);
  const global = readPalette(bytes, HEADER_BYTES, bytes[10]);
  const frames: GifFrame[] = [];
  let at = HEADER_BYTES + global.length;
  let control = NO_CONTROL;
  let plays = 1;
  let pixels = 0;
  for (;;) {
    const block = byteAt(bytes, at);
    if (block === TRAILER) break;
    if (block === EXTENSION) {
      const label = byteAt(bytes, at + 1);
      if (label === GRAPHIC_CONTROL) control = readControl(bytes, at);
      if (label === APPLICATION) plays = readPlays(bytes, at) ?? plays;
      at = skipSubBlocks(bytes, at + 2).end;
    } else if (block === IMAGE) {
      const { frame, end } = readFrame(bytes, at, global, control);
      frames.push(frame);
      // A frame is decoded whole, however little of it lies on the canvas.
      pixels += Math.max(width * height, frame.width * frame.height);
      checkFrames('gif', frames.length, pixels, limits);
      control = NO_CONTROL;
      at = end;
    } else {
      throw damaged('gif', `expected a block at ${at}, got 0x${block.toString(16)}`);
    }
  }
  if (frames.length === 0) throw damaged('gif', 'expected at least one frame, got none');
  return { width, height, frames, plays };
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8);
}

function byteAt(bytes: Uint8Array, at: number): number {
  if (at >= bytes.length) throw truncated('gif', 'the file ends before its trailer');
  return bytes[at];
}

/** The palette at `at`, when the flags of a screen or a frame say that there is one. */
function readPalette(bytes: Uint8Array, at: number, flags: number): Uint8Array {
  if ((flags & 0x80) === 0) return new Uint8Array(0);
  const byteLength = 3 << ((flags & 7) + 1);
  if (at + byteLength > bytes.length) throw truncated('gif', 'a palette ends early');
  return bytes.subarray(at, at + byteLength);
}

/** What a graphic control extension says of the frame behind it. */
type Control = Pick<GifFrame, 'transparentIndex' | 'delayCs' | 'disposal'>;

const NO_CONTROL: Control = { transparentIndex: -1, delayCs: 0, disposal: 'keep' };

/** By number; what the format keeps in reserve is shown as browsers do, 4 being a common mistake. */
const DISPOSALS: readonly GifDisposal[] = [
  'keep',
  'keep',
  'clear',
  'restore',
  'restore',
  'keep',
  'keep',
  'keep',
];

function readControl(bytes: Uint8Array, at: number): Control {
  if (byteAt(bytes, at + 2) < 4) throw damaged('gif', 'a graphic control is too short');
  if (at + 7 > bytes.length) throw truncated('gif', 'a graphic control ends early');
  const flags = bytes[at + 3];
  return {
    transparentIndex: (flags & 1) === 1 ? bytes[at + 6] : -1,
    delayCs: word(bytes, at + 4),
    disposal: DISPOSALS[(flags >> 2) & 7],
  };
}

/** Both spell the same thing: a sub-block of 1 and how often the frames are repeated. */
const LOOP_NAMES: ReadonlySet<string> = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0']);
const LOOP_NAME_BYTES = 11;

/** How many times the frames are shown, when an application extension tells. */
function readPlays(bytes: Uint8Array, at: number): number | undefined {
  const nameAt = at + 3;
  const loopAt = nameAt + LOOP_NAME_BYTES;
  if (bytes[at + 2] !== LOOP_NAME_BYTES || loopAt + 4 > bytes.length) return undefined;
  const name = String.fromCharCode(...bytes.subarray(nameAt, loopAt));
  if (!LOOP_NAMES.has(name) || bytes[loopAt] < 3 || bytes[loopAt + 1] !== 1) return undefined;
  const repetitions = word(bytes, loopAt + 2);
  return repetitions === 0 ? 0 : repetitions + 1;
}

const DESCRIPTOR_BYTES = 10;
/** Indices have up to 8 bits. */
const MAX_CODE_BITS = 8;

function readFrame(
  bytes: Uint8Array,
  at: number,
  global: Uint8Array,
  control: Control,
): { readonly frame: GifFrame; readonly end: number } {
  if (at + DESCRIPTOR_BYTES > bytes.length) throw truncated('gif', 'a frame ends early');
  const flags = bytes[at + 9];
  const local = readPalette(bytes, at + DESCRIPTOR_BYTES, flags);
  const codeAt = at + DESCRIPTOR_BYTES + local.length;
  const codeBits = byteAt(bytes, codeAt);
  if (codeBits < 1 || codeBits > MAX_CODE_BITS) {
    throw damaged('gif', `expected indices of 1 to ${MAX_CODE_BITS} bits, got ${codeBits}`);
  }
  const { dataBytes, end } = skipSubBlocks(bytes, codeAt + 1);
  const frame = {
    left: word(bytes, at + 1),
    top: word(bytes, at + 3),
    width: word(bytes, at + 5),
    height: word(bytes, at + 7),
    isInterlaced: (flags & 0x40) !== 0,
    palette: (flags & 0x80) === 0 ? global : local,
    codeBits,
    dataAt: codeAt + 1,
    dataBytes,
    ...control,
  };
  return { frame, end };
}

/** Each sub-block begins with its length; one of length 0 ends them. */
function skipSubBlocks(
  bytes: Uint8Array,
  start: number,
): { readonly dataBytes: number; readonly end: number } {
  let dataBytes = 0;
  let at = start;
  for (;;) {
    const length = byteAt(bytes, at);
    if (length === 0) return { dataBytes, end: at + 1 };
    dataBytes += length;
    at += 1 + length;
  }
}

/** What the sub-blocks of a frame hold, joined. */
export function joinSubBlocks(bytes: Uint8Array, { dataAt, dataBytes }: GifFrame): Uint8Array {
  const data = new Uint8Array(dataBytes);
  let at = dataAt;
  let to = 0;
  while (to < dataBytes) {
    const length = bytes[at];
    data.set(bytes.subarray(at + 1, at + 1 + length), to);
    at += 1 + length;
    to += length;
  }
  return data;
}
