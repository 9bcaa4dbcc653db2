/**
 * What a picture's colours must go through to become sRGB, from its profile or its calibration. A
 * profile that is damaged, strange or made for other samples counts as sRGB: the picture itself is good.
 * So does one whose colours are sRGB's within a level, which then cost nothing.
 * @module
 */

import { LIGHT_ONE, mapByMatrix, type MatrixMap } from '../kernels/color-map.ts';
import type { ColorModel, Metadata } from '../raster.ts';
import { type DeviceLookup, readLookup } from './device-lookup.ts';
import { type IccProfile, parseProfile, tripleOf } from './icc-profile.ts';
import {
  apply,
  decodeSrgb,
  encodeSrgb,
  type Matrix,
  matrixOfPrimaries,
  multiply,
  XYZ_TO_SRGB,
} from './srgb.ts';
import { curveOf, readCurve, type ToneCurve } from './tone-curve.ts';

export type ColorConversion = { readonly isGentle: boolean } & (
  | { readonly kind: 'levels'; readonly levels: Uint8Array }
  | { readonly kind: 'matrix'; readonly map: MatrixMap }
  | {
      readonly kind: 'grid';
      readonly channels: 3 | 4;
      readonly lookup: DeviceLookup;
      /** What `lookup` was read from, as the key of what is made of it. */
      readonly profile: Uint8Array;
    }
);

/** What planes of `model` must go through; nothing when they are as good as sRGB. */
export function conversionToSrgb(
  { icc, calibration }: Pick<Metadata, 'icc' | 'calibration'>,
  model: ColorModel,
): ColorConversion | undefined {
  const profile = icc && parseProfile(icc);
  if (icc && profile) return conversionOfProfile(profile, icc, model);
  if (calibration === undefined || model === 'cmyk') return undefined;
  const toXyz = matrixOfPrimaries(calibration.primaries);
  const curve = curveOf(calibration.transfer);
  if (toXyz === undefined) return undefined;
  return conversionOfMatrix({ curves: [curve, curve, curve], toXyz }, model);
}

function conversionOfProfile(
  profile: IccProfile,
  icc: Uint8Array,
  model: ColorModel,
): ColorConversion | undefined {
  if (profile.space === 'GRAY') {
    const curve = curveIn(profile, 'kTRC');
    return model === 'gray' && curve ? levelsOf(curve) : undefined;
  }
  if ((profile.space === 'CMYK') !== (model === 'cmyk')) return undefined;
  const channels = model === 'cmyk' ? 4 : 3;
  const lookup = lookupOf(profile, channels);
  if (lookup) {
    if (model === 'gray') return levelsOf(lightOf(lookup));
    return conversionOfLookup(lookup, channels, icc);
  }
  const space = matrixSpaceOf(profile);
  return space && model !== 'cmyk' ? conversionOfMatrix(space, model) : undefined;
}

/** The perceptual table, as browsers take it, or the first of the others that is sound. */
function lookupOf(profile: IccProfile, channels: number): DeviceLookup | undefined {
  for (const signature of ['A2B0', 'A2B1', 'A2B2']) {
    const lookup = readLookup(profile.tag(signature), channels, profile.connection);
    if (lookup) return lookup;
  }
  return undefined;
}

/** Linear light by curves, then a matrix. */
interface MatrixSpace {
  readonly curves: readonly [ToneCurve, ToneCurve, ToneCurve];
  readonly toXyz: Matrix;
}

function matrixSpaceOf(profile: IccProfile): MatrixSpace | undefined {
  if (profile.connection !== 'XYZ ') return undefined;
  const [red, green, blue] = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => tripleOf(profile.tag(name)));
  const [one, two, three] = ['rTRC', 'gTRC', 'bTRC'].map((name) => curveIn(profile, name));
  if (!red || !green || !blue || !one || !two || !three) return undefined;
  const toXyz = [0, 1, 2].flatMap((row) => [red[row], green[row], blue[row]]);
  return { curves: [one, two, three], toXyz };
}

function curveIn(profile: IccProfile, signature: string): ToneCurve | undefined {
  const tag = profile.tag(signature);
  return tag && readCurve(tag)?.curve;
}

function conversionOfMatrix(
  { curves, toXyz }: MatrixSpace,
  model: ColorModel,
): ColorConversion | undefined {
  if (model === 'gray') {
    // Luminance is the second row of XYZ.
    return levelsOf((v) => [0, 1, 2].reduce((sum, i) => sum + toXyz[3 + i] * curves[i](v), 0));
  }
  const factors = fixedFactors(multiply(XYZ_TO_SRGB, toXyz));
  if (factors === undefined) return undefined;
  const [red, green, blue] = curves.map((curve) =>
    Int16Array.from({ length: 256 }, (_, level) => Math.round(curve(level / 255) * LIGHT_ONE)),
  );
  const map: MatrixMap = { light: [red, green, blue], factors, levels: SRGB_LEVELS };
  const deviation = deviationOf(map);
  if (deviation.most <= SAME_LEVELS) return undefined;
  return { kind: 'matrix', map, isGentle: deviation.gray <= GENTLE_LEVELS };
}

