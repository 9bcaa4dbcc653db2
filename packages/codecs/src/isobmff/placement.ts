/**
 * Where the pixels of a coded picture end up after `clap`, `irot` and `imir` (ISO/IEC 23008-12,
 * 6.5.9 to 6.5.12): applied as they are listed, all at once, while samples are copied into planes.
 * @module
 */

import type { Rectangle } from '@safelight/core';
import type { BoxReader } from './boxes.ts';
import type { Fraction, HeifProperty } from './properties.ts';

/**
 * Pixel (x, y) of the coded picture lands at `origin + x * acrossStep + y * downStep` in planes that
 * are `width` wide, when it lies in `kept`.
 */
export interface Placement {
  /** Of the picture as it is shown. */
  readonly width: number;
  readonly height: number;
  readonly kept: Rectangle;
  readonly origin: number;
  readonly acrossStep: number;
  readonly downStep: number;
}

/** From shown (u, v) to coded (x, y): x = left + xu * u + xv * v, and so on; steps are -1, 0 or 1. */
interface Mapping {
  width: number;
  height: number;
  left: number;
  top: number;
  xu: number;
  xv: number;
  yu: number;
  yv: number;
}

/** @throws ImageError for a crop that makes no sense */
export function placePicture(
  source: BoxReader,
  width: number,
  height: number,
  properties: readonly HeifProperty[],
): Placement {
  const mapping: Mapping = { width, height, left: 0, top: 0, xu: 1, xv: 0, yu: 0, yv: 1 };
  for (const property of properties) {
    if (property.kind === 'crop') crop(source, mapping, property);
    if (property.kind === 'turn') for (let i = 0; i < property.quarters; i++) turn(mapping);
    if (property.kind === 'mirror') mirror(mapping, property.swaps);
  }
  return toPlacement(mapping);
}

/** `step` pixels on from the corner, along u and v. */
function advance(mapping: Mapping, alongU: number, alongV: number): void {
  mapping.left += mapping.xu * alongU + mapping.xv * alongV;
  mapping.top += mapping.yu * alongU + mapping.yv * alongV;
}

/** A quarter against the clock: the right column becomes the top row. */
function turn(mapping: Mapping): void {
  const { width, height, xu, xv, yu, yv } = mapping;
  advance(mapping, width - 1, 0);
  Object.assign(mapping, { width: height, height: width, xu: xv, xv: -xu, yu: yv, yv: -yu });
}

function mirror(mapping: Mapping, swaps: 'top-bottom' | 'left-right'): void {
  const { width, height, xu, xv, yu, yv } = mapping;
  if (swaps === 'left-right') {
    advance(mapping, width - 1, 0);
    Object.assign(mapping, { xu: -xu, yu: -yu });
  } else {
    advance(mapping, 0, height - 1);
    Object.assign(mapping, { xv: -xv, yv: -yv });
  }
}

/** Offsets lie between the middles of the two; what reaches over the edge is left out. */
function crop(
  source: BoxReader,
  mapping: Mapping,
  property: Extract<HeifProperty, { readonly kind: 'crop' }>,
): void {
  const axis = (whole: number, part: Fraction, offset: Fraction): readonly [number, number] => {
    if (part.denominator === 0 || offset.denominator === 0 || part.numerator <= 0) {
      throw source.damaged('expected a crop with a size');
    }
    const length = Math.floor(part.numerator / part.denominator);
    const middle = (whole - 1) / 2 + offset.numerator / offset.denominator;
    const start = Math.round(middle - (length - 1) / 2);
    const from = Math.max(0, start);
    const to = Math.min(whole, start + length);
    if (to <= from) throw source.damaged('expected a crop inside the picture');
    return [from, to - from];
  };
  const [left, width] = axis(mapping.width, property.width, property.across);
  const [top, height] = axis(mapping.height, property.height, property.down);
  advance(mapping, left, top);
  Object.assign(mapping, { width, height });
}

function toPlacement({ width, height, left, top, xu, xv, yu, yv }: Mapping): Placement {
  // The steps are a turn or a mirror, whose inverse is its transpose: u = xu (x - left) + yu (y - top).
  const acrossStep = xu + xv * width;
  const downStep = yu + yv * width;
  const farX = left + xu * (width - 1) + xv * (height - 1);
  const farY = top + yu * (width - 1) + yv * (height - 1);
  return {
    width,
    height,
    kept: {
      left: Math.min(left, farX),
      top: Math.min(top, farY),
      width: Math.abs(farX - left) + 1,
      height: Math.abs(farY - top) + 1,
    },
    origin: -left * acrossStep - top * downStep,
    acrossStep,
    downStep,
  };
}
