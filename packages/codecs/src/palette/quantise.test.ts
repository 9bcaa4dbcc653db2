/**
 * Palettes of pictures with too many colours: how near they come, and what each dithering does.
 * @module
 */

import { flat, photoLike, type Picture, psnr } from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import { type Dithering, DITHERINGS } from './dither.ts';
import { quantise } from './quantise.ts';

const KINDS = Object.keys(DITHERINGS) as readonly Dithering[];

function packed({ rgb }: Picture): Uint32Array {
  return Uint32Array.from({ length: rgb.length / 3 }, (_, i) => {
    const [red, green, blue] = rgb.subarray(3 * i, 3 * i + 3);
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
}

/** The picture as its palette has it. */
function shown(picture: Picture, most: number, dithering: Dithering): Uint8Array {
  const options = { most, width: picture.width, dithering };
  const { palette, indices } = quantise(packed(picture), options);
  const rgb = new Uint8Array(picture.rgb.length);
  for (const [i, index] of indices.entries()) {
    rgb.set(palette.subarray(3 * index, 3 * index + 3), 3 * i);
  }
  return rgb;
}

/** Each level of grey over 256 columns. */
function ramp(width: number, height: number): Picture {
  const rgb = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++)
    rgb.fill(Math.floor(((i % width) * 256) / width), 3 * i, 3 * i + 3);
  return { ...flat(width, height, [0, 0, 0]), rgb };
}

/** Means of blocks of 8 x 8, as an eye from afar sees them; sides must be multiples of 8. */
function fromAfar({ width, height }: Picture, rgb: Uint8Array): Uint8Array {
  const means = new Float64Array((3 * width * height) / 64);
  for (let i = 0; i < rgb.length; i++) {
    const pixel = Math.floor(i / 3);
    const column = (pixel % width) >> 3;
    const row = Math.floor(pixel / width) >> 3;
    means[3 * (row * (width >> 3) + column) + (i % 3)] += rgb[i] / 64;
  }
  return Uint8Array.from(means, Math.round);
}

describe('a palette of its own making', () => {
  const photograph = photoLike(160, 120);

  it('comes nearer with more colours', () => {
    const decibels = [2, 8, 32, 128, 256].map((most) =>
      psnr(shown(photograph, most, 'none'), photograph.rgb),
    );
    expect(decibels).toEqual(decibels.toSorted((one, other) => one - other));
    expect(decibels[4]).toBeGreaterThan(32);
  });

  it('is the mean where there is one colour', () => {
    const { rgb } = photograph;
    const [red, green, blue] = shown(photograph, 1, 'none');
    for (const [channel, level] of [red, green, blue].entries()) {
      const levels = rgb.filter((_, i) => i % 3 === channel);
      const mean = levels.reduce((sum, value) => sum + value, 0) / levels.length;
      expect(Math.abs(level - mean)).toBeLessThanOrEqual(0.5);
    }
  });

  it('finds colours that lie apart, however rare', () => {
    const picture = flat(64, 64, [10, 20, 30]);
    picture.rgb.set([250, 0, 0, 0, 250, 0, 0, 0, 250], 300);
    expect(psnr(shown(picture, 4, 'none'), picture.rgb)).toBe(Infinity);
  });

  it.each(KINDS)('changes no pixel of a flat picture: %s', (dithering) => {
    const picture = flat(24, 16, [37, 99, 201]);
    expect(shown(picture, 2, dithering)).toEqual(picture.rgb);
  });
});

describe('dithering', () => {
  const picture = ramp(256, 64);

  it.each(['ordered', 'diffused'] as const)(
    'shows from afar what is not there: %s',
    (dithering) => {
      const target = fromAfar(picture, picture.rgb);
      const plain = psnr(fromAfar(picture, shown(picture, 8, 'none')), target);
      const dithered = psnr(fromAfar(picture, shown(picture, 8, dithering)), target);
      // All that is left are the ends of the ramp, beyond its darkest and its lightest colour.
      expect(dithered).toBeGreaterThan(plain + 7);
    },
  );

  it('costs nearness, and without it nothing is nearer', () => {
    const [none, ordered, diffused] = KINDS.map((kind) =>
      psnr(shown(picture, 8, kind), picture.rgb),
    );
    expect(none).toBeGreaterThan(Math.max(ordered, diffused));
  });

  it('by pattern is the same wherever the pattern is: a frame does not depend on its rest', () => {
    const other = { ...picture, rgb: Uint8Array.from(picture.rgb) };
    other.rgb.copyWithin(3 * 256 * 8, 0, 3 * 256);
    const one = shown(picture, 8, 'ordered');
    const two = shown(other, 8, 'ordered');
    expect(two.subarray(0, 3 * 256 * 8)).toEqual(one.subarray(0, 3 * 256 * 8));
  });
});
