import {
  gammaTag,
  makeMatrixProfile,
  photoLike,
  planeSamples,
  psnr,
  randomFrom,
  rgbRaster,
  SRGB_CURVE,
  ycbcrRaster,
} from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import { bright } from '../src/actions/bright.ts';
import { crop } from '../src/actions/crop.ts';
import { format } from '../src/actions/format.ts';
import { resize } from '../src/actions/resize.ts';
import { rotate } from '../src/actions/rotate.ts';
import { createColorGrid } from '../src/color/color-grid.ts';
import { conversionToSrgb } from '../src/color/conversion.ts';
import { mapByGrid, mapByMatrix } from '../src/kernels/color-map.ts';
import type { Raster } from '../src/raster.ts';
import { headerOf, planOf } from './planning.ts';
import { renderRaster } from './rendering.ts';

const P3 = makeMatrixProfile('p3', SRGB_CURVE, 4);
const SRGB = makeMatrixProfile('srgb', SRGB_CURVE, 4);
const picture = photoLike(64, 48, 3);

function tagged(raster: Raster, icc: Uint8Array): Raster {
  return { ...raster, metadata: { icc } };
}

function stepsOf(icc: Uint8Array, chain: Parameters<typeof planOf>[1]): string[] {
  const { steps } = planOf(headerOf(4000, 3000, { hasIcc: true, icc }), chain);
  return steps.map(({ operation }) => operation.name);
}

describe('where colours are converted', () => {
  it('costs nothing for sRGB', () => {
    const chain = [resize({ width: 200 })];
    expect(stepsOf(SRGB, chain)).toEqual(['resize']);
    const [plain, told] = [headerOf(4000, 3000), headerOf(4000, 3000, { hasIcc: true, icc: SRGB })];
    expect(planOf(told, chain).arenaBytes).toBe(planOf(plain, chain).arenaBytes);
  });

  it('is behind the first reduction for Display P3, and the decoder still scales', () => {
    const header = headerOf(4000, 3000, { hasIcc: true, icc: P3 });
    expect(planOf(header, [resize({ width: 200 })]).request).toEqual({ scale: 1 });
    expect(stepsOf(P3, [resize({ width: 200 }), rotate({ angleDeg: 90 })])).toEqual([
      'resize',
      'turn',
      'ycbcr to rgb',
      'profile to srgb',
      'rgb to ycbcr',
      expect.stringContaining('chroma'),
    ]);
  });

  it('is before whatever names a colour, and before resampling where curves differ', () => {
    const steps = stepsOf(P3, [crop({ width: 100, height: 100 }), bright({ amount: 20 })]);
    expect(steps.indexOf('profile to srgb')).toBeGreaterThan(0);
    expect(steps.indexOf('profile to srgb')).toBeLessThan(steps.indexOf('bright'));
    const linear = stepsOf(makeMatrixProfile('p3', gammaTag(1)), [resize({ width: 200 })]);
    expect(linear.indexOf('profile to srgb')).toBeLessThan(linear.indexOf('resize'));
  });

  it('takes the memory that was planned, subsampled or not, and leaves no profile', async () => {
    for (const raster of [rgbRaster(picture), ycbcrRaster(picture, 2, 2), withAlpha()]) {
      for (const chain of [
        [],
        [resize({ width: 20 })],
        [resize({ width: 20 }), bright({ amount: 9 })],
      ]) {
        const source = tagged(raster, P3);
        const sourceFormat = raster.model === 'ycbcr' ? 'jpeg' : 'png';
        const result = await renderRaster(source, chain, sourceFormat);
        expect(result.highWaterBytes).toBeLessThanOrEqual(result.plan.arenaBytes);
        expect(result.raster.metadata.icc).toBeUndefined();
        const { raster: plain } = await renderRaster(raster, chain, sourceFormat);
        expect(
          psnr(planeSamples(result.raster.planes[1]), planeSamples(plain.planes[1])),
        ).toBeLessThan(45);
      }
    }
  });

  it('changes little by its order: 40 dB where a third of the colours leave sRGB', async () => {
    const large = photoLike(320, 240, 9);
    const small = [resize({ width: 64 }), format({ format: 'png' })];
    for (const icc of [P3, makeMatrixProfile('adobe-rgb', gammaTag(2.2))]) {
      const late = await renderRaster(tagged(rgbRaster(large), icc), small);
      const converted = await renderRaster(tagged(rgbRaster(large), icc), []);
      const early = await renderRaster({ ...converted.raster, metadata: {} }, small);
      const [one, other] = [late, early].map(({ raster }) =>
        Uint8Array.from(raster.planes.flatMap((plane) => [...planeSamples(plane)])),
      );
      expect(psnr(one, other)).toBeGreaterThan(40);
    }
  });
});

