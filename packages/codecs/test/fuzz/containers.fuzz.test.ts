/**
 * Containers whose bytes were changed, cut, doubled: a header or an `ImageError` comes back, soon. No
 * codec runs here, so that thousands of files can be tried.
 * @module
 */

import { type Codec, GENEROUS_LIMITS, isImageError } from '@safelight/core';
import { photoLike, randomFrom } from '@safelight/testkit';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createAvifCodec, createWebpCodec, nodeWasmLoader } from '../../src/index.ts';
import { withinTime } from '../watchdog.ts';

const ROUNDS = 4000;
const TIMEOUT_MS = 20_000;
/** Values that lengths and counts go wrong by. */
const EDGES: readonly number[] = [0, 1, 2, 7, 8, 127, 128, 254, 255];

const { width, height, rgb } = photoLike(24, 16);
const picture = sharp(rgb, { raw: { width, height, channels: 3 } }).ensureAlpha(0.5);
const frames = await Promise.all(
  [picture, picture.clone().negate()].map((frame) => frame.png().toBuffer()),
);
const loadWasm = nodeWasmLoader;
const cases: readonly (readonly [name: string, codec: Codec, bytes: Buffer])[] = [
  ['AVIF', createAvifCodec({ loadWasm }), await picture.clone().avif().toBuffer()],
  ['WebP', createWebpCodec({ loadWasm }), await picture.clone().webp().toBuffer()],
  [
    'animated WebP',
    createWebpCodec({ loadWasm }),
    await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer(),
  ],
];

function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  const pick = (limit: number): number => Math.floor(random() * limit);
  let result = Uint8Array.from(bytes);
  for (let n = 0; n <= pick(4); n++) {
    const at = pick(result.length);
    const kind = pick(4);
    if (kind === 0) result[at] = EDGES[pick(EDGES.length)] as number;
    else if (kind === 1) result[at] = (result[at] as number) ^ (1 << pick(8));
    else if (kind === 2) result.copyWithin(at, pick(result.length), pick(result.length));
    else if (result.length > 64) result = result.slice(0, result.length - pick(16));
  }
  return result;
}

describe('containers', () => {
  it.each(cases)('of %s are read or refused, whatever is changed in them', (_, codec, bytes) => {
    const random = randomFrom(bytes.length);
    const seen = new Set<string>();
    for (let i = 0; i < ROUNDS; i++) {
      const file = mutate(bytes, random);
      withinTime(TIMEOUT_MS, () => {
        try {
          seen.add(codec.readHeader(file, GENEROUS_LIMITS).format);
        } catch (error) {
          if (!isImageError(error)) throw error;
          seen.add(error.reason);
        }
      });
    }
    expect(seen).toContain(codec.format);
    expect(seen).toContain('damaged');
    expect(seen).toContain('truncated');
  });
});
