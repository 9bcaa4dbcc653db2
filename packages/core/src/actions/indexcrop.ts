/**
 * Cutting into equal strips from the left or the top, and keeping one. A number beyond the last strip
 * is no error: the whole picture comes back.
 * @module
 */

import type { ArgumentCheck } from '../argument-check.ts';
import { type DefinedAction, defineAction } from '../definition.ts';
import type { Rectangle } from '../raster.ts';
import type { Size } from '../shape.ts';
import { createView } from '../view.ts';

export interface IndexCropOptions {
  /** Width of vertical strips, pixels, 1 or more. One of the two is needed. */
  readonly stripWidth?: number;
  /** Height of horizontal strips, pixels, 1 or more. Wins over `stripWidth`. */
  readonly stripHeight?: number;
  /** Which strip, from 0. @default 0 */
  readonly index?: number;
}

export interface IndexCropAction extends IndexCropOptions {
  readonly name: 'indexcrop';
}

export function indexCrop(options: IndexCropOptions): IndexCropAction {
  return { name: 'indexcrop', ...options };
}

/** Beyond any picture: strips may be wider than the picture, and numbers larger than their count. */
const MAX_INTEGER = 2 ** 31 - 1;

interface ResolvedIndexCrop {
  readonly axis: 'width' | 'height';
  readonly strip: number;
  readonly index: number;
}

export const indexCropAction: DefinedAction<'indexcrop'> = defineAction({
  name: 'indexcrop',
  resolve: resolveIndexCrop,
  plan(resolved, image) {
    const rectangle = stripRectangle(resolved, image);
    if (rectangle === undefined) return { size: image, operations: [] };
    const { width, height } = rectangle;
    return { size: { width, height }, operations: [createView(rectangle)] };
  },
});

function resolveIndexCrop(options: IndexCropAction, check: ArgumentCheck): ResolvedIndexCrop {
  const { stripWidth, stripHeight } = options;
  const index = check.integer('index', options.index ?? 0, 0, MAX_INTEGER);
  // A bad width is refused even where the height wins.
  const across =
    stripWidth === undefined ? undefined : check.integer('stripWidth', stripWidth, 1, MAX_INTEGER);
  if (stripHeight !== undefined) {
    const strip = check.integer('stripHeight', stripHeight, 1, MAX_INTEGER);
    return { axis: 'height', strip, index };
  }
  if (across !== undefined) return { axis: 'width', strip: across, index };
  throw check.fault('missing-argument', 'stripWidth', 'stripWidth or stripHeight');
}

/**
 * The strip, or nothing when there is none of this number. A remainder counts as a last, narrower
 * strip, so that strips of growing number show all of a long picture.
 */
function stripRectangle(
  { axis, strip, index }: ResolvedIndexCrop,
  image: Size,
): Rectangle | undefined {
  const start = index * strip;
  const length = Math.min(strip, image[axis] - start);
  if (length <= 0) return undefined;
  return axis === 'width'
    ? { left: start, top: 0, width: length, height: image.height }
    : { left: 0, top: start, width: image.width, height: length };
}
