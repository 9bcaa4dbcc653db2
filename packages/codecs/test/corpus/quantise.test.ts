/**
 * The floor under GIF output: PSNR against RGB of the corpus photographs, at a size GIFs have.
 * @module
 */

import { corpusFolder, psnr } from '@safelight/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Dithering } from '../../src/palette/dither.ts';
import { quantise } from '../../src/palette/quantise.ts';

const corpus = corpusFolder();
const photographs = corpus === undefined ? [] : readdirSync(join(corpus, 'photos')).toSorted();

/** Decibels of the hardest photograph, 34.6, 31.7 and 32.1, less a little. */
const FLOORS: Readonly<Record<Dithering, number>> = { none: 34, ordered: 31, diffused: 31.5 };

interface Pixels {
  readonly rgb: Buffer;
  readonly width: number;
}

async function small(name: string): Promise<Pixels> {
  const { data, info } = await sharp(readFileSync(join(corpus ?? '', 'photos', name)))
    .rotate()
    .resize(300, 300, { fit: 'inside' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { rgb: data, width: info.width };
}

function decibels({ rgb, width }: Pixels, dithering: Dithering): number {
  const pixels = Uint32Array.from(
    { length: rgb.length / 3 },
    (_, i) => ((255 << 24) | (rgb[3 * i + 2] << 16) | (rgb[3 * i + 1] << 8) | rgb[3 * i]) >>> 0,
  );
  const { palette, indices } = quantise(pixels, { most: 256, width, dithering });
  const shown = new Uint8Array(rgb.length);
  for (const [i, index] of indices.entries()) {
    shown.set(palette.subarray(3 * index, 3 * index + 3), 3 * i);
  }
  return psnr(shown, rgb);
}

describe.skipIf(corpus === undefined)('photographs of 256 colours (need SAFELIGHT_CORPUS)', () => {
  it('are all there', () => expect(photographs).toHaveLength(18));

  it.each(photographs)('stay near their RGB: %s', async (name) => {
    const picture = await small(name);
    for (const [dithering, floor] of Object.entries(FLOORS)) {
      const reached = decibels(picture, dithering as Dithering);
      expect(reached, dithering).toBeGreaterThan(floor);
    }
  });
});
