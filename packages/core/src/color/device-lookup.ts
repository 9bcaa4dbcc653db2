/**
 * Profiles of measured devices: `lut8Type`, `lut16Type` and `lutAToBType` (ICC.1:2022, 10.10 to 10.12),
 * from device samples to XYZ. Grids may claim any size: one that does not lie inside its tag is none.
 * @module
 */

import { fixedAt, type IccProfile, signatureAt } from './icc-profile.ts';
import { apply, D50, type Matrix } from './srgb.ts';
import { clampUnit, curveThrough, readCurve, type ToneCurve } from './tone-curve.ts';

/** Device samples, 0...1, to XYZ under D50, which is written to `xyz`. */
export type DeviceLookup = (device: Float64Array, xyz: Float64Array) => void;

/** The lookup of a tag with `inputs` device samples, or nothing when it is not made as it should be. */
export function readLookup(
  tag: DataView | undefined,
  inputs: number,
  connection: IccProfile['connection'],
): DeviceLookup | undefined {
  if (tag === undefined || tag.byteLength < 32) return undefined;
  const type = signatureAt(tag, 0);
  if (tag.getUint8(8) !== inputs || tag.getUint8(9) !== 3) return undefined;
  const stages =
    type === 'mAB '
      ? readStages(tag, inputs)
      : type === 'mft1' || type === 'mft2'
        ? readTables(tag, inputs, type === 'mft1' ? 1 : 2)
        : undefined;
  if (stages === undefined) return undefined;
  // 16-bit Lab of lut16Type is that of version 2: 100 stands at 0xff00 (ICC.1:2022, 10.10).
  const labUnit = type === 'mft2' ? 65_535 / 65_280 : 1;
  const between = new Float64Array(3);
  const lookup: DeviceLookup = (device, xyz) => {
    stages(device, between);
    if (connection === 'Lab ') labToXyz(between, labUnit, xyz);
    else for (let i = 0; i < 3; i++) xyz[i] = between[i] * XYZ_MOST;
  };
  return withBlack(lookup, new Float64Array(inputs).fill(inputs === 4 ? 1 : 0));
}

/** L* 50: what is lighter is no black. */
const MAX_BLACK = 0.1842;

/**
 * Black point compensation (after ISO 18619, each of X, Y and Z by itself): the darkest that the device can do becomes black, and all else
 * is scaled under the same white. Ink on paper would otherwise be a dark grey on a screen.
 */
function withBlack(lookup: DeviceLookup, darkest: Float64Array): DeviceLookup {
  const black = new Float64Array(3);
  lookup(darkest, black);
  for (let i = 0; i < 3; i++) black[i] = Math.min(MAX_BLACK * D50[i], clampUnit(black[i]));
  return (device, target) => {
    lookup(device, target);
    for (let i = 0; i < 3; i++) {
      target[i] = ((target[i] - black[i]) * D50[i]) / (D50[i] - black[i]);
    }
  };
}

/** Device samples to encoded connection values, 0...1. */
type Stages = (device: Float64Array, target: Float64Array) => void;

/** What 0xffff stands for in encoded XYZ (ICC.1:2022, 6.3.4.2). */
const XYZ_MOST = 1 + 32_767 / 32_768;

function labToXyz(encoded: Float64Array, unit: number, xyz: Float64Array): void {
  const fy = (encoded[0] * unit * 100 + 16) / 116;
  const fx = fy + (encoded[1] * unit * 255 - 128) / 500;
  const fz = fy - (encoded[2] * unit * 255 - 128) / 200;
  xyz[0] = D50[0] * cubeOf(fx);
  xyz[1] = D50[1] * cubeOf(fy);
  xyz[2] = D50[2] * cubeOf(fz);
}

function cubeOf(value: number): number {
  return value > 6 / 29 ? value ** 3 : (value - 4 / 29) * 3 * (6 / 29) ** 2;
}

/** `lut8Type` and `lut16Type`: curves, grid, curves. Their matrix is for devices that speak XYZ. */
function readTables(tag: DataView, inputs: number, sampleBytes: 1 | 2): Stages | undefined {
  const isNarrow = sampleBytes === 1;
  if (!isNarrow && tag.byteLength < 52) return undefined;
  const nodes = tag.getUint8(10);
  const entersWith = isNarrow ? 256 : tag.getUint16(48);
  const leavesWith = isNarrow ? 256 : tag.getUint16(50);
  const start = isNarrow ? 48 : 52;
  const gridSamples = 3 * nodes ** inputs;
  const samples = inputs * entersWith + gridSamples + 3 * leavesWith;
  const isSound = nodes >= 2 && entersWith >= 2 && leavesWith >= 2;
  if (!isSound || start + samples * sampleBytes > tag.byteLength) return undefined;
  let at = start;
  const take = (count: number): Float64Array => {
    const taken = readNumbers(tag, at, count, sampleBytes);
    at += count * sampleBytes;
    return taken;
  };
  const entering = Array.from({ length: inputs }, () => curveThrough(take(entersWith)));
  const grid = take(gridSamples);
  const leaving = Array.from({ length: 3 }, () => curveThrough(take(leavesWith)));
  const interpolate = createGrid(
    grid,
    Array.from({ length: inputs }, () => nodes),
  );
  const entered = new Float64Array(inputs);
  return (device, target) => {
    for (let i = 0; i < inputs; i++) entered[i] = entering[i](device[i]);
    interpolate(entered, target);
    for (let i = 0; i < 3; i++) target[i] = leaving[i](target[i]);
  };
}

