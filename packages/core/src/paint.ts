/**
 * Painting one colour through a coverage plane, on whatever planes a raster has. Subsampled planes
 * take the mean of the coverage under each of their samples.
 * @module
 */

import { arenaBytes } from './arena.ts';
import { isGray, samplesOf } from './convert.ts';
import { intersect } from './geometry.ts';
import { type Requirement, type RunContext, withScratch } from './operation.ts';
import type { Color, Plane, Raster, Rectangle } from './raster.ts';
import { type Pitch, pitchOf, type PlaneShape, type RasterShape, type Size } from './shape.ts';

/** Coverage of a rectangle of the raster, which it may overhang; 0 to 255 a pixel. */
export interface Layer {
  readonly coverage: Uint8Array;
  readonly stride: number;
  readonly box: Rectangle;
}

/** What `paint` needs of a raster. */
export function paintRequirements(shape: RasterShape, color: Color): readonly Requirement[] {
  return [
    ...(shape.model === 'gray' && !isGray(color) ? (['color'] as const) : []),
    ...(shape.planes.every((plane) => isPaintable(plane, shape.hasAlpha))
      ? []
      : (['full-grid'] as const)),
  ];
}

/** Whether a plane's samples cover whole pixels, and so few that halving gives their means. */
function isPaintable(plane: PlaneShape, hasAlpha: boolean): boolean {
  const { x, y } = pitchOf(plane);
  const steps = hasAlpha ? [1] : [1, 2, 4];
  return (
    steps.includes(x) &&
    steps.includes(y) &&
    Number.isInteger(plane.extent.left) &&
    Number.isInteger(plane.extent.top)
  );
}

/** Scratch that painting a layer of this size takes, at most. */
export function paintScratchBytes(layer: Size, shape: RasterShape): number {
  const scratch = shape.planes.map((plane) => {
    const { x, y } = pitchOf(plane);
    if (x === 1 && y === 1) return 0;
    // The layer may begin and end within a sample; it is cut to the picture, so to the plane.
    let width = Math.min(Math.ceil(layer.width / x) + 1, plane.width) * x;
    let height = Math.min(Math.ceil(layer.height / y) + 1, plane.height) * y;
    let bytes = arenaBytes(width * height);
    for (let [across, down] = [x, y]; across > 1 || down > 1;) {
      if (across > 1) width /= 2;
      if (down > 1) height /= 2;
      across = Math.max(1, across / 2);
      down = Math.max(1, down / 2);
      bytes += arenaBytes(width * height);
    }
    return bytes;
  });
  return Math.max(...scratch);
}

/** Source-over, in place. What overhangs the picture is cut. */
export function paint(raster: Raster, layer: Layer, color: Color, context: RunContext): void {
  const cut = cutLayer(layer, raster);
  if (cut === undefined) return;
  const { box } = cut;
  const values = samplesOf(color, raster.model);
  raster.planes.forEach((plane, index) => {
    if (raster.alpha === undefined) paintOpaque(plane, raster, cut, values[index], context);
    else paintTransparent(plane, raster.alpha, cut, values[index], context);
  });
  if (raster.alpha === undefined) return;
  const { alpha } = raster;
  const target = alpha.data.subarray(box.top * alpha.stride + box.left);
  const { coverage, stride } = cut;
  context.kernels.overAlpha(target, alpha.stride, coverage, stride, box.width, box.height);
}

/** What of a layer lies on the picture; its coverage then begins there. Nothing when none does. */
export function cutLayer(layer: Layer, picture: Size): Layer | undefined {
  const box = intersect(layer.box, { left: 0, top: 0, ...sizeOf(picture) });
  if (box.width <= 0 || box.height <= 0) return undefined;
  const start = (box.top - layer.box.top) * layer.stride + (box.left - layer.box.left);
  const { stride } = layer;
  return { stride, box, coverage: layer.coverage.subarray(start) };
}

function paintOpaque(
  plane: Plane,
  picture: Size,
  layer: Layer,
  value: number,
  context: RunContext,
): void {
  const { arena, kernels } = context;
  withScratch(arena, () => {
    const mapped = layerOnPlane(layer, plane, picture, context);
    const { coverage, stride, column, row, columns, rows } = mapped;
    const target = plane.data.subarray(row * plane.stride + column);
    kernels.blendValue(target, plane.stride, coverage, stride, columns, rows, value);
  });
}

