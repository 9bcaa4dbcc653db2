/**
 * Unsharp mask. Subsampled YCbCr is sharpened in luma alone, so that no colour fringes appear.
 * @module
 */

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