/** Levels of linear light; a step of 1 / 2^14 is a fifth of a level where it counts for most. */
const SRGB_LEVELS: Uint8Array = levelsOfLight();

/** By the 255 borders between levels: this runs at every start, and each value is a power. */
function levelsOfLight(): Uint8Array {
  const levels = new Uint8Array(LIGHT_ONE + 1);
  for (let level = 1; level < 256; level++) {
    levels.fill(level, Math.ceil(LIGHT_ONE * decodeSrgb((level - 0.5) / 255)));
  }
  return levels;
}

/** Of a row: above it, sums of the kernel would not stay within 32 bits. Real ones reach 4. */
const MAX_ROW = 7.9;
/** White of a sound profile is D50 but for rounding: below this its rows are made to sum to 1. */
const WHITE_ERROR = 0.005;

/** 14-bit factors; rows that keep white sum to exactly 1, so that grey stays grey. */
function fixedFactors(matrix: Matrix): Int32Array | undefined {
  const factors = Int32Array.from(matrix, (value) => Math.round(value * LIGHT_ONE));
  for (let row = 0; row < 9; row += 3) {
    const values = matrix.slice(row, row + 3);
    const size = values.reduce((sum, value) => sum + Math.abs(value), 0);
    if (!(size < MAX_ROW)) return undefined;
    const sum = factors[row] + factors[row + 1] + factors[row + 2];
    const most = row + values.indexOf(Math.max(...values));
    if (Math.abs(sum - LIGHT_ONE) < WHITE_ERROR * LIGHT_ONE) factors[most] += LIGHT_ONE - sum;
  }
  return factors;
}

/** Colours that differ by less are not converted: nobody sees it, and planes may stay YCbCr. */
const SAME_LEVELS = 1;
/**
 * Greys that move by no more leave the order of resampling and converting free: the curves are so
 * alike that a mean of samples is the same light within half a level, save at the hardest edges.
 */
const GENTLE_LEVELS = 12;
/** Levels of each channel that stand for all. */
const PROBES: readonly number[] = [0, 16, 56, 112, 168, 216, 255];
/** All colours of these levels: red, green, blue. */
const PROBE_PLANES: readonly Uint8Array[] = [49, 7, 1].map((step) =>
  Uint8Array.from({ length: PROBES.length ** 3 }, (_, i) => PROBES[Math.floor(i / step) % 7]),
);

function deviationOf(map: MatrixMap): { readonly most: number; readonly gray: number } {
  const [r, g, b] = PROBE_PLANES;
  const [red, green, blue] = PROBE_PLANES.map((plane) => plane.slice());
  mapByMatrix(red, 0, green, 0, blue, 0, r.length, 1, map);
  let most = 0;
  let gray = 0;
  for (let i = 0; i < r.length; i++) {
    const moved = Math.max(
      Math.abs(red[i] - r[i]),
      Math.abs(green[i] - g[i]),
      Math.abs(blue[i] - b[i]),
    );
    most = Math.max(most, moved);
    if (r[i] === g[i] && g[i] === b[i]) gray = Math.max(gray, moved);
  }
  return { most, gray };
}

/** Grey by its luminance. */
function levelsOf(light: ToneCurve): ColorConversion | undefined {
  const levels = Uint8Array.from({ length: 256 }, (_, level) => toLevel(light(level / 255)));
  const most = levels.reduce((worst, to, from) => Math.max(worst, Math.abs(to - from)), 0);
  if (most <= SAME_LEVELS) return undefined;
  return { kind: 'levels', levels, isGentle: most <= GENTLE_LEVELS };
}

function lightOf(lookup: DeviceLookup): ToneCurve {
  const device = new Float64Array(3);
  const xyz = new Float64Array(3);
  return (value) => {
    lookup(device.fill(value), xyz);
    return xyz[1];
  };
}

function conversionOfLookup(
  lookup: DeviceLookup,
  channels: 3 | 4,
  profile: Uint8Array,
): ColorConversion | undefined {
  if (channels === 4) return { kind: 'grid', channels, lookup, profile, isGentle: false };
  const xyz = new Float64Array(3);
  let [most, gray] = [0, 0];
  for (const r of LOOKUP_PROBES) {
    for (const g of LOOKUP_PROBES) {
      for (const b of LOOKUP_PROBES) {
        const color = [r, g, b];
        lookup(
          Float64Array.from(color, (level) => level / 255),
          xyz,
        );
        const levels = apply(XYZ_TO_SRGB, Array.from(xyz)).map(toLevel);
        const moved = Math.max(...levels.map((level, i) => Math.abs(level - color[i])));
        most = Math.max(most, moved);
        if (r === g && g === b) gray = Math.max(gray, moved);
      }
    }
  }
  if (most <= SAME_LEVELS) return undefined;
  return { kind: 'grid', channels, lookup, profile, isGentle: gray <= GENTLE_LEVELS };
}

const LOOKUP_PROBES = [0, 48, 112, 176, 240, 255] as const;

function toLevel(light: number): number {
  return Math.round(255 * Math.min(1, Math.max(0, encodeSrgb(light))));
}
