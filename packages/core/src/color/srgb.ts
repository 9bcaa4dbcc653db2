/**
 * Colour spaces by numbers: XYZ under D50, where profiles meet, linear and encoded sRGB, and spaces
 * that are told by chromaticities. Matrices are nine numbers, row after row.
 * @module
 */

import type { Chromaticity, Primaries } from './calibration.ts';

export type Matrix = readonly number[];

/** Of the profile connection space (ICC.1:2022, 7.2.16). */
export const D50: readonly [number, number, number] = [0.9642, 1, 0.8249];

const D65: Chromaticity = { x: 0.3127, y: 0.329 };

/** IEC 61966-2-1. */
export const SRGB_PRIMARIES: Primaries = {
  white: D65,
  red: { x: 0.64, y: 0.33 },
  green: { x: 0.3, y: 0.6 },
  blue: { x: 0.15, y: 0.06 },
};

/** SMPTE EG 432-1, with the white of sRGB. */
export const P3_PRIMARIES: Primaries = {
  white: D65,
  red: { x: 0.68, y: 0.32 },
  green: { x: 0.265, y: 0.69 },
  blue: { x: 0.15, y: 0.06 },
};

/** ITU-R BT.2020. */
export const BT2020_PRIMARIES: Primaries = {
  white: D65,
  red: { x: 0.708, y: 0.292 },
  green: { x: 0.17, y: 0.797 },
  blue: { x: 0.131, y: 0.046 },
};

/** Linear RGB of a profile's colorants, as columns, to XYZ. sRGB's as its ICC profiles have them. */
const SRGB_TO_XYZ: Matrix = [
  0.436_066, 0.385_147, 0.143_066, 0.222_488, 0.716_873, 0.060_608, 0.013_916, 0.097_076, 0.714_096,
];

/** From XYZ under D50 to linear sRGB. */
export const XYZ_TO_SRGB: Matrix = invert(SRGB_TO_XYZ) ?? [];

/** IEC 61966-2-1, and the same for negative light, so that colours outside can be interpolated. */
export function encodeSrgb(light: number): number {
  const value = Math.abs(light);
  const encoded = value <= 0.003_130_8 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
  return light < 0 ? -encoded : encoded;
}

/** The other way, from 0 to 1. */
export function decodeSrgb(value: number): number {
  return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** Linear RGB to XYZ under D50; nothing when the primaries make no space. */
export function matrixOfPrimaries(primaries: Primaries): Matrix | undefined {
  const { white, red, green, blue } = primaries;
  const [r, g, b, w] = [red, green, blue, white].map(xyzOf);
  const columns = [0, 1, 2].flatMap((row) => [r[row], g[row], b[row]]);
  const inverse = invert(columns);
  if (inverse === undefined) return undefined;
  const amounts = apply(inverse, w);
  const own = columns.map((value, index) => value * amounts[index % 3]);
  const adapted = multiply(adaptation(w), own);
  return adapted.every(Number.isFinite) ? adapted : undefined;
}

function xyzOf({ x, y }: Chromaticity): readonly number[] {
  return [x / y, 1, (1 - x - y) / y];
}

/** Bradford's cone responses (ICC.1:2022, annex E). */
const BRADFORD: Matrix = [
  0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296,
];
const BRADFORD_BACK: Matrix = invert(BRADFORD) ?? [];

function adaptation(white: readonly number[]): Matrix {
  const from = apply(BRADFORD, white);
  const to = apply(BRADFORD, D50);
  const scaled = BRADFORD.map((value, index) => {
    const row = Math.floor(index / 3);
    return (value * to[row]) / from[row];
  });
  return multiply(BRADFORD_BACK, scaled);
}

export function multiply(one: Matrix, two: Matrix): Matrix {
  return Array.from({ length: 9 }, (_, index) => {
    const row = 3 * Math.floor(index / 3);
    const column = index % 3;
    return one[row] * two[column] + one[row + 1] * two[column + 3] + one[row + 2] * two[column + 6];
  });
}

export function apply(matrix: Matrix, [x, y, z]: readonly number[]): readonly number[] {
  return [0, 3, 6].map((row) => matrix[row] * x + matrix[row + 1] * y + matrix[row + 2] * z);
}

/** By cofactors; nothing for a matrix that cannot be inverted. */
function invert([a, b, c, d, e, f, g, h, i]: Matrix): Matrix | undefined {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!(Math.abs(determinant) > 1e-9)) return undefined;
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ].map((cofactor) => cofactor / determinant);
}
