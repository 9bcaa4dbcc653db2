/**
 * The two size limits that steps are held to. What a picture may be when it enters and what a step
 * may make of it are different numbers.
 * @module
 */

import type { ArgumentCheck } from './argument-check.ts';
import type { Limits } from './limits.ts';
import type { Size } from './shape.ts';

/** For steps that enlarge the canvas. @throws ImageError `LimitExceeded` / `output-too-large` */
export function checkOutputSize(size: Size, limits: Limits, check: ArgumentCheck): void {
  const { maxOutputSide, maxOutputPixels } = limits;
  const fits =
    Math.max(size.width, size.height) <= maxOutputSide &&
    size.width * size.height <= maxOutputPixels;
  if (fits) return;
  throw check.refusal(
    'LimitExceeded',
    'output-too-large',
    `at most ${maxOutputSide} pixels a side and ${maxOutputPixels} in all`,
    `${size.width}x${size.height}`,
  );
}

/** For a picture that is to be turned. @throws ImageError `LimitExceeded` / `turn-too-large` */
export function checkTurnSize(size: Size, limits: Limits, check: ArgumentCheck): void {
  if (Math.max(size.width, size.height) <= limits.maxTurnSide) return;
  throw check.refusal(
    'LimitExceeded',
    'turn-too-large',
    `at most ${limits.maxTurnSide} pixels a side to turn`,
    `${size.width}x${size.height}`,
  );
}
