/**
 * Resampling a plane under an affine map, and how far each target sample is covered. The two must
 * be given the same map: coverage makes the soft edge, `warp` alone only repeats edge samples.
 * @module
 *
 * Positions are 16.16 fixed point, kept as a whole part and a fraction in 0..65535 that carries
 * into it: pictures beyond 2^15 samples would wrap a single int32. Row starts are exact doubles
 * below 2^53. The steps are trusted to be below 2^14 samples, the positions below 2^19.
 */

import type { AffineMap } from './kernels.ts';

/** Half of a phase, 1/512 sample in 16.16: added once, it makes the cut to 8 bits round. */
const HALF_PHASE = 1 << 7;

/** See `Kernels.warp`. */
export function warp(
  source: Uint8Array,
  sourceStride: number,
  sourceWidth: number,
  sourceHeight: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
  map: AffineMap,
  phases: Int16Array,
): void {
  const stepX = Math.floor(map.xx / 65536);
  const stepXFraction = map.xx - stepX * 65536;
  const stepY = Math.floor(map.yx / 65536);
  const stepYFraction = map.yx - stepY * 65536;
  // Where 4 x 4 samples lie inside the source: 0 <= position - 1 < limit. Empty for tiny sources.
  const innerWidth = Math.max(0, sourceWidth - 3);
  const innerHeight = Math.max(0, sourceHeight - 3);
  for (let y = 0; y < height; y++) {
    const startX = map.x0 + HALF_PHASE + y * map.xy;
    const startY = map.y0 + HALF_PHASE + y * map.yy;
    let px = Math.floor(startX / 65536);
    let fx = startX - px * 65536;
    let py = Math.floor(startY / 65536);
    let fy = startY - py * 65536;
    const out = y * targetStride;
    for (let x = 0; x < width; x++) {
      const left = px - 1;
      const top = py - 1;
      const phaseX = (fx >> 8) << 2;
      const phaseY = (fy >> 8) << 2;
      target[out + x] =
        left >= 0 && left < innerWidth && top >= 0 && top < innerHeight
          ? innerSample(source, top * sourceStride + left, sourceStride, phases, phaseX, phaseY)
          : edgeSample(
              source,
              sourceStride,
              sourceWidth,
              sourceHeight,
              left,
              top,
              phases,
              phaseX,
              phaseY,
            );
      fx += stepXFraction;
      px = (px + stepX + (fx >> 16)) | 0;
      fx &= 65535;
      fy += stepYFraction;
      py = (py + stepY + (fy >> 16)) | 0;
      fy &= 65535;
    }
  }
}

/**
 * The 4 x 4 samples from `at`. Bounds: a phase of the cubic has sum |weight| <= 1.25 * 2^14, so a
 * row is within 255 * 1.25 * 2^14 < 2^22.4; kept to 6 fractional bits it is within 255 * 1.25 * 2^6
 * = 20400 (a twin may hold it in int16), and the column within 20400 * 1.25 * 2^14 < 2^28.7.
 */
function innerSample(
  source: Uint8Array,
  at: number,
  stride: number,
  phases: Int16Array,
  phaseX: number,
  phaseY: number,
): number {
  const w0 = phases[phaseX];
  const w1 = phases[phaseX + 1];
  const w2 = phases[phaseX + 2];
  const w3 = phases[phaseX + 3];
  let sum = 1 << 19;
  let row = at;
  for (let i = 0; i < 4; i++) {
    const line =
      source[row] * w0 + source[row + 1] * w1 + source[row + 2] * w2 + source[row + 3] * w3;
    sum = (sum + ((line + 128) >> 8) * phases[phaseY + i]) | 0;
    row += stride;
  }
  sum >>= 20;
  return sum & ~255 ? (sum < 0 ? 0 : 255) : sum;
}

/** As `innerSample`, with every read held inside the source. */
function edgeSample(
  source: Uint8Array,
  stride: number,
  width: number,
  height: number,
  left: number,
  top: number,
  phases: Int16Array,
  phaseX: number,
  phaseY: number,
): number {
  const lastX = width - 1;
  const lastY = height - 1;
  const x0 = left < 0 ? 0 : left > lastX ? lastX : left;
  const x1 = left + 1 < 0 ? 0 : left + 1 > lastX ? lastX : left + 1;
  const x2 = left + 2 < 0 ? 0 : left + 2 > lastX ? lastX : left + 2;
  const x3 = left + 3 < 0 ? 0 : left + 3 > lastX ? lastX : left + 3;
  let sum = 1 << 19;
  for (let i = 0; i < 4; i++) {
    const y = top + i;
    const row = (y < 0 ? 0 : y > lastY ? lastY : y) * stride;
    const line =
      source[row + x0] * phases[phaseX] +
      source[row + x1] * phases[phaseX + 1] +
      source[row + x2] * phases[phaseX + 2] +
      source[row + x3] * phases[phaseX + 3];
    sum = (sum + ((line + 128) >> 8) * phases[phaseY + i]) | 0;
  }
  sum >>= 20;
  return sum & ~255 ? (sum < 0 ? 0 : 255) : sum;
}

/** Distances count in 1/2048 sample: the product of two with 255 is below 2^30. */
const WHOLE = 2048;
const HALF_DISTANCE = 1 << 4;

/** See `Kernels.warpCoverage`. */
export function warpCoverage(
  sourceWidth: number,
  sourceHeight: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
  map: AffineMap,
): void {
  const stepX = Math.floor(map.xx / 65536);
  const stepXFraction = map.xx - stepX * 65536;
  const stepY = Math.floor(map.yx / 65536);
  const stepYFraction = map.yx - stepY * 65536;
  const farX = sourceWidth * WHOLE;
  const farY = sourceHeight * WHOLE;
  for (let y = 0; y < height; y++) {
    const startX = map.x0 + HALF_DISTANCE + y * map.xy;
    const startY = map.y0 + HALF_DISTANCE + y * map.yy;
    let px = Math.floor(startX / 65536);
    let fx = startX - px * 65536;
    let py = Math.floor(startY / 65536);
    let fy = startY - py * 65536;
    const out = y * targetStride;
    for (let x = 0; x < width; x++) {
      const dx = axisCoverage(px * WHOLE + (fx >> 5), farX);
      const dy = axisCoverage(py * WHOLE + (fy >> 5), farY);
      target[out + x] = (dx * dy * 255 + (1 << 21)) >> 22;
      fx += stepXFraction;
      px = (px + stepX + (fx >> 16)) | 0;
      fx &= 65535;
      fy += stepYFraction;
      py = (py + stepY + (fy >> 16)) | 0;
      fy &= 65535;
    }
  }
}

/**
 * Both edges of one axis. The near edge lies half a sample before position 0, so its distance plus
 * one half is `position + 1`; the far one's is `size - position`. They sum to more than 1 for every
 * size from 1 on, so only one of them is ever below 1 and the smaller is their product.
 */
function axisCoverage(position: number, far: number): number {
  const near = position + WHOLE;
  const rest = far - position;
  const least = near < rest ? near : rest;
  return least < 0 ? 0 : least > WHOLE ? WHOLE : least;
}
