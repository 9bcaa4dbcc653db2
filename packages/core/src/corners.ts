/**
 * Rounding the four corners, up to a whole disc: transparent where the output has alpha, white where it has not.
 * Antialiased quarter discs; a pixel's coverage is its centre's distance inside the circle.
 * @module
 */

import { arenaBytes } from './arena.ts';
import {
  type Effect,
  inPlace,
  type Operation,
  type OutputTraits,
  type RunContext,
  withScratch,
} from './operation.ts';
import { paint, paintRequirements, paintScratchBytes } from './paint.ts';
import { type Raster, WHITE } from './raster.ts';
import { type RasterShape, type Size } from './shape.ts';

/** Of the language, pixels. */
export const MAX_CORNER_RADIUS = 4_096;

/** `radius` in pixels; more than half of the shorter side is taken as half. */
export function createCorners(radius: number): Operation {
  return {
    name: 'round corners',
    leavesEmpty: true,
    requires: (shape, output) =>
      output.alpha
        ? ['full-grid', ...(shape.hasAlpha ? [] : (['alpha'] as const))]
        : paintRequirements(shape, WHITE),
    effect: (shape, output) => cornersEffect(shape, radius, output),
    run: (raster, context) => roundCorners(raster, radius, context),
  };
}

function cornersEffect(shape: RasterShape, radius: number, output: OutputTraits): Effect {
  const side = Math.ceil(cornerRadius(shape, radius));
  const painting = output.alpha ? 0 : paintScratchBytes({ width: side, height: side }, shape);
  return inPlace(shape, 2 * arenaBytes(side * side) + painting, 4 * side * side);
}

function cornerRadius(picture: Size, radius: number): number {
  return Math.min(radius, picture.width / 2, picture.height / 2);
}

function roundCorners(raster: Raster, wanted: number, context: RunContext): Raster {
  const { arena, kernels, output } = context;
  const radius = cornerRadius(raster, wanted);
  const side = Math.ceil(radius);
  const right = raster.width - side;
  const bottom = raster.height - side;
  withScratch(arena, () => {
    const corner = arena.allocate(side * side);
    const turned = arena.allocate(side * side);
    fillCorner(corner, side, radius, output.alpha);
    const places = [
      { left: 0, top: 0, move: kernels.copy },
      { left: right, top: 0, move: kernels.flipHorizontal },
      { left: 0, top: bottom, move: kernels.flipVertical },
      { left: right, top: bottom, move: kernels.rotate180 },
    ];
    for (const { left, top, move } of places) {
      move(corner, side, turned, side, side, side);
      if (raster.alpha === undefined) {
        const box = { left, top, width: side, height: side };
        paint(raster, { coverage: turned, stride: side, box }, WHITE, context);
      } else {
        const { data, stride } = raster.alpha;
        kernels.multiply(data.subarray(top * stride + left), stride, turned, side, side, side);
      }
    }
  });
  return raster;
}

/** The top left corner: how much of the disc, or of what lies outside, each pixel shows. */
function fillCorner(target: Uint8Array, side: number, radius: number, isInside: boolean): void {
  for (let y = 0; y < side; y++) {
    const dy = radius - y - 0.5;
    for (let x = 0; x < side; x++) {
      const dx = radius - x - 0.5;
      const inside = radius - Math.sqrt(dx * dx + dy * dy) + 0.5;
      const coverage = Math.round(Math.min(1, Math.max(0, inside)) * 255);
      target[y * side + x] = isInside ? coverage : 255 - coverage;
    }
  }
}
