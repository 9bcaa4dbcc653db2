/**
 * Painting a text mark: one line of text, its shadow below it, once or tiled over the picture.
 * Opacity belongs to the mark as a whole, so that the shadow never shines through the letters.
 * @module
 */

import { arenaBytes } from './arena.ts';
import { assert } from './errors.ts';
import { bandRows, fade, inBands, reachOf } from './mark-bands.ts';
import {
  type Canvas,
  type Lattice,
  type MarkPiece,
  stampPiece,
  visibleParts,
} from './mark-lattice.ts';
import { shiftLattice } from './mark-placement.ts';
import { type Effect, inPlace, type Operation, type RunContext } from './operation.ts';
import { paint, paintRequirements, paintScratchBytes } from './paint.ts';
import { BLACK, type Color, type Raster, type Rectangle } from './raster.ts';
import type { RasterShape, Size } from './shape.ts';
import type { TextRequest } from './text/rasterizer.ts';

/** Of the shadow, right and down, in pixels. */
const SHADOW_OFFSET = 2;

export interface TextPainting extends Size {
  readonly request: TextRequest;
  readonly color: Color;
  readonly shadowPercent: number;
  readonly opacityPercent: number;
  readonly lattice: Lattice;
}

export function createTextMark(mark: TextPainting): Operation {
  // Frames of an animation are of one size: what is drawn for the first serves them all.
  let pieces: readonly MarkPiece[] | undefined;
  return {
    name: 'watermark',
    requires: (shape) => paintRequirements(shape, mark.color),
    effect: (shape) => markEffect(shape, mark),
    run(raster, context) {
      pieces ??= drawPieces(mark, raster, context);
      paintText(raster, mark, pieces, context);
      return raster;
    },
  };
}

function markEffect(shape: RasterShape, mark: TextPainting): Effect {
  const { width, height } = paintedArea(shape, mark);
  if (width <= 0 || height <= 0) return inPlace(shape, 0, 0);
  const layers = hasShadow(mark) ? 2 : 1;
  const band = { width, height: bandRows(height) };
  const bytes = layers * arenaBytes(band.width * band.height);
  return inPlace(shape, bytes + paintScratchBytes(band, shape), 2 * layers * width * height);
}

/** The part of the picture that a mark and its shadow can reach. */
function paintedArea(picture: Size, mark: TextPainting): Rectangle {
  const reach = hasShadow(mark) ? SHADOW_OFFSET : 0;
  return reachOf(mark.lattice, { width: mark.width + reach, height: mark.height + reach }, picture);
}

function hasShadow(mark: TextPainting): boolean {
  return mark.shadowPercent > 0;
}

/** What shows of the text, or of its shadow, which shows what lies left of and above that. */
function drawPieces(mark: TextPainting, picture: Size, { text }: RunContext): MarkPiece[] {
  const reach = hasShadow(mark) ? SHADOW_OFFSET : 0;
  const { width, height } = picture;
  const seen = { left: -reach, top: -reach, width: width + reach, height: height + reach };
  return visibleParts(mark.lattice, mark, seen).map((box) => {
    assert(text, 'a text mark is planned only where there is a rasteriser');
    const drawn = text.rasterize({ ...mark.request, window: box });
    assert(
      drawn.width === box.width && drawn.height === box.height,
      `text: asked for ${box.width} x ${box.height}, drawn ${drawn.width} x ${drawn.height}`,
    );
    return { box, data: drawn.coverage };
  });
}

function paintText(
  raster: Raster,
  mark: TextPainting,
  pieces: readonly MarkPiece[],
  context: RunContext,
): void {
  inBands(raster, paintedArea(raster, mark), context, (band) => {
    const { arena } = context;
    const cover = (lattice: Lattice): Canvas => {
      const canvas = { data: arena.allocate(band.width * band.height), box: band };
      canvas.data.fill(0);
      for (const piece of pieces) stampPiece(canvas, piece, lattice);
      return canvas;
    };
    const layerOf = ({ data }: Canvas) => ({ coverage: data, stride: band.width, box: band });
    const letters = cover(mark.lattice);
    if (hasShadow(mark)) {
      const offset = { left: SHADOW_OFFSET, top: SHADOW_OFFSET };
      const shadow = cover(shiftLattice(mark.lattice, offset));
      coverShadow(shadow.data, letters.data, mark);
      paint(raster, layerOf(shadow), BLACK, context);
    }
    fade(letters.data, mark.opacityPercent);
    paint(raster, layerOf(letters), mark.color, context);
  });
}

/**
 * The shadow is painted first and the letters over it, each with the mark's opacity t. For letters of
 * coverage c to hide it, it must end up with t s (1 - c), of which the letters leave 1 - t c.
 */
function coverShadow(shadow: Uint8Array, letters: Uint8Array, mark: TextPainting): void {
  const opacity = mark.opacityPercent / 100;
  const strength = (opacity * mark.shadowPercent) / 100;
  for (let i = 0; i < shadow.length; i++) {
    const letter = letters[i] / 255;
    const left = 1 - opacity * letter;
    shadow[i] = left === 0 ? 0 : Math.round((shadow[i] * strength * (1 - letter)) / left);
  }
}
