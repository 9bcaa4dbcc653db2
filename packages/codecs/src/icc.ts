/**
 * What must be known of an ICC profile to pass it on. Nothing here converts colours.
 * @module
 */

import type { ColorModel } from '@safelight/core';

/** Offset of the data colour space in a profile's header (ICC.1, 7.2.6): four characters. */
const COLOR_SPACE_OFFSET = 16;

/** Whether a profile describes samples of `model`: a grey profile must not go with colour planes. */
export function iccFits(icc: Uint8Array, model: ColorModel): boolean {
  const space = String.fromCharCode(...icc.subarray(COLOR_SPACE_OFFSET, COLOR_SPACE_OFFSET + 4));
  if (model === 'gray') return space === 'GRAY';
  if (model === 'cmyk') return space === 'CMYK';
  return space === 'RGB ';
}
