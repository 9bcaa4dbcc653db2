/**
 * Mirroring.
 * @module
 */

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
