/**
 * Turning clockwise by whole degrees. The canvas grows to hold the turned picture.
 * @module
 */

export interface RotateOptions {
  /** Whole degrees clockwise, 0 to 360. */
  readonly angleDeg: number;
}

export interface RotateAction extends RotateOptions {
  readonly name: 'rotate';
}

export function rotate(options: RotateOptions): RotateAction {
  return { name: 'rotate', ...options };
}
