/**
 * A walk over the chunks of a WebP file (RFC 9649, 2.7): canvas, frames, metadata, without decoding a
 * pixel. A still picture is one frame that fills its canvas, so that the rest knows frames alone.
 * @module
 */

import type { Limits } from '@safelight/core';
import { iccFits } from '../icc.ts';
import { checkByteLength, checkFrames, checkSize, damaged, truncated } from '../refusal.ts';
import { readPicture, type WebpPicture } from './bitstream.ts';
import { readUint24, RIFF_HEAD_BYTES, riffEnd, type RiffChunk, walkChunks } from './riff.ts';

export interface WebpFrame {
  /** Where it is painted, in pixels of the canvas; it lies on it whole. */
  readonly left: number;
  readonly top: number;
  readonly picture: WebpPicture;
  /** How long it is shown, in milliseconds. */
  readonly durationMs: number;
  /** Whether its rectangle becomes transparent before the next frame is painted. */
  readonly isCleared: boolean;
  /** Whether it is mixed with what lies under it, by its alpha, or takes its place. */
  readonly isBlended: boolean;
}

export interface WebpStructure {
  /** The canvas, in pixels. */
  readonly width: number;
  readonly height: number;
  /** At least one. */
  readonly frames: readonly WebpFrame[];
  /** How many times they are shown; 0 is without end. */
  readonly plays: number;
  readonly icc: Uint8Array | undefined;
  /** A TIFF stream. */
  readonly exif: Uint8Array | undefined;
}

/** Reads all chunks; throws `ImageError`. */
export function readWebpStructure(bytes: Uint8Array, limits: Limits): WebpStructure {
  checkByteLength('webp', bytes.length, limits);
  const end = riffEnd(bytes);
  const chunks = walkChunks(bytes, RIFF_HEAD_BYTES, end);
  const first = chunks.next().value;
  if (first?.name === 'VP8X') return new ExtendedWalk(bytes, first, limits).run(chunks);
  if (first?.name !== 'VP8 ' && first?.name !== 'VP8L') {
    throw damaged('webp', `expected a picture first, got ${first?.name ?? 'nothing'}`);
  }
  const picture = readPicture(first.name, bytes.subarray(first.start, first.end), undefined);
  const { width, height } = picture;
  checkSize('webp', width, height, limits);
  return {
    width,
    height,
    frames: [stillFrame(picture)],
    plays: 1,
    icc: undefined,
    exif: undefined,
  };
}

function stillFrame(picture: WebpPicture): WebpFrame {
  return { left: 0, top: 0, picture, durationMs: 0, isCleared: false, isBlended: false };
}

const EXTENDED_BYTES = 10;
const ANIMATION_FLAG = 0x02;
/** A profile has a header of 128 bytes and the number of its tags. */
const MIN_ICC_BYTES = 132;

/** A file that begins with `VP8X`: flags, canvas, then chunks of every kind. */
class ExtendedWalk {
  readonly #bytes: Uint8Array;
  readonly #limits: Limits;
  readonly #width: number;
  readonly #height: number;
  readonly #isAnimated: boolean;
  readonly #frames: WebpFrame[] = [];
  #alpha: Uint8Array | undefined;
  #plays = 0;
  #icc: Uint8Array | undefined;
  #exif: Uint8Array | undefined;

