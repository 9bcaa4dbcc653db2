/**
 * Curves of a profile, `curv` and `para` (ICC.1:2022, 10.6 and 10.18). Whatever their parameters are,
 * a curve here gives a number from 0 to 1.
 * @module
 */

import type { TransferFunction } from './calibration.ts';
import { fixedAt, signatureAt } from './icc-profile.ts';

/** From 0...1 to 0...1. */
export type ToneCurve = (value: number) => number;

export interface ReadCurve {
  readonly curve: ToneCurve;
  /** With the padding to whole words that stands before the next curve of a list. */
  readonly byteLength: number;
}

/** The curve at the start of `view`, or nothing when it does not lie inside. */
export function readCurve(view: DataView): ReadCurve | undefined {
  if (view.byteLength < 12) return undefined;
  const type = signatureAt(view, 0);
  if (type === 'curv') return readSampledCurve(view);
  return type === 'para' ? readParametricCurve(view) : undefined;
}

function readSampledCurve(view: DataView): ReadCurve | undefined {
  const count = view.getUint32(8);
  if (12 + 2 * count > view.byteLength) return undefined;
  const byteLength = wholeWords(12 + 2 * count);
  if (count === 0) return { curve: clampUnit, byteLength };
  if (count === 1) {
    const gamma = view.getUint16(12) / 256;
    return { curve: (value) => clampUnit(clampUnit(value) ** gamma), byteLength };
  }
  const samples = Float64Array.from(
    { length: count },
    (_, i) => view.getUint16(12 + 2 * i) / 65_535,
  );
  return { curve: curveThrough(samples), byteLength };
}

/** Linear between samples that stand equally far from one another. */
export function curveThrough(samples: Float64Array): ToneCurve {
  const last = samples.length - 1;
  return (value) => {
    const place = clampUnit(value) * last;
    const left = Math.min(Math.floor(place), last - 1);
    return samples[left] + (samples[left + 1] - samples[left]) * (place - left);
  };
}

/** Parameters of each function type, in the order of `g a b c d e f`. */
const PARAMETER_COUNTS = [1, 3, 4, 5, 7] as const;

function readParametricCurve(view: DataView): ReadCurve | undefined {
  const type = view.getUint16(8);
  const count = PARAMETER_COUNTS[type];
  if (count === undefined || 12 + 4 * count > view.byteLength) return undefined;
  const given = Array.from({ length: count }, (_, i) => fixedAt(view, 12 + 4 * i));
  const [gamma, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = given;
  // Types 1 and 2 name no place: theirs is where the power's base becomes positive.
  const isPlaced = type === 0 || type > 2;
  const transfer: TransferFunction = isPlaced
    ? { gamma, a, b, c, d, e, f }
    : { gamma, a, b, c: 0, d: a === 0 ? 0 : -b / a, e: c, f: c };
  return { curve: curveOf(transfer), byteLength: wholeWords(12 + 4 * count) };
}

export function curveOf({ gamma, a, b, c, d, e, f }: TransferFunction): ToneCurve {
  return (value) => {
    const x = clampUnit(value);
    return clampUnit(x >= d ? Math.max(0, a * x + b) ** gamma + e : c * x + f);
  };
}

/** What is no number counts as nothing. */
export function clampUnit(value: number): number {
  return value > 0 ? Math.min(value, 1) : 0;
}

function wholeWords(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
