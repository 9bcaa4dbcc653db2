/**
 * Inks as amounts: 0 is none. Files hold them the other way round; that is Adobe's habit, but libvips,
 * ImageMagick and browsers read files without Adobe's marker alike. YCCK is the transform of the three
 * inverted inks, so that its RGB are the amounts themselves.
 * @module
 */

import { typescriptKernels } from '@safelight/core';
import { jpegColorModel } from './layout.ts';
import type { JpegLayout } from './layout.ts';

/** A plane of a four-component picture, its rows and the samples in each. */
export interface InkPlane {
  readonly data: Uint8Array;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Makes ink amounts of four planes, in place: C, M, Y and K. YCCK must have its planes on one grid;
 * a plane of CMYK may have its own.
 */
export function convertToInk(layout: JpegLayout, planes: readonly InkPlane[]): void {
  const [first, second, third, black] = planes;
  if (jpegColorModel(layout) === 'ycck') {
    typescriptKernels.ycbcrToRgb(
      first.data,
      first.stride,
      second.data,
      second.stride,
      third.data,
      third.stride,
      first.width,
      first.height,
    );
    invert(black);
  } else {
    planes.forEach(invert);
  }
}

function invert({ data, stride, width, height }: InkPlane): void {
  for (let y = 0; y < height; y++) {
    const end = y * stride + width;
    for (let at = y * stride; at < end; at++) data[at] = 255 - data[at];
  }
}
