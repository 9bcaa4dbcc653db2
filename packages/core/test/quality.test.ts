/**
 * Pixels against slow float64 references of the same definitions: how near the integer engine comes,
 * and that chroma stays where it belongs.
 * @module
 */

import {
  lanczosReference,
  paint,
  photoLike,
  planeSamples,
  psnr,
  rgbRaster,
  ycbcrRaster,
} from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import { blur } from '../src/actions/blur.ts';
import { crop } from '../src/actions/crop.ts';
import { format } from '../src/actions/format.ts';
import { resize } from '../src/actions/resize.ts';
import { rotate } from '../src/actions/rotate.ts';
import { sharpen } from '../src/actions/sharpen.ts';
import type { Plane } from '../src/raster.ts';
import { renderRaster } from './rendering.ts';

type Samples = Float64Array | Uint8Array;

function clampAll(samples: Float64Array): Float64Array {
  return samples.map((sample) => Math.min(255, Math.max(0, sample)));
}

describe('resizing', () => {
  it.each([
    [101, 77, 50, 38],
    [101, 77, 33, 60],
    [64, 64, 129, 97],
    [203, 151, 7, 5],
    [5, 3, 40, 31],
  ])('4:2:0 of %dx%d to %dx%d has the luma of the reference', async (w, h, width, height) => {
    const source = ycbcrRaster(photoLike(w, h), 2, 2);
    const chain = [resize({ mode: 'fixed', width, height, enlarge: true })];
    const { raster } = await renderRaster(source, chain, 'jpeg');
    const reference = lanczosReference(planeSamples(source.planes[0]!), w, h, width, height);
    const luma = planeSamples(raster.planes[0]!);
    expect(psnr(luma, clampAll(reference))).toBeGreaterThan(51);
    expect(raster.planes[1]).toMatchObject({
      width: Math.ceil(width / 2),
      height: Math.ceil(height / 2),
    });
  });

  it('keeps a ramp of colour in place, whatever the grids', async () => {
    // One level of chroma per pixel: half a pixel off would be half a level everywhere.
    const [w, h] = [181, 61];
    const source = ycbcrRaster(
      paint(w, h, () => [128, 128, 128]),
      2,
      2,
    );
    source.planes[1]!.data.set(rampOf(source.planes[1]!, (x) => 30 + x));
    for (const target of ['jpeg', 'png'] as const) {
      const chain = [resize({ width: 67 }), format({ format: target })];
      const { raster } = await renderRaster(source, chain, 'jpeg');
      const ratio = w / raster.width;
      // Blue of PNG: luma 128 + 1.772 (Cb - 128).
      const plane = raster.planes[target === 'jpeg' ? 1 : 2]!;
      const toLevel = (x: number) => (target === 'jpeg' ? 30 + x : 128 + 1.772 * (x - 98));
      const expected = rampOf(plane, (x) => toLevel(x * ratio));
      const inside = (samples: Samples) =>
        Array.from(samples).filter((_, i) => {
          const column = i % plane.width;
          return column > 3 && column < plane.width - 4 && expected[i]! < 250 && expected[i]! > 5;
        });
      const [actual, wanted] = [inside(planeSamples(plane)), inside(expected)];
      expect(actual.length).toBeGreaterThan(300);
      const errors = actual.map((level, i) => level - wanted[i]!);
      expect(Math.max(...errors.map(Math.abs))).toBeLessThan(1.8);
      expect(Math.abs(errors.reduce((a, b) => a + b, 0) / errors.length)).toBeLessThan(0.15);
    }
  });

  it('keeps a ramp of colour in place through odd crops and turns', async () => {
    const source = ycbcrRaster(
      paint(181, 61, () => [128, 128, 128]),
      2,
      2,
    );
    source.planes[1]!.data.set(rampOf(source.planes[1]!, (x) => 30 + x));
    const cut = await renderRaster(source, [crop({ left: 11, top: 3 })], 'jpeg');
    const cb = cut.raster.planes[1]!;
    const expected = rampOf(cb, (x) => 41 + x);
    const middle = 20 * cb.width;
    for (let i = middle + 3; i < middle + cb.width - 3; i++) {
      expect(Math.abs(cb.data[i]! - expected[i]!)).toBeLessThanOrEqual(1);
    }
    const mirrored = await renderRaster(source, [rotate({ angleDeg: 180 })], 'jpeg');
    const plane = mirrored.raster.planes[1]!;
    const back = rampOf(plane, (x) => 30 + 181 - x);
    for (let i = 3; i < plane.width - 3; i++) {
      expect(Math.abs(plane.data[i]! - back[i]!)).toBeLessThanOrEqual(1);
    }
  });

  it('does not let transparent colour bleed', async () => {
    const picture = paint(64, 64, (x) => (x < 32 ? [255, 0, 0] : [0, 0, 255]));
    const raster = rgbRaster(picture);
    const alpha = { ...raster.planes[0]!, data: new Uint8Array(64 * 64) };
    for (let i = 0; i < alpha.data.length; i++) alpha.data[i] = i % 64 < 32 ? 0 : 255;
    const actions = [
      resize({ width: 21 }),
      blur({ radius: 5, strength: 5 }),
      sharpen({ amountPercent: 200 }),
      rotate({ angleDeg: 20 }),
    ];
    for (const action of actions) {
      const result = (await renderRaster({ ...raster, alpha }, [action])).raster;
      let seen = 0;
      result.alpha!.data.forEach((opacity, i) => {
        if (opacity < 64) return;
        seen++;
        expect(result.planes[0]!.data[i]).toBeLessThanOrEqual(4);
        expect(result.planes[2]!.data[i]).toBeGreaterThanOrEqual(251);
      });
      expect(seen).toBeGreaterThan(100);
    }
  });
});

