/**
 * What a PNG file tells beside its pixels, as the engine has it. Profiles are inflated elsewhere:
 * who can do that differs between runtimes.
 * @module
 */

import type { Metadata } from '@safelight/core';
import { readExif } from '../exif/exif.ts';
import type { PngStructure } from './structure.ts';

/** Orientation, density and palette of a file, with its profile when it has one that fits. */
export function metadataOf(structure: PngStructure, icc: Uint8Array | undefined): Metadata {
  const { palette, transparency, density, exif, calibration } = structure;
  return {
    orientation: exif === undefined ? 1 : readExif(exif).orientation,
    ...(icc !== undefined && { icc }),
    ...(icc === undefined && calibration !== undefined && { calibration }),
    ...(density !== undefined && { density }),
    ...(palette !== undefined && { palette: paletteWithAlpha(palette, transparency) }),
  };
}

/** RGBA quadruples; entries without a transparency value are opaque (PNG, 11.3.2.1). */
export function paletteWithAlpha(
  palette: Uint8Array,
  transparency: Uint8Array | undefined,
): Uint8Array {
  const entries = palette.length / 3;
  const result = new Uint8Array(4 * entries);
  for (let i = 0; i < entries; i++) {
    result.set(palette.subarray(3 * i, 3 * i + 3), 4 * i);
    result[4 * i + 3] = transparency?.[i] ?? 255;
  }
  return result;
}
