/**
 * Gaussian blur of a given window and strength.
 * @module
 */

import { type DefinedAction, defineAction } from '../definition.ts';
import { blurSigma, createGaussianBlur } from '../gaussian-blur.ts';

export interface BlurOptions {
  /** Half of the window, pixels, 1 to 50: 2 radius + 1 taps. */
  readonly radius: number;
  /** Strength, 1 to 50, as the OSS language counts it; see `blurSigma`. */
  readonly strength: number;
}

export interface BlurAction extends BlurOptions {
  readonly name: 'blur';
}

export function blur(options: BlurOptions): BlurAction {
  return { name: 'blur', ...options };
}

export const blurAction: DefinedAction<'blur'> = defineAction({
  name: 'blur',
  resolve: (options: BlurAction, check) => ({
    radius: check.integer('radius', options.radius, 1, 50),
    sigma: blurSigma(check.integer('strength', options.strength, 1, 50)),
  }),
  plan: (resolved, image) => ({
    size: image,
    operations: [createGaussianBlur(resolved.radius, resolved.sigma)],
  }),
});
