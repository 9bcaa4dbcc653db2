/**
 * The body of `image/average-hue`. Editions of the documentation disagree on its shape; this is the one
 * that was printed as a body, blank and all.
 * @module
 */

import type { Color } from '@safelight/core';

/** `{"RGB": "0x5c783b"}`, lower-case. */
export function printAverageHue({ red, green, blue }: Color): string {
  const digits = [red, green, blue].map((level) => level.toString(16).padStart(2, '0'));
  return `{"RGB": "0x${digits.join('')}"}`;
}
