/**
 * Planes brought to the finest grid of their picture. By triangles where libjpeg does ("fancy": 2:1
 * across, down or both), with its roundings, so that samples are equal to its; every other ratio, odd
 * ones too, repeats samples. Edges of a region lack the neighbours outside: see `widenRegion`.
 * @module
 */

import type { Rectangle } from '@safelight/core';
import type { JpegPlaneTarget } from './decoder.ts';
import type { JpegDecodePlan } from './plan.ts';

/** The finest grid of a decode: one sample a pixel at 8/8. */
export interface JpegGrid {
  readonly width: number;
  readonly height: number;
  /** What the samples cover, in stored pixels of the whole picture. */
  readonly extent: Rectangle;
}

/** The grid that `upsampleJpegPlane` fills, whatever the plane. */
export function fullGridOf({
  layout,
  scale,
  mcus,
  mostAcross,
  mostDown,
}: JpegDecodePlan): JpegGrid {
  const left = mcus.left * mostAcross;
  const top = mcus.top * mostDown;
  const right = Math.min(mcus.right * mostAcross * scale, Math.ceil((layout.width * scale) / 8));
  const bottom = Math.min(mcus.bottom * mostDown * scale, Math.ceil((layout.height * scale) / 8));
  const width = right - left * scale;
  const height = bottom - top * scale;
  return {
    width,
    height,
    extent: {
      left: 8 * left,
      top: 8 * top,
      width: (8 * width) / scale,
      height: (8 * height) / scale,
    },
  };
}

/** What a plan delivers and the samples around it, on which its upsampled edges depend. */
export function widenRegion(plan: JpegDecodePlan): Rectangle {
  const { left, top, width, height } = fullGridOf(plan).extent;
  const across = (8 * plan.mostAcross) / plan.scale;
  const down = (8 * plan.mostDown) / plan.scale;
  return {
    left: left - across,
    top: top - down,
    width: width + 2 * across,
    height: height + 2 * down,
  };
}

/** Whether the plane has the finest grid already. */
export function isFullGrid(
  { layout, mostAcross, mostDown }: JpegDecodePlan,
  index: number,
): boolean {
  const { horizontalSampling, verticalSampling } = layout.components[index];
  return horizontalSampling === mostAcross && verticalSampling === mostDown;
}

/**
 * Brings plane `index` of a decode to the grid of `fullGridOf`. The source holds what the plan says;
 * the target takes `(height - 1) * stride + width` bytes and does not overlap it.
 */
export function upsampleJpegPlane(
  plan: JpegDecodePlan,
  index: number,
  source: JpegPlaneTarget,
  target: JpegPlaneTarget,
): void {
  const { layout, mostAcross, mostDown, planes } = plan;
  const { horizontalSampling, verticalSampling } = layout.components[index];
  const plane = planes[index];
  const isDoubled = 2 * horizontalSampling === mostAcross;
  const isSame = horizontalSampling === mostAcross;
  const isDoubledDown = 2 * verticalSampling === mostDown;
  const isSameDown = verticalSampling === mostDown;
  // libjpeg has no triangles for a plane of two columns.
  const isTriangle =
    (isDoubled && plane.fullWidth > 2 && (isDoubledDown || isSameDown)) ||
    (isSame && isDoubledDown);
  if (isTriangle) {
    interpolate(plan, { index, isDoubled, isDoubledDown }, source, target);
  } else {
    repeatSamples(plan, index, source, target);
  }
}

/** Rows near and far 3 to 1, then columns; each output is the nearest sample's and one neighbour's. */
function interpolate(
  plan: JpegDecodePlan,
  {
    index,
    isDoubled,
    isDoubledDown,
  }: { index: number; isDoubled: boolean; isDoubledDown: boolean },
  source: JpegPlaneTarget,
  target: JpegPlaneTarget,
): void {
  const { width, height } = plan.planes[index];
  const grid = fullGridOf(plan);
  const sums = new Int32Array(width);
  for (let y = 0; y < grid.height; y++) {
    const output = target.data.subarray(y * target.stride, y * target.stride + grid.width);
    const near = isDoubledDown ? y >> 1 : y;
    const isLower = isDoubledDown && (y & 1) === 1;
    if (isDoubledDown) {
      const far = Math.min(height - 1, Math.max(0, isLower ? near + 1 : near - 1));
      addRows(source, near, far, sums);
    } else {
      const row = near * source.stride;
      for (let x = 0; x < width; x++) sums[x] = source.data[row + x];
    }
    // libjpeg's roundings: halves go up and down by turns, so that the mean stays.
    if (!isDoubled) {
      const half = isLower ? 2 : 1;
      for (let x = 0; x < grid.width; x++) output[x] = (sums[x] + half) >> 2;
    } else if (isDoubledDown) {
      doubleColumns(sums, output, 8, 7, 4);
    } else {
      doubleColumns(sums, output, 1, 2, 2);
    }
  }
}

function addRows(
  { data, stride }: JpegPlaneTarget,
  near: number,
  far: number,
  sums: Int32Array,
): void {
  const nearRow = near * stride;
  const farRow = far * stride;
  for (let x = 0; x < sums.length; x++) sums[x] = 3 * data[nearRow + x] + data[farRow + x];
}

/** An odd width leaves the last right half out. */
function doubleColumns(
  sums: Int32Array,
  output: Uint8Array,
  leftHalf: number,
  rightHalf: number,
  shift: number,
): void {
  const last = sums.length - 1;
  for (let x = 0; x <= last; x++) {
    const here = 3 * sums[x];
    output[2 * x] = (here + sums[x === 0 ? 0 : x - 1] + leftHalf) >> shift;
    // Beyond the end of the row this writes nothing.
    output[2 * x + 1] = (here + sums[x === last ? last : x + 1] + rightHalf) >> shift;
  }
}

function repeatSamples(
  plan: JpegDecodePlan,
  index: number,
  source: JpegPlaneTarget,
  target: JpegPlaneTarget,
): void {
  const { layout, mostAcross, mostDown } = plan;
  const { horizontalSampling, verticalSampling } = layout.components[index];
  const grid = fullGridOf(plan);
  const columns = Int32Array.from({ length: grid.width }, (_, x) =>
    Math.floor((x * horizontalSampling) / mostAcross),
  );
  for (let y = 0; y < grid.height; y++) {
    const from = Math.floor((y * verticalSampling) / mostDown) * source.stride;
    const to = y * target.stride;
    for (let x = 0; x < grid.width; x++) target.data[to + x] = source.data[from + columns[x]];
  }
}
