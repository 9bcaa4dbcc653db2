import {
  gammaTag,
  makeGrayProfile,
  makeMatrixProfile,
  makeProfile,
  parametricTag,
  sampledTag,
  SRGB_CURVE,
  xyzTag,
} from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import { mapByMatrix } from '../kernels/color-map.ts';
import type { ColorModel } from '../raster.ts';
import { type ColorConversion, conversionToSrgb } from './conversion.ts';
import { P3_PRIMARIES, SRGB_PRIMARIES } from './srgb.ts';

function conversion(icc: Uint8Array, model: ColorModel = 'rgb'): ColorConversion | undefined {
  return conversionToSrgb({ icc }, model);
}

/** One colour through a matrix conversion. */
function convert(found: ColorConversion | undefined, color: readonly number[]): number[] {
  if (found?.kind !== 'matrix') throw new Error('expected a matrix');
  const [red, green, blue] = color.map((level) => Uint8Array.of(level));
  mapByMatrix(red, 1, green, 1, blue, 1, 1, 1, found.map);
  return [red[0], green[0], blue[0]];
}

const LINEAR = { gamma: 1, a: 1, b: 0, c: 0, d: 0, e: 0, f: 0 };

describe('conversionToSrgb', () => {
  it('has nothing to do for sRGB, in any of its spellings', () => {
    const table = sampledTag(1024, (v) =>
      v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4,
    );
    for (const icc of [
      makeMatrixProfile('srgb', SRGB_CURVE, 4),
      makeMatrixProfile('srgb', SRGB_CURVE),
      makeMatrixProfile('srgb', table),
      makeGrayProfile(table),
    ]) {
      for (const model of ['rgb', 'ycbcr', 'gray', 'cmyk'] as const) {
        expect(conversion(icc, model)).toBeUndefined();
      }
    }
    expect(conversionToSrgb({}, 'rgb')).toBeUndefined();
  });

  it('keeps black, white and every grey of a space with the curve of sRGB', () => {
    const p3 = conversion(makeMatrixProfile('p3', SRGB_CURVE, 4));
    expect(p3?.isGentle).toBe(true);
    for (let level = 0; level < 256; level++) {
      expect(convert(p3, [level, level, level])).toEqual([level, level, level]);
    }
  });

  it('gives the colours of CSS Color 4, whose factors those are', () => {
    const factors = [
      [1.224_940_18, -0.224_940_18, 0],
      [-0.042_056_95, 1.042_056_95, 0],
      [-0.019_637_55, -0.078_636_05, 1.098_273_6],
    ];
    const decode = (v: number) => (v <= 0.040_45 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const encode = (v: number) => (v <= 0.003_130_8 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
    const p3 = conversion(makeMatrixProfile('p3', SRGB_CURVE, 4));
    for (const color of [
      [153, 102, 51],
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [3, 9, 27],
    ]) {
      const expected = factors.map((row) => {
        const light = row.reduce((sum, factor, i) => sum + factor * decode(color[i] / 255), 0);
        return 255 * encode(Math.min(1, Math.max(0, light)));
      });
      const got = convert(p3, color);
      for (let i = 0; i < 3; i++) expect(Math.abs(got[i] - expected[i])).toBeLessThan(0.9);
    }
  });

  it('takes a calibration as it takes the profile of the same space', () => {
    const transfer = { gamma: 1.8, a: 1, b: 0, c: 0, d: 0, e: 0, f: 0 };
    const told = conversionToSrgb({ calibration: { transfer, primaries: P3_PRIMARIES } }, 'rgb');
    const profiled = conversion(makeMatrixProfile('p3', parametricTag(0, [1.8])));
    for (const color of [
      [10, 200, 30],
      [250, 4, 128],
      [77, 77, 77],
      [255, 255, 255],
    ]) {
      const pair = [convert(told, color), convert(profiled, color)];
      for (let i = 0; i < 3; i++) expect(Math.abs(pair[0][i] - pair[1][i])).toBeLessThanOrEqual(1);
    }
    const calibration = { transfer: LINEAR, primaries: SRGB_PRIMARIES };
    expect(conversionToSrgb({ calibration }, 'gray')).toMatchObject({ kind: 'levels' });
    expect(conversionToSrgb({ calibration }, 'cmyk')).toBeUndefined();
  });

  it('leaves the order free only where curves are nearly alike', () => {
    const isGentle = (curve: Uint8Array) => conversion(makeMatrixProfile('p3', curve))?.isGentle;
    expect(isGentle(gammaTag(2.2))).toBe(true);
    expect(isGentle(gammaTag(1.8))).toBe(false);
    expect(isGentle(gammaTag(1))).toBe(false);
  });

  it('shows grey by its luminance, whichever profile it has', () => {
    const found = conversion(makeGrayProfile(gammaTag(1)), 'gray');
    const same = conversion(makeMatrixProfile('prophoto', gammaTag(1)), 'gray');
    if (found?.kind !== 'levels' || same?.kind !== 'levels') throw new Error('expected levels');
    // Half the light is level 188.
    expect(found.levels[128]).toBe(188);
    expect([...same.levels]).toEqual([...found.levels]);
    expect([found.levels[0], found.levels[255]]).toEqual([0, 255]);
  });

  it('takes profiles of other samples, and what is no profile, for sRGB', () => {
    const p3 = makeMatrixProfile('p3', SRGB_CURVE);
    expect(conversion(p3, 'cmyk')).toBeUndefined();
    expect(conversion(makeGrayProfile(gammaTag(1)), 'rgb')).toBeUndefined();
    expect(conversion(new Uint8Array(0))).toBeUndefined();
    expect(conversion(p3.subarray(0, 131))).toBeUndefined();
    const other = p3.slice();
    other.set(new TextEncoder().encode('link'), 12);
    expect(conversion(other)).toBeUndefined();
    for (const missing of ['rTRC', 'gXYZ']) {
      const renamed = Buffer.from(p3);
      renamed.write('none', renamed.indexOf(missing), 'latin1');
      expect(conversion(renamed)).toBeUndefined();
    }
  });

  it('refuses colorants that would leave 32 bits', () => {
    const tags = {
      rXYZ: xyzTag(30_000, 0, 0),
      gXYZ: xyzTag(0, 30_000, 0),
      bXYZ: xyzTag(0, 0, -30_000),
      rTRC: gammaTag(2),
      gTRC: gammaTag(2),
      bTRC: gammaTag(2),
    };
    expect(conversion(makeProfile({ tags }))).toBeUndefined();
  });
});
