/**
 * Mirroring.
 * @module
 */

import { type DefinedAction, defineAction } from '../definition.ts';
import type { Orientation } from '../raster.ts';
import { createTurn } from '../turn.ts';

export interface FlipOptions {
  /** `vertical`: top and bottom change places; `horizontal`: left and right; `both`: half a turn. */
  readonly axis: 'vertical' | 'horizontal' | 'both';
}

export interface FlipAction extends FlipOptions {
  readonly name: 'flip';
}

export function flip(options: FlipOptions): FlipAction {
  return { name: 'flip', ...options };
}

const SYMMETRY_OF: Readonly<Record<FlipOptions['axis'], Orientation>> = {
  horizontal: 2,
  both: 3,
  vertical: 4,
};

export const flipAction: DefinedAction<'flip'> = defineAction({
  name: 'flip',
  resolve: (options: FlipAction, check) =>
    SYMMETRY_OF[check.oneOf('axis', options.axis, ['vertical', 'horizontal', 'both'])],
  plan: (symmetry, image) => ({ size: image, operations: [createTurn(symmetry)] }),
});