function withAlpha(): Raster {
  const raster = rgbRaster(picture);
  const [plane] = raster.planes;
  return { ...raster, alpha: { ...plane, data: plane.data.map((v) => 255 - v) } };
}

describe('the loops over tables', () => {
  it('agree with their formulas in float64 within a level, at any stride', () => {
    const conversion = conversionToSrgb(
      { icc: makeMatrixProfile('prophoto', gammaTag(1.8)) },
      'rgb',
    );
    if (conversion?.kind !== 'matrix') throw new Error('expected a matrix');
    const { light, factors, levels } = conversion.map;
    const random = randomFrom(5);
    const planes = [9, 8, 11].map((stride) => ({
      stride,
      data: Uint8Array.from({ length: stride * 5 }, () => Math.floor(256 * random())),
    }));
    const [r, g, b] = planes.map(({ data, stride }) => ({ data: data.slice(), stride }));
    mapByMatrix(r.data, 9, g.data, 8, b.data, 11, 8, 5, conversion.map);
    for (let y = 0; y < 5; y++) {
      for (let x = 0; x < 8; x++) {
        const given = planes.map(({ data, stride }, i) => light[i][data[y * stride + x]] / 16_384);
        for (const [row, target] of [r, g, b].entries()) {
          let sum = 0;
          for (let i = 0; i < 3; i++) sum += (factors[3 * row + i] / 16_384) * given[i];
          const expected = levels[Math.round(16_384 * Math.min(1, Math.max(0, sum)))];
          expect(Math.abs(target.data[y * target.stride + x] - expected)).toBeLessThanOrEqual(1);
        }
      }
    }
    // What lies between rows stays.
    expect(r.data[8]).toBe(planes[0].data[8]);
    expect(b.data[9]).toBe(planes[2].data[9]);
  });

  it('follow a straight grid exactly, for three channels and four', () => {
    for (const channels of [3, 4] as const) {
      // Light that is encoded again: what goes in comes out, and ink darkens.
      const grid = createColorGrid((device, xyz) => {
        const [one, two, three, black = 0] = device;
        const value = [one, two, three].map((v) => decode(v * (1 - black)));
        for (let i = 0; i < 3; i++) {
          xyz[i] =
            TO_XYZ[3 * i] * value[0] + TO_XYZ[3 * i + 1] * value[1] + TO_XYZ[3 * i + 2] * value[2];
        }
      }, channels);
      const random = randomFrom(channels);
      for (let trial = 0; trial < 200; trial++) {
        const color = Array.from({ length: 4 }, () => Math.floor(256 * random()));
        const [a, b, c] = color.map((level) => Uint8Array.of(level));
        const black = channels === 4 ? color[3] : 0;
        mapByGrid(a, 1, b, 1, c, 1, Uint8Array.of(color[3]), 1, 1, 1, grid);
        const got = [a[0], b[0], c[0]];
        for (let i = 0; i < 3; i++) {
          const expected = (color[i] * (255 - black)) / 255;
          // A product of two axes bends by a quarter of the step between nodes.
          expect(Math.abs(got[i] - expected)).toBeLessThan(channels === 3 ? 1 : 5);
        }
      }
    }
  });
});

const TO_XYZ = [
  0.436_066, 0.385_147, 0.143_066, 0.222_488, 0.716_873, 0.060_608, 0.013_916, 0.097_076, 0.714_096,
];

function decode(value: number): number {
  return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
