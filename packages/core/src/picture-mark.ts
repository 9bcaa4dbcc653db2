/**
 * Painting a picture as a mark, once or tiled. Its colours are brought to the model of what they go on,
 * where subsampled chroma takes the mean of what covers each of its samples.
 * @module
 */

import { arenaBytes } from './arena.ts';
import { assert } from './errors.ts';
import { bandRows, fade, inBands, reachOf } from './mark-bands.ts';
import { type Lattice, stampPiece, stampValue } from './mark-lattice.ts';
import { type Effect, inPlace, type Operation, type RunContext } from './operation.ts';
import { paintPicture, pictureRequirements, pictureScratchBytes } from './paint-picture.ts';
import type { MarkPixels, PlannedMark } from './planned-mark.ts';
import type { Raster } from './raster.ts';
import type { RasterShape } from './shape.ts';

interface PicturePainting {
  readonly picture: PlannedMark;
  readonly opacityPercent: number;
  readonly lattice: Lattice;
}

export function createPictureMark(mark: PicturePainting): Operation {
  return {
    name: 'watermark',
    requires: (shape) => pictureRequirements(shape, mark.picture.isGray),
    effect: (shape) => markEffect(shape, mark),
    run(raster, context) {
      const pixels = context.marks?.get(mark.picture);
      assert(pixels, 'a picture mark is rendered before it is painted');
      paintMark(raster, mark, pixels, context);
      return raster;
    },
  };
}

function markEffect(shape: RasterShape, { picture, lattice }: PicturePainting): Effect {
  const { width, height } = reachOf(lattice, picture, shape);
  if (width <= 0 || height <= 0) return inPlace(shape, 0, 0);
  const band = { width, height: bandRows(height) };
  const layers = shape.planes.length + 1;
  const bytes = layers * arenaBytes(band.width * band.height) + pictureScratchBytes(band, shape);
  return inPlace(shape, bytes, 2 * layers * width * height);
}

function paintMark(
  raster: Raster,
  { picture, opacityPercent, lattice }: PicturePainting,
  pixels: MarkPixels,
  context: RunContext,
): void {
  const { arena, kernels } = context;
  const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
  inBands(raster, reachOf(lattice, picture, raster), context, (band) => {
    const bytes = band.width * band.height;
    const coverage = { data: arena.allocate(bytes), box: band };
    coverage.data.fill(0);
    const { alpha } = pixels;
    if (alpha === undefined) stampValue(coverage, whole, lattice, 255);
    else stampPiece(coverage, { box: whole, data: alpha }, lattice);
    fade(coverage.data, opacityPercent);
    const planes = raster.planes.map((_, index) => {
      const canvas = { data: arena.allocate(bytes), box: band };
      // Nothing shows of this where nothing covers; it must not differ from run to run, though.
      canvas.data.fill(0);
      const data = pixels.planes[index] ?? pixels.planes[0];
      stampPiece(canvas, { box: whole, data }, lattice);
      return canvas.data;
    });
    if (raster.model === 'ycbcr') {
      const [red, green, blue] = planes;
      const stride = band.width;
      kernels.rgbToYcbcr(red, stride, green, stride, blue, stride, band.width, band.height);
    }
    const layer = { planes, coverage: coverage.data, stride: band.width, box: band };
    paintPicture(raster, layer, context);
  });
}
