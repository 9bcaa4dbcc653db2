/**
 * Keeping a disc around the centre. The canvas shrinks to the square around the disc, whose side is
 * odd: `2 radius + 1`, unless the picture is too narrow for it.
 * @module
 */

import { createCorners } from '../corners.ts';
import { type DefinedAction, defineAction } from '../definition.ts';
import { roundHalfUp } from '../geometry.ts';
import { createPad } from '../pad.ts';
import { type Rectangle, WHITE } from '../raster.ts';
import type { Size } from '../shape.ts';
import { createView } from '../view.ts';

export interface CircleOptions {
  /** Pixels, 1 to 4096; more than half of the shorter side takes the largest disc that fits. */
  readonly radius: number;
  /** Whether the picture keeps its size and only what lies outside of the disc goes. @default false */
  readonly keepsCanvas?: boolean;
}

export interface CircleAction extends CircleOptions {
  readonly name: 'circle';
}

export function circle(options: CircleOptions): CircleAction {
  return { name: 'circle', ...options };
}

const MAX_RADIUS = 4_096;

export const circleAction: DefinedAction<'circle'> = defineAction({
  name: 'circle',
  resolve: (options: CircleAction, check) => ({
    radius: check.integer('radius', options.radius, 1, MAX_RADIUS),
    keepsCanvas: check.boolean('keepsCanvas', options.keepsCanvas ?? false),
  }),
  plan({ radius, keepsCanvas }, image) {
    const square = squareAround(radius, image);
    const size: Size = { width: square.width, height: square.height };
    // A square whose corners are rounded by half of its side is a disc.
    const operations = [createView(square), createCorners(square.width / 2)];
    if (!keepsCanvas) return { size, operations };
    const canvas = createPad(image, square, WHITE, { isTransparent: true });
    return { size: image, operations: [...operations, canvas.operation] };
  },
});

function squareAround(wanted: number, image: Size): Rectangle {
  const shorter = Math.min(image.width, image.height);
  const radius = wanted > shorter / 2 ? (shorter - 1) / 2 : wanted;
  const side = Math.min(2 * radius + 1, shorter);
  return {
    left: squareStart(image.width, radius, side),
    top: squareStart(image.height, radius, side),
    width: side,
    height: side,
  };
}

/** The middle of an even length is the pixel right of or below it, as others were seen to cut. */
function squareStart(length: number, radius: number, side: number): number {
  return Math.min(length - side, Math.max(0, roundHalfUp(length / 2 - radius)));
}
