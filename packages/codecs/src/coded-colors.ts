/**
 * Colours by code points (ITU-T H.273): what PNG's cICP and HEIF's nclx have in common. Easily got
 * wrong: high dynamic range is not brought into the range of a screen, so its curves have no entry.
 * @module
 */

import {
  BT2020_PRIMARIES,
  type Calibration,
  P3_PRIMARIES,
  type Primaries,
  SRGB_PRIMARIES,
  type TransferFunction,
} from '@safelight/core';

/** IEC 61966-2-1. */
export const SRGB_TRANSFER: TransferFunction = {
  gamma: 2.4,
  a: 1 / 1.055,
  b: 0.055 / 1.055,
  c: 1 / 12.92,
  d: 0.040_45,
  e: 0,
  f: 0,
};

/** ITU-R BT.709: of cameras, but files that name it hold what screens show by it. */
const BT709_TRANSFER: TransferFunction = {
  gamma: 1 / 0.45,
  a: 1 / 1.099,
  b: 0.099 / 1.099,
  c: 1 / 4.5,
  d: 0.081,
  e: 0,
  f: 0,
};

export function powerOf(gamma: number): TransferFunction {
  return { gamma, a: 1, b: 0, c: 0, d: 0, e: 0, f: 0 };
}

/** H.273, tables 2 and 3, as far as one curve and three primaries say it all. */
const PRIMARIES: ReadonlyMap<number, Primaries> = new Map([
  [1, SRGB_PRIMARIES],
  [9, BT2020_PRIMARIES],
  [12, P3_PRIMARIES],
]);
const TRANSFERS: ReadonlyMap<number, TransferFunction> = new Map([
  [1, BT709_TRANSFER],
  [4, powerOf(2.2)],
  [5, powerOf(2.8)],
  [6, BT709_TRANSFER],
  [8, powerOf(1)],
  [13, SRGB_TRANSFER],
  [14, BT709_TRANSFER],
  [15, BT709_TRANSFER],
]);

/** The code points of one picture. */
export interface ColorCodes {
  readonly primaries: number;
  readonly transfer: number;
}

/** Nothing for codes that are not known, say nothing, or mean high dynamic range. */
export function codedCalibration(codes: ColorCodes): Calibration | undefined {
  const primaries = PRIMARIES.get(codes.primaries);
  const transfer = TRANSFERS.get(codes.transfer);
  return primaries && transfer && { primaries, transfer };
}
