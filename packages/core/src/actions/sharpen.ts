/**
 * Unsharp mask. Subsampled YCbCr is sharpened in luma alone, so that no colour fringes appear.
 * @module
 */

import { type DefinedAction, defineAction } from '../definition.ts';
import { createUnsharpMask } from '../unsharp-mask.ts';

export interface SharpenOptions {
  /** 50 to 399; 100 adds the whole difference from the blurred picture once. */
  readonly amountPercent: number;
}

export interface SharpenAction extends SharpenOptions {
  readonly name: 'sharpen';
}

export function sharpen(options: SharpenOptions): SharpenAction {
  return { name: 'sharpen', ...options };
}

export const sharpenAction: DefinedAction<'sharpen'> = defineAction({
  name: 'sharpen',
  resolve: (options: SharpenAction, check) =>
    check.integer('amountPercent', options.amountPercent, 50, 399),
  plan: (amountPercent, image) => ({
    size: image,
    operations: [createUnsharpMask(amountPercent)],
  }),
});
