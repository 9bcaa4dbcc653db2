/**
 * Gaussian blur of a given window and strength.
 * @module
 */

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
