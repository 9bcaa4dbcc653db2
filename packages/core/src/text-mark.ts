/**
 * Painting a text mark: one line of text, its shadow below it, once or tiled over the picture.
 * Opacity belongs to the mark as a whole, so that the shadow never shines through the letters.
 * @module
 */

import type { ResolvedMark } from './actions/watermark.ts';
import { arenaBytes } from './arena.ts';
import { assert } from './errors.ts';
import { intersect } from './geometry.ts';
import { type Effect, inPlace, type Operation, type RunContext, withScratch } from './operation.ts';
import { paint, paintRequirements, paintScratchBytes } from './paint.ts';
import { BLACK, type Raster, type Rectangle } from './raster.ts';
import type { RasterShape, Size } from './shape.ts';
import type { TextRequest } from './text/rasterizer.ts';

/** Of the shadow, right and down, in pixels. */
const SHADOW_OFFSET = 2;

/** `box` is where the mark, or one of its tiles, lies on the picture. */
export function createTextMark(
  mark: ResolvedMark,
  request: TextRequest,
  box: Rectangle,
): Operation {
  return {
    name: 'watermark',
    requires: (shape) => paintRequirements(shape, mark.text.color),
    effect: (shape) => markEffect(shape, mark, box),
    run: (raster, context) => paintMark(raster, mark, request, box, context),
  };
}

function markEffect(shape: RasterShape, mark: ResolvedMark, box: Rectangle): Effect {
  const area = paintedArea(shape, mark, box);
  if (area.width <= 0 || area.height <= 0) return inPlace(shape, 0, 0);
  const layers = hasShadow(mark) ? 2 : 1;
  const bytes = arenaBytes(box.width * box.height) + layers * arenaBytes(area.width * area.height);
  return inPlace(
    shape,
    bytes + paintScratchBytes(area, shape),
    2 * layers * area.width * area.height,
  );
}

/** The part of the picture that a mark and its shadow can reach. */
function paintedArea(picture: Size, mark: ResolvedMark, box: Rectangle): Rectangle {
  const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
  if (mark.tile) return whole;
  const reach = hasShadow(mark) ? SHADOW_OFFSET : 0;
  return intersect(whole, { ...box, width: box.width + reach, height: box.height + reach });
}

function hasShadow(mark: ResolvedMark): boolean {
  return mark.text.shadowPercent > 0;
}

function paintMark(
  raster: Raster,
  mark: ResolvedMark,
  request: TextRequest,
  box: Rectangle,
  context: RunContext,
): Raster {
  const { arena } = context;
  const area = paintedArea(raster, mark, box);
  if (area.width <= 0 || area.height <= 0) return raster;
  withScratch(arena, () => {
    const tile = copyCoverage(request, box, context);
    const lattice = latticeOf(mark, box, area);
    const layerOf = (coverage: Uint8Array) => ({ coverage, stride: area.width, box: area });
    const letters = arena.allocate(area.width * area.height);
    fillLattice(letters, area, tile, box, lattice);
    if (hasShadow(mark)) {
      const shadow = arena.allocate(area.width * area.height);
      fillLattice(shadow, area, tile, box, {
        ...lattice,
        left: lattice.left + SHADOW_OFFSET,
        top: lattice.top + SHADOW_OFFSET,
      });
      coverShadow(shadow, letters, mark);
      paint(raster, layerOf(shadow), BLACK, context);
    }
    fade(letters, mark.opacityPercent);
    paint(raster, layerOf(letters), mark.text.color, context);
  });
  return raster;
}

/** The rasteriser's bytes are its own; kernels read the arena only. */
function copyCoverage(request: TextRequest, box: Size, context: RunContext): Uint8Array {
  const { arena, text } = context;
  assert(text, 'a text mark is planned only where there is a rasteriser');
  const drawn = text.rasterize(request);
  assert(
    drawn.width === box.width && drawn.height === box.height,
    `text: measured ${box.width} x ${box.height}, drawn ${drawn.width} x ${drawn.height}`,
  );
  const bytes = box.width * box.height;
  const copy = arena.allocate(bytes);
  copy.set(drawn.coverage.subarray(0, bytes));
  return copy;
}

/** Where tiles begin, in pixels of the painted area, and how far they are apart. */
interface Lattice {
  readonly left: number;
  readonly top: number;
  readonly periodX: number;
  readonly periodY: number;
}

/** Tiles repeat in all directions from where the mark would lie alone. */
function latticeOf(mark: ResolvedMark, box: Rectangle, area: Rectangle): Lattice {
  const left = box.left - area.left;
  const top = box.top - area.top;
  // A period that no area reaches leaves the mark alone.
  const alone = Number.MAX_SAFE_INTEGER;
  return {
    left,
    top,
    periodX: mark.tile ? box.width + mark.tileGapX : alone,
    periodY: mark.tile ? box.height + mark.tileGapY : alone,
  };
}

/** Looks up each pixel of the area in the tile; work is bounded by the area, however small the tile. */
function fillLattice(
  target: Uint8Array,
  area: Size,
  tile: Uint8Array,
  tileSize: Size,
  { left, top, periodX, periodY }: Lattice,
): void {
  const firstColumn = positiveRemainder(-left, periodX);
  for (let y = 0; y < area.height; y++) {
    const row = positiveRemainder(y - top, periodY);
    const to = y * area.width;
    if (row >= tileSize.height) {
      target.fill(0, to, to + area.width);
      continue;
    }
    const from = row * tileSize.width;
    let column = firstColumn;
    for (let x = 0; x < area.width; x++) {
      target[to + x] = column < tileSize.width ? tile[from + column] : 0;
      if (++column === periodX) column = 0;
    }
  }
}

function positiveRemainder(value: number, period: number): number {
  const remainder = value % period;
  return remainder < 0 ? remainder + period : remainder;
}

/**
 * The shadow is painted first and the letters over it, each with the mark's opacity t. For letters of
 * coverage c to hide it, it must end up with t s (1 - c), of which the letters leave 1 - t c.
 */
function coverShadow(shadow: Uint8Array, letters: Uint8Array, mark: ResolvedMark): void {
  const opacity = mark.opacityPercent / 100;
  const strength = (opacity * mark.text.shadowPercent) / 100;
  for (let i = 0; i < shadow.length; i++) {
    const letter = letters[i] / 255;
    const left = 1 - opacity * letter;
    shadow[i] = left === 0 ? 0 : Math.round((shadow[i] * strength * (1 - letter)) / left);
  }
}

function fade(coverage: Uint8Array, opacityPercent: number): void {
  if (opacityPercent === 100) return;
  for (let i = 0; i < coverage.length; i++) {
    coverage[i] = Math.round((coverage[i] * opacityPercent) / 100);
  }
}