function paintTransparent(
  plane: Plane,
  alpha: Plane,
  { coverage, stride, box }: Layer,
  value: number,
  { kernels }: RunContext,
): void {
  kernels.overValue(
    plane.data.subarray(box.top * plane.stride + box.left),
    plane.stride,
    alpha.data.subarray(box.top * alpha.stride + box.left),
    alpha.stride,
    coverage,
    stride,
    box.width,
    box.height,
    value,
  );
}

/** A layer in samples of a plane. */
interface PlaneLayer {
  readonly coverage: Uint8Array;
  readonly stride: number;
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  readonly rows: number;
}

/** The mean coverage under each sample of a plane; in scratch where samples cover several pixels. */
export function layerOnPlane(
  layer: Layer,
  plane: Plane,
  picture: Size,
  context: RunContext,
): PlaneLayer {
  const { arena, kernels } = context;
  const { box } = layer;
  const pitch = pitchOf(plane);
  const left = box.left - plane.extent.left;
  const top = box.top - plane.extent.top;
  const column = Math.floor(left / pitch.x);
  const row = Math.floor(top / pitch.y);
  const columns = Math.ceil((left + box.width) / pitch.x) - column;
  const rows = Math.ceil((top + box.height) / pitch.y) - row;
  if (pitch.x === 1 && pitch.y === 1) {
    return { coverage: layer.coverage, stride: layer.stride, column, row, columns, rows };
  }
  // Whole samples of the plane, with nothing where the layer does not reach.
  const width = columns * pitch.x;
  const height = rows * pitch.y;
  const pixels = arena.allocate(width * height);
  kernels.fill(pixels, width, width, height, 0);
  const place = (top - row * pitch.y) * width + (left - column * pitch.x);
  const target = pixels.subarray(place);
  kernels.copy(layer.coverage, layer.stride, target, width, box.width, box.height);
  repeatEdges(pixels, width, height, {
    left: -(plane.extent.left + column * pitch.x),
    top: -(plane.extent.top + row * pitch.y),
    width: picture.width,
    height: picture.height,
  });
  const coverage = meansOf(pixels, width, height, pitch, context);
  return { coverage, stride: columns, column, row, columns, rows };
}

/**
 * Edge samples of an odd-sided picture cover pixels beyond it. What the picture's last pixels show,
 * they must show too, or a part of the old colour would be left along the edge.
 */
function repeatEdges(
  coverage: Uint8Array,
  width: number,
  height: number,
  picture: Rectangle,
): void {
  const right = Math.min(width, picture.left + picture.width);
  const bottom = Math.min(height, picture.top + picture.height);
  const left = Math.max(0, picture.left);
  const top = Math.max(0, picture.top);
  for (let row = top * width; row < bottom * width; row += width) {
    coverage.fill(coverage[row + left], row, row + left);
    coverage.fill(coverage[row + right - 1], row + right, row + width);
  }
  for (let y = 0; y < top; y++) {
    coverage.copyWithin(y * width, top * width, (top + 1) * width);
  }
  for (let y = bottom; y < height; y++) {
    coverage.copyWithin(y * width, (bottom - 1) * width, bottom * width);
  }
}

/** Halves until a pitch of 1 is left on both axes. */
function meansOf(
  pixels: Uint8Array,
  fullWidth: number,
  fullHeight: number,
  pitch: Pitch,
  { arena, kernels }: RunContext,
): Uint8Array {
  let [coverage, width, height] = [pixels, fullWidth, fullHeight];
  let { x, y } = pitch;
  while (x > 1 || y > 1) {
    const both = x > 1 && y > 1;
    const halve = both ? kernels.halveBoth : x > 1 ? kernels.halveColumns : kernels.halveRows;
    const halfWidth = x > 1 ? width / 2 : width;
    const halfHeight = y > 1 ? height / 2 : height;
    const half = arena.allocate(halfWidth * halfHeight);
    halve(coverage, width, half, halfWidth, width, height);
    [coverage, width, height] = [half, halfWidth, halfHeight];
    x = Math.max(1, x / 2);
    y = Math.max(1, y / 2);
  }
  return coverage;
}

function sizeOf({ width, height }: Size): Size {
  return { width, height };
}