function readNumbers(view: DataView, at: number, count: number, bytes: 1 | 2): Float64Array {
  return Float64Array.from({ length: count }, (_, i) =>
    bytes === 1 ? view.getUint8(at + i) / 255 : view.getUint16(at + 2 * i) / 65_535,
  );
}

/** `lutAToBType`: A curves, grid, M curves, matrix, B curves; all but the last may be missing. */
function readStages(tag: DataView, inputs: number): Stages | undefined {
  const [b, matrixAt, m, gridAt, a] = [12, 16, 20, 24, 28].map((at) => tag.getUint32(at));
  const leaving = readCurves(tag, b, 3);
  const middle = m === 0 ? [] : readCurves(tag, m, 3);
  const matrix = matrixAt === 0 ? IDENTITY : readMatrix(tag, matrixAt);
  const entering = a === 0 ? [] : readCurves(tag, a, inputs);
  const interpolate = gridAt === 0 ? undefined : readGrid(tag, gridAt, inputs);
  if (!leaving || !middle || !matrix || !entering) return undefined;
  // Without a grid there is nothing to make three of four.
  if (interpolate === undefined && (gridAt !== 0 || inputs !== 3)) return undefined;
  const entered = new Float64Array(inputs);
  return (device, target) => {
    for (let i = 0; i < inputs; i++) entered[i] = entering[i]?.(device[i]) ?? device[i];
    if (interpolate === undefined) target.set(entered);
    else interpolate(entered, target);
    for (let i = 0; i < middle.length; i++) target[i] = middle[i](target[i]);
    const mixed = apply(matrix.factors, Array.from(target));
    for (let i = 0; i < 3; i++) target[i] = leaving[i](mixed[i] + matrix.offsets[i]);
  };
}

function readCurves(tag: DataView, at: number, count: number): ToneCurve[] | undefined {
  const curves: ToneCurve[] = [];
  for (let i = 0, start = at; i < count; i++) {
    if (start < 32 || start >= tag.byteLength) return undefined;
    const read = readCurve(part(tag, start));
    if (read === undefined) return undefined;
    curves.push(read.curve);
    start += read.byteLength;
  }
  return curves;
}

interface Affine {
  readonly factors: Matrix;
  readonly offsets: readonly number[];
}

const IDENTITY: Affine = { factors: [1, 0, 0, 0, 1, 0, 0, 0, 1], offsets: [0, 0, 0] };

function readMatrix(tag: DataView, at: number): Affine | undefined {
  if (at + 48 > tag.byteLength) return undefined;
  const numbers = Array.from({ length: 12 }, (_, i) => fixedAt(tag, at + 4 * i));
  return { factors: numbers.slice(0, 9), offsets: numbers.slice(9) };
}

function readGrid(tag: DataView, at: number, inputs: number): Stages | undefined {
  if (at + 20 > tag.byteLength) return undefined;
  const nodes = Array.from({ length: inputs }, (_, i) => tag.getUint8(at + i));
  const bytes = tag.getUint8(at + 16);
  const samples = nodes.reduce((product, count) => product * count, 3);
  const isSound = nodes.every((count) => count >= 2) && (bytes === 1 || bytes === 2);
  if (!isSound || at + 20 + samples * bytes > tag.byteLength) return undefined;
  return createGrid(readNumbers(tag, at + 20, samples, bytes), nodes);
}

/** Linear along each axis; the last axis varies fastest (ICC.1:2022, 10.12.3). */
function createGrid(samples: Float64Array, nodes: readonly number[]): Stages {
  const axes = nodes.length;
  const strides = nodes.map((_, axis) => nodes.slice(axis + 1).reduce((p, n) => p * n, 3));
  // Of each corner of a cell, which the axes double one after the other.
  const offsets = new Int32Array(2 ** axes);
  const weights = new Float64Array(2 ** axes);
  return (device, target) => {
    let base = 0;
    let corners = 1;
    weights[0] = 1;
    for (let axis = 0; axis < axes; axis++) {
      const place = clampUnit(device[axis]) * (nodes[axis] - 1);
      const node = Math.min(Math.floor(place), nodes[axis] - 2);
      const share = place - node;
      base += node * strides[axis];
      // A sample on a node needs no neighbour: half of the corners less.
      if (share === 0) continue;
      for (let corner = 0; corner < corners; corner++) {
        offsets[corners + corner] = offsets[corner] + strides[axis];
        weights[corners + corner] = weights[corner] * share;
        weights[corner] *= 1 - share;
      }
      corners *= 2;
    }
    let one = 0;
    let two = 0;
    let three = 0;
    for (let corner = 0; corner < corners; corner++) {
      const at = base + offsets[corner];
      const weight = weights[corner];
      one += weight * samples[at];
      two += weight * samples[at + 1];
      three += weight * samples[at + 2];
    }
    target[0] = one;
    target[1] = two;
    target[2] = three;
  };
}

function part(view: DataView, start: number): DataView {
  return new DataView(view.buffer, view.byteOffset + start, view.byteLength - start);
}