describe('sharpen', () => {
  it.each([50, 100, 250, 399])('of %d percent is the unsharp mask', async (amountPercent) => {
    const source = rgbRaster(photoLike(90, 70));
    const { raster } = await renderRaster(source, [sharpen({ amountPercent })]);
    source.planes.forEach((plane, index) => {
      const samples = planeSamples(plane);
      const blurred = convolve(samples, 90, 70, 2, (d) => Math.exp(-(d * d) / (2 * 0.49)));
      const reference = blurred.map(
        (mean, i) => samples[i]! + ((samples[i]! - mean) * amountPercent) / 100,
      );
      const actual = planeSamples(raster.planes[index]!);
      expect(psnr(actual, clampAll(reference))).toBeGreaterThan(45);
    });
  });

  it('leaves the chroma of 4:2:0 alone', async () => {
    const source = ycbcrRaster(photoLike(91, 70), 2, 2);
    const { raster } = await renderRaster(source, [sharpen({ amountPercent: 200 })], 'jpeg');
    expect([...raster.planes[1]!.data]).toEqual([...source.planes[1]!.data]);
    expect([...raster.planes[0]!.data]).not.toEqual([...source.planes[0]!.data]);
  });
});

/** The service's own fit. */
function sigmaOf(strength: number): number {
  return -0.0057 * strength * strength + 1.1787 * strength - 0.0694;
}

describe('blur', () => {
  it.each([
    [3, 2],
    [1, 50],
    [20, 6],
    [50, 50],
  ])('of radius %d and strength %d is the windowed bell', async (radius, strength) => {
    const source = rgbRaster(photoLike(90, 70));
    const { raster } = await renderRaster(source, [blur({ radius, strength })]);
    const bell = (d: number) => Math.exp(-((d / sigmaOf(strength)) ** 2));
    source.planes.forEach((plane, index) => {
      const reference = convolve(planeSamples(plane), 90, 70, radius, bell);
      expect(psnr(planeSamples(raster.planes[index]!), reference)).toBeGreaterThan(50);
    });
  });

  it.each([
    [4, 6],
    [3, 6],
    [10, 12],
  ])('of 4:2:0 by radius %d, strength %d looks like that of its RGB', async (radius, strength) => {
    const source = ycbcrRaster(photoLike(120, 90), 2, 2);
    const png = format({ format: 'png' });
    const whole = await renderRaster(source, [png], 'jpeg');
    const reference = await renderRaster(whole.raster, [blur({ radius, strength })]);
    const direct = await renderRaster(source, [blur({ radius, strength }), png], 'jpeg');
    direct.raster.planes.forEach((plane, index) => {
      expect(psnr(plane.data, reference.raster.planes[index]!.data)).toBeGreaterThan(42);
    });
  });
});

