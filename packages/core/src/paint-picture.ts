/**
 * Painting a picture through a coverage plane, on whatever planes a raster has. Subsampled planes take
 * the mean of the picture's colours weighted by their coverage, not the mean of the colours alone.
 * @module
 */

import { arenaBytes } from './arena.ts';
import { type Requirement, type RunContext, withScratch } from './operation.ts';
import {
  cutLayer,
  type Layer,
  layerOnPlane,
  paintRequirements,
  paintScratchBytes,
} from './paint.ts';
import { BLACK, type Plane, type Raster } from './raster.ts';
import { pitchOf, type RasterShape, type Size } from './shape.ts';

/** Colours for each plane of the raster's model, one sample a pixel of `box`, all of one stride. */
export interface PictureLayer extends Layer {
  readonly planes: readonly Uint8Array[];
}

/** What `paintPicture` needs of a raster. */
export function pictureRequirements(shape: RasterShape, isGray: boolean): readonly Requirement[] {
  const requirements = paintRequirements(shape, BLACK);
  return shape.model === 'gray' && !isGray ? ['color', ...requirements] : requirements;
}

/** Scratch that painting a picture of this size takes, at most. */
export function pictureScratchBytes(layer: Size, shape: RasterShape): number {
  const means = paintScratchBytes(layer, shape);
  return means === 0 ? 0 : arenaBytes(layer.width * layer.height) + 2 * means;
}

/** Source-over, in place. What overhangs the raster is cut. */
export function paintPicture(raster: Raster, layer: PictureLayer, context: RunContext): void {
  const cut = cutLayer(layer, raster);
  if (cut === undefined) return;
  const { kernels } = context;
  const { coverage, stride, box } = cut;
  const { alpha } = raster;
  const start = layer.coverage.length - coverage.length;
  const over = alpha?.data.subarray(box.top * alpha.stride + box.left);
  raster.planes.forEach((plane, index) => {
    const source = layer.planes[index].subarray(start);
    if (alpha === undefined || over === undefined) {
      paintOpaque(plane, raster, cut, source, context);
      return;
    }
    kernels.overPlane(
      plane.data.subarray(box.top * plane.stride + box.left),
      plane.stride,
      over,
      alpha.stride,
      source,
      stride,
      coverage,
      stride,
      box.width,
      box.height,
    );
  });
  if (alpha === undefined || over === undefined) return;
  kernels.overAlpha(over, alpha.stride, coverage, stride, box.width, box.height);
}

function paintOpaque(
  plane: Plane,
  picture: Size,
  layer: Layer,
  source: Uint8Array,
  context: RunContext,
): void {
  const { arena, kernels } = context;
  withScratch(arena, () => {
    const { stride, box } = layer;
    const { width, height } = box;
    const pitch = pitchOf(plane);
    const mapped = layerOnPlane(layer, plane, picture, context);
    const { coverage, stride: coverageStride, column, row, columns, rows } = mapped;
    let colors = source;
    if (pitch.x > 1 || pitch.y > 1) {
      const weighted = arena.allocate(width * height);
      kernels.premultiply(source, stride, layer.coverage, stride, weighted, width, width, height);
      const sums = layerOnPlane(
        { coverage: weighted, stride: width, box },
        plane,
        picture,
        context,
      ).coverage;
      kernels.unpremultiply(sums, columns, coverage, columns, sums, columns, columns, rows);
      colors = sums;
    }
    const target = plane.data.subarray(row * plane.stride + column);
    kernels.blendPlane(
      target,
      plane.stride,
      colors,
      coverageStride,
      coverage,
      coverageStride,
      columns,
      rows,
    );
  });
}
