/**
 * One call for users of the package by itself: bytes in, planes out, in a memory of their own.
 * @module
 */

import { ImageError } from '@safelight/core';
import type { Rectangle } from '@safelight/core';
import { createJpegDecoder } from './decoder.ts';
import type { JpegDecodeOptions } from './decoder.ts';
import { readJpegLayout } from './layout.ts';
import type { JpegLayout } from './layout.ts';
import { REGION_END } from './memory-map.ts';
import { planJpegDecode } from './plan.ts';
import type { JpegDecodePlan, JpegDecodeRequest } from './plan.ts';

export interface DecodeJpegOptions extends JpegDecodeRequest, JpegDecodeOptions {
  /** Width times height of the source. @default 250 million */
  readonly maxPixels?: number;
}

/** One component at its own sampling. */
export interface JpegPlane {
  /** Sample (x, y) at `y * stride + x`. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  /** What the samples cover, in pixels of the whole picture; fractional. */
  readonly extent: Rectangle;
}

export interface DecodedJpeg {
  readonly layout: JpegLayout;
  readonly planes: readonly JpegPlane[];
  /** False only for a `partial` decode of a picture that was not all there. */
  readonly complete: boolean;
}

const DEFAULT_MAX_PIXELS = 250_000_000;
const PAGE_BYTES = 65_536;

/**
 * Decodes a JPEG to the planes of its components; what they mean (grey, YCbCr, RGB, CMYK, YCCK) is the
 * caller's business. Takes 1.1 MB beside the planes, and 2 bytes a sample if the file is progressive.
 *
 * @throws ImageError BadImage, UnsupportedFormat, LimitExceeded; RangeError for options out of range
 */
export function decodeJpeg(bytes: Uint8Array, options: DecodeJpegOptions = {}): DecodedJpeg {
  const layout = readJpegLayout(bytes);
  const maxPixels = options.maxPixels ?? DEFAULT_MAX_PIXELS;
  if (layout.width * layout.height > maxPixels) {
    throw new ImageError(
      'LimitExceeded',
      'too-many-pixels',
      `jpeg: expected at most ${maxPixels} pixels, got ${layout.width}x${layout.height}`,
    );
  }
  const plan = planJpegDecode(layout, options);
  const { memory, planes, coefficients } = placePlanes(plan);
  const complete = createJpegDecoder(memory).decode(bytes, plan, { planes, coefficients }, options);
  return {
    layout,
    complete,
    planes: plan.planes.map(({ width, height, extent }, i) => {
      const { data, stride } = planes[i];
      return { data, width, height, stride, extent };
    }),
  };
}

interface PlacedPlanes {
  readonly memory: WebAssembly.Memory;
  readonly planes: readonly { readonly data: Uint8Array; readonly stride: number }[];
  readonly coefficients: Uint8Array;
}

/** A memory for the region, the coefficients and the planes, in that order. */
function placePlanes(plan: JpegDecodePlan): PlacedPlanes {
  let total = REGION_END + plan.coefficientBytes;
  for (const { rowBytes, rows } of plan.planes) total += rowBytes * rows;
  const pages = Math.ceil(total / PAGE_BYTES);
  const memory = createMemory(pages);
  let at = REGION_END;
  const take = (length: number): Uint8Array => {
    const view = new Uint8Array(memory.buffer, at, length);
    at += length;
    return view;
  };
  const coefficients = take(plan.coefficientBytes);
  const planes = plan.planes.map(({ rowBytes, rows }) => ({
    data: take(rowBytes * rows),
    stride: rowBytes,
  }));
  return { memory, planes, coefficients };
}

function createMemory(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (cause) {
    throw new ImageError(
      'LimitExceeded',
      'too-much-memory',
      `jpeg: expected ${pages} pages of memory to be had, got none`,
      { cause },
    );
  }
}
