/**
 * WebP files put together from coded pictures. Everything beyond a bare picture needs the chunk
 * `VP8X`, whose flags must tell what follows.
 * @module
 */

import type { AnimationSettings } from '@safelight/core';
import { damaged } from '../refusal.ts';
import { readPicture, type WebpPicture } from './bitstream.ts';
import {
  printChunk,
  printRiff,
  RIFF_HEAD_BYTES,
  riffEnd,
  walkChunks,
  writeUint24,
} from './riff.ts';

/** A file with one picture and at most a profile. */
export function printStill(picture: WebpPicture, icc?: Uint8Array): Uint8Array {
  const isPlain = picture.alpha === undefined && icc === undefined;
  if (isPlain) return printRiff(pictureChunks(picture));
  return printRiff([
    canvasChunk(picture, { isAnimated: false, hasAlpha: picture.hasAlpha, icc }),
    ...iccChunk(icc),
    ...pictureChunks(picture),
  ]);
}

/** A frame to be written: it takes the place of what lies under it. */
export interface PlacedPicture {
  /** Even. */
  readonly left: number;
  readonly top: number;
  readonly durationMs: number;
  readonly picture: WebpPicture;
}

/** Durations have 24 bits. */
const MAX_DURATION_MS = 0xff_ffff;
const MAX_PLAYS = 0xffff;
const REPLACE_FLAG = 0x02;

/** `ANMF`: nothing is cleared, nothing mixed. */
export function printFrame({ left, top, durationMs, picture }: PlacedPicture): Uint8Array {
  const head = new Uint8Array(16);
  writeUint24(head, 0, left / 2);
  writeUint24(head, 3, top / 2);
  writeUint24(head, 6, picture.width - 1);
  writeUint24(head, 9, picture.height - 1);
  writeUint24(head, 12, Math.min(MAX_DURATION_MS, Math.max(0, Math.round(durationMs))));
  head[15] = REPLACE_FLAG;
  return printChunk('ANMF', head, ...pictureChunks(picture));
}

export interface PrintedAnimation extends Pick<AnimationSettings, 'width' | 'height' | 'plays'> {
  readonly hasAlpha: boolean;
  readonly icc?: Uint8Array | undefined;
  /** By `printFrame`. */
  readonly frames: readonly Uint8Array[];
}

/** An animated file. */
export function printAnimation(animation: PrintedAnimation): Uint8Array {
  const { plays, hasAlpha, icc, frames } = animation;
  // The first four bytes are a background that browsers do not show: transparent.
  const settings = new Uint8Array(6);
  const times = Math.min(MAX_PLAYS, plays);
  settings[4] = times & 0xff;
  settings[5] = times >> 8;
  return printRiff([
    canvasChunk(animation, { isAnimated: true, hasAlpha, icc }),
    ...iccChunk(icc),
    printChunk('ANIM', settings),
    ...frames,
  ]);
}

/** The coded picture in a file that libwebp wrote. */
export function readEncoded(file: Uint8Array): WebpPicture {
  let alpha: Uint8Array | undefined;
  for (const { name, start, end } of walkChunks(file, RIFF_HEAD_BYTES, riffEnd(file))) {
    const contents = file.subarray(start, end);
    if (name === 'ALPH') alpha = contents;
    if (name === 'VP8 ' || name === 'VP8L') return readPicture(name, contents, alpha);
  }
  throw damaged('webp', 'expected a picture of the encoder, got none');
}

function pictureChunks({ coding, data, alpha }: WebpPicture): Uint8Array[] {
  return [...(alpha === undefined ? [] : [printChunk('ALPH', alpha)]), printChunk(coding, data)];
}

function iccChunk(icc: Uint8Array | undefined): Uint8Array[] {
  return icc === undefined ? [] : [printChunk('ICCP', icc)];
}

interface CanvasFlags {
  readonly isAnimated: boolean;
  readonly hasAlpha: boolean;
  readonly icc: Uint8Array | undefined;
}

function canvasChunk(
  { width, height }: Pick<WebpPicture, 'width' | 'height'>,
  { isAnimated, hasAlpha, icc }: CanvasFlags,
): Uint8Array {
  const contents = new Uint8Array(10);
  contents[0] = (isAnimated ? 0x02 : 0) | (hasAlpha ? 0x10 : 0) | (icc === undefined ? 0 : 0x20);
  writeUint24(contents, 4, width - 1);
  writeUint24(contents, 7, height - 1);
  return printChunk('VP8X', contents);
}