describe('rotate by any angle', () => {
  it.each([1, 30, 45, 133, 250])('%d degrees matches bicubic sampling', async (angleDeg) => {
    const [w, h] = [90, 70];
    const source = rgbRaster(photoLike(w, h));
    const { raster } = await renderRaster(source, [rotate({ angleDeg })]);
    const turned = bicubicTurn(planeSamples(source.planes[1]!), w, h, angleDeg, raster);
    const alpha = raster.alpha!.data;
    const green = raster.planes[1]!.data;
    const inside = [...turned.keys()].filter((i) => alpha[i] === 255 && !Number.isNaN(turned[i]!));
    expect(inside.length).toBeGreaterThan(0.8 * w * h);
    const pick = (samples: Samples) => inside.map((i) => samples[i]!);
    expect(psnr(pick(green), pick(clampAll(turned)))).toBeGreaterThan(45);
    // What the soft edge covers adds up to the picture's own area.
    expect(Math.abs(alpha.reduce((sum, level) => sum + level / 255, 0) - w * h)).toBeLessThan(8);
  });

  it.each([90, 91])('turns 4:2:0 of width %d onto white as its RGB would be', async (width) => {
    const source = ycbcrRaster(photoLike(width, 70), 2, 2);
    const { raster } = await renderRaster(source, [rotate({ angleDeg: 30 })], 'jpeg');
    const [luma, cb, cr] = raster.planes.map((plane) => plane.data);
    expect([luma![0], cb![0], cr![0]]).toEqual([255, 128, 128]);
    expect(raster.planes[1]!.width).toBe(Math.ceil(raster.width / 2));
    const rgb = await renderRaster(source, [format({ format: 'png' })], 'jpeg');
    const reference = await renderRaster(
      rgb.raster,
      [rotate({ angleDeg: 30 }), format({ format: 'jpeg' })],
      'png',
    );
    raster.planes.forEach((plane, index) => {
      expect(psnr(plane.data, reference.raster.planes[index]!.data)).toBeGreaterThan(35);
    });
  });
});

/** Levels at each sample's centre, counted in pixels of the raster. */
function rampOf(plane: Plane, levelAt: (x: number) => number): Float64Array {
  const { extent } = plane;
  const pitch = extent.width / plane.width;
  return Float64Array.from({ length: plane.width * plane.height }, (_, i) =>
    levelAt(extent.left + ((i % plane.width) + 0.5) * pitch),
  );
}

function convolve(
  samples: Samples,
  width: number,
  height: number,
  radius: number,
  bell: (distance: number) => number,
): Float64Array {
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) => bell(i - radius));
  const sum = weights.reduce((a, b) => a + b, 0);
  const axis = (source: Samples, stepX: number, stepY: number) =>
    Float64Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      let mean = 0;
      weights.forEach((weight, k) => {
        const column = Math.min(width - 1, Math.max(0, x + (k - radius) * stepX));
        const row = Math.min(height - 1, Math.max(0, y + (k - radius) * stepY));
        mean += (weight / sum) * source[row * width + column]!;
      });
      return mean;
    });
  return axis(axis(samples, 1, 0), 0, 1);
}

function cubic(t: number): number {
  const d = Math.abs(t);
  if (d >= 2) return 0;
  return d < 1 ? 1.5 * d ** 3 - 2.5 * d ** 2 + 1 : -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2;
}

/** Catmull-Rom about the two centres; NaN where the window leaves the source. */
function bicubicTurn(
  samples: Uint8Array,
  width: number,
  height: number,
  angleDeg: number,
  target: { readonly width: number; readonly height: number },
): Float64Array {
  const angle = (angleDeg * Math.PI) / 180;
  return Float64Array.from({ length: target.width * target.height }, (_, i) => {
    const dx = (i % target.width) + 0.5 - target.width / 2;
    const dy = Math.floor(i / target.width) + 0.5 - target.height / 2;
    const sx = width / 2 + Math.cos(angle) * dx + Math.sin(angle) * dy - 0.5;
    const sy = height / 2 - Math.sin(angle) * dx + Math.cos(angle) * dy - 0.5;
    const [left, top] = [Math.floor(sx), Math.floor(sy)];
    if (left < 1 || top < 1 || left > width - 3 || top > height - 3) return NaN;
    let sum = 0;
    for (let row = top - 1; row <= top + 2; row++) {
      for (let column = left - 1; column <= left + 2; column++) {
        sum += cubic(sx - column) * cubic(sy - row) * samples[row * width + column]!;
      }
    }
    return sum;
  });
}