  constructor(bytes: Uint8Array, { start, end }: RiffChunk, limits: Limits) {
    if (end - start < EXTENDED_BYTES) throw truncated('webp', 'the canvas ends early');
    this.#bytes = bytes;
    this.#limits = limits;
    this.#isAnimated = (bytes[start] & ANIMATION_FLAG) !== 0;
    this.#width = readUint24(bytes, start + 4) + 1;
    this.#height = readUint24(bytes, start + 7) + 1;
    checkSize('webp', this.#width, this.#height, limits);
  }

  run(chunks: Iterable<RiffChunk>): WebpStructure {
    for (const chunk of chunks) this.#take(chunk);
    if (this.#frames.length === 0) throw damaged('webp', 'expected a picture, got none');
    return {
      width: this.#width,
      height: this.#height,
      frames: this.#frames,
      plays: this.#isAnimated ? this.#plays : 1,
      icc: this.#icc,
      exif: this.#exif,
    };
  }

  #take({ name, start, end }: RiffChunk): void {
    const contents = this.#bytes.subarray(start, end);
    switch (name) {
      case 'ICCP':
        if (contents.length >= MIN_ICC_BYTES && iccFits(contents, 'rgb')) this.#icc ??= contents;
        break;
      case 'EXIF':
        this.#exif ??= withoutExifName(contents);
        break;
      case 'ANIM':
        if (contents.length >= 6) this.#plays = contents[4] | (contents[5] << 8);
        break;
      case 'ANMF':
        if (this.#isAnimated) this.#takeFrame({ name, start, end });
        break;
      case 'ALPH':
        this.#alpha ??= contents;
        break;
      case 'VP8 ':
      case 'VP8L':
        if (!this.#isAnimated && this.#frames.length === 0) this.#takeStill(name, contents);
        break;
      default:
      // XMP and what others may have put there.
    }
  }

  #takeStill(name: WebpPicture['coding'], contents: Uint8Array): void {
    const picture = readPicture(name, contents, this.#alpha);
    if (picture.width !== this.#width || picture.height !== this.#height) {
      throw damaged(
        'webp',
        `expected a picture of ${this.#width}x${this.#height}, ` +
          `got ${picture.width}x${picture.height}`,
      );
    }
    this.#frames.push(stillFrame(picture));
  }

  #takeFrame(chunk: RiffChunk): void {
    const frame = readFrame(this.#bytes, chunk);
    const { left, top, picture } = frame;
    if (left + picture.width > this.#width || top + picture.height > this.#height) {
      throw damaged('webp', 'expected a frame on the canvas, got one that leaves it');
    }
    this.#frames.push(frame);
    const count = this.#frames.length;
    checkFrames('webp', count, count * this.#width * this.#height, this.#limits);
  }
}

/** Some writers put the name of JPEG's segment in front of the stream. */
const EXIF_NAME = 'Exif\0\0';

function withoutExifName(contents: Uint8Array): Uint8Array {
  const start = String.fromCharCode(...contents.subarray(0, EXIF_NAME.length));
  return start === EXIF_NAME ? contents.subarray(EXIF_NAME.length) : contents;
}

const FRAME_HEAD_BYTES = 16;
const CLEAR_FLAG = 0x01;
const REPLACE_FLAG = 0x02;

function readFrame(bytes: Uint8Array, { start, end }: RiffChunk): WebpFrame {
  if (end - start < FRAME_HEAD_BYTES) throw truncated('webp', 'a frame ends early');
  let alpha: Uint8Array | undefined;
  let picture: WebpPicture | undefined;
  for (const chunk of walkChunks(bytes, start + FRAME_HEAD_BYTES, end)) {
    const contents = bytes.subarray(chunk.start, chunk.end);
    if (chunk.name === 'ALPH') alpha ??= contents;
    if (chunk.name !== 'VP8 ' && chunk.name !== 'VP8L') continue;
    picture = readPicture(chunk.name, contents, alpha);
    break;
  }
  if (picture === undefined) throw damaged('webp', 'expected a picture in a frame, got none');
  const width = readUint24(bytes, start + 6) + 1;
  const height = readUint24(bytes, start + 9) + 1;
  if (picture.width !== width || picture.height !== height) {
    throw damaged(
      'webp',
      `expected a frame of ${width}x${height}, got ${picture.width}x${picture.height}`,
    );
  }
  return {
    left: 2 * readUint24(bytes, start),
    top: 2 * readUint24(bytes, start + 3),
    picture,
    durationMs: readUint24(bytes, start + 12),
    isCleared: (bytes[start + 15] & CLEAR_FLAG) !== 0,
    isBlended: (bytes[start + 15] & REPLACE_FLAG) === 0,
  };
}
