/**
 * One call for users of the package by itself: bytes in, planes out, in a memory of their own.
 * @module
 */

import { ImageError } from '@safelight/core';
import type { Rectangle } from '@safelight/core';
import { createJpegDecoder } from './decoder.ts';
import type { JpegDecodeOptions, JpegPlaneTarget } from './decoder.ts';
import { convertToInk } from './ink.ts';
import { jpegColorModel, readJpegLayout } from './layout.ts';
import type { JpegColorModel, JpegLayout } from './layout.ts';
import { REGION_END } from './memory-map.ts';
import { planJpegDecode } from './plan.ts';
import type { JpegDecodePlan, JpegDecodeRequest } from './plan.ts';
import { fullGridOf, isFullGrid, upsampleJpegPlane, widenRegion } from './upsample.ts';

export interface DecodeJpegOptions extends JpegDecodeRequest, JpegDecodeOptions {
  /** Width times height of the source. @default 250 million */
  readonly maxPixels?: number;
  /**
   * Planes that are ready to use: all on the grid of the finest one, interpolated as libjpeg does, and
   * inks as amounts (YCCK becomes CMYK). Else planes are what the file holds. @default false
   */
  readonly upsample?: boolean;
}

/** One component. */
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
  /** What the planes are. */
  readonly model: JpegColorModel;
  readonly planes: readonly JpegPlane[];
  /** False only for a `partial` decode of a picture that was not all there. */
  readonly complete: boolean;
}

const DEFAULT_MAX_PIXELS = 250_000_000;
const PAGE_BYTES = 65_536;

/**
 * Decodes a JPEG to the planes of its components. Takes 1.1 MB beside the planes, and 2 bytes a sample
 * if the file is progressive; `upsample` takes the planes that are not of the finest grid twice.
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
  const wanted = planJpegDecode(layout, options);
  const { upsample = false, region } = options;
  const plan =
    upsample && region !== undefined
      ? planJpegDecode(layout, { ...options, region: widenRegion(wanted) })
      : wanted;
  const { memory, planes, coefficients } = placePlanes(plan);
  const complete = createJpegDecoder(memory).decode(bytes, plan, { planes, coefficients }, options);
  if (upsample) return { layout, complete, ...readyPlanes(plan, wanted, planes) };
  return {
    layout,
    model: jpegColorModel(layout),
    complete,
    planes: plan.planes.map(({ width, height, extent }, i) => {
      const { data, stride } = planes[i];
      return { data, width, height, stride, extent };
    }),
  };
}

/** Planes of `plan` on one grid, cut to that of `wanted`, which lies within. */
function readyPlanes(
  plan: JpegDecodePlan,
  wanted: JpegDecodePlan,
  stored: readonly JpegPlaneTarget[],
): Pick<DecodedJpeg, 'model' | 'planes'> {
  const { layout, scale } = plan;
  const whole = fullGridOf(plan);
  const planes = stored.map((source, index): JpegPlane => {
    if (isFullGrid(plan, index)) return { ...source, ...whole };
    const data = new Uint8Array(whole.width * whole.height);
    upsampleJpegPlane(plan, index, source, { data, stride: whole.width });
    return { data, stride: whole.width, ...whole };
  });
  if (planes.length === 4) convertToInk(layout, planes);
  const { width, height, extent } = fullGridOf(wanted);
  const left = ((extent.left - whole.extent.left) * scale) / 8;
  const top = ((extent.top - whole.extent.top) * scale) / 8;
  return {
    model: planes.length === 4 ? 'cmyk' : jpegColorModel(layout),
    planes: planes.map(({ data, stride }) => {
      return { data: data.subarray(top * stride + left), stride, width, height, extent };
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
