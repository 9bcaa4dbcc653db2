/**
 * The first bytes of the two codings of WebP, which tell their size: VP8 (RFC 6386, 9.1) and VP8L
 * (RFC 9649, 3.4). Sizes named elsewhere in a file must agree with these.
 * @module
 */

import { damaged, truncated } from '../refusal.ts';

/** One coded picture: a still, or what one frame of an animation paints. */
export interface WebpPicture {
  readonly width: number;
  readonly height: number;
  readonly coding: 'VP8 ' | 'VP8L';
  readonly data: Uint8Array;
  /** Contents of `ALPH`, the alpha of a lossy picture. */
  readonly alpha: Uint8Array | undefined;
  readonly hasAlpha: boolean;
}

/** Reads the size out of a chunk's contents. */
export function readPicture(
  coding: WebpPicture['coding'],
  data: Uint8Array,
  alpha: Uint8Array | undefined,
): WebpPicture {
  return coding === 'VP8 ' ? readLossy(data, alpha) : readLossless(data);
}

const LOSSY_HEAD_BYTES = 10;
/** Of four profiles, told apart by filters. */
const MAX_PROFILE = 3;

function readLossy(data: Uint8Array, alpha: Uint8Array | undefined): WebpPicture {
  if (data.length < LOSSY_HEAD_BYTES) throw truncated('webp', 'a lossy picture ends early');
  const tag = data[0] | (data[1] << 8) | (data[2] << 16);
  const isKeyFrame = (tag & 1) === 0;
  const profile = (tag >> 1) & 7;
  const isShown = ((tag >> 4) & 1) === 1;
  if (!isKeyFrame || profile > MAX_PROFILE || !isShown) {
    throw damaged('webp', 'expected a key frame that is shown');
  }
  if (tag >> 5 >= data.length) throw truncated('webp', 'a lossy picture ends early');
  if (data[3] !== 0x9d || data[4] !== 0x01 || data[5] !== 0x2a) {
    throw damaged('webp', 'expected the start code of a lossy picture');
  }
  if (alpha?.length === 0) throw damaged('webp', 'expected alpha, got nothing');
  return {
    // The two bits above tell a scale for showing, which no decoder heeds.
    width: (data[6] | (data[7] << 8)) & 0x3fff,
    height: (data[8] | (data[9] << 8)) & 0x3fff,
    coding: 'VP8 ',
    data,
    alpha,
    hasAlpha: alpha !== undefined,
  };
}

const LOSSLESS_HEAD_BYTES = 5;
const LOSSLESS_SIGNATURE = 0x2f;

function readLossless(data: Uint8Array): WebpPicture {
  if (data.length < LOSSLESS_HEAD_BYTES) throw truncated('webp', 'a lossless picture ends early');
  if (data[0] !== LOSSLESS_SIGNATURE) {
    throw damaged('webp', 'expected the signature of a lossless picture');
  }
  const bits = (data[1] | (data[2] << 8) | (data[3] << 16) | (data[4] << 24)) >>> 0;
  const version = bits >>> 29;
  if (version !== 0) throw damaged('webp', `expected version 0 of lossless, got ${version}`);
  return {
    width: (bits & 0x3fff) + 1,
    height: ((bits >>> 14) & 0x3fff) + 1,
    coding: 'VP8L',
    data,
    alpha: undefined,
    hasAlpha: ((bits >>> 28) & 1) === 1,
  };
}
