/**
 * Resampling a plane under an affine map; twin of core's `warp.ts`, which explains the positions.
 * `phases` are its 256 x 4 weights, copied into scratch.
 * @module
 */

/** Half of a phase, 1/512 sample in 16.16. */
const HALF_PHASE: f64 = 128;

/** See `Kernels.warp`. */
export function warp(
  source: usize, sourceStride: i32, sourceWidth: i32, sourceHeight: i32,
  target: usize, targetStride: i32, width: i32, height: i32,
  x0: f64, y0: f64, xx: f64, xy: f64, yx: f64, yy: f64, phases: usize,
): void {
  const stepX = <i32>Math.floor(xx / 65536);
  const stepXFraction = <i32>(xx - <f64>stepX * 65536);
  const stepY = <i32>Math.floor(yx / 65536);
  const stepYFraction = <i32>(yx - <f64>stepY * 65536);
  const innerWidth = max(0, sourceWidth - 3);
  const innerHeight = max(0, sourceHeight - 3);
  for (let y = 0; y < height; y++) {
    const startX = x0 + HALF_PHASE + <f64>y * xy;
    const startY = y0 + HALF_PHASE + <f64>y * yy;
    let px = <i32>Math.floor(startX / 65536);
    let fx = <i32>(startX - <f64>px * 65536);
    let py = <i32>Math.floor(startY / 65536);
    let fy = <i32>(startY - <f64>py * 65536);
    const row = target + y * targetStride;
    for (let x = 0; x < width; x++) {
      const left = px - 1;
      const top = py - 1;
      const phaseX = phases + ((fx >> 8) << 3);
      const phaseY = phases + ((fy >> 8) << 3);
      // Unsigned, so that one comparison serves both ends.
      const inside = <u32>left < <u32>innerWidth && <u32>top < <u32>innerHeight;
      const value = inside
        ? Cubic.sample(source + top * sourceStride + left, sourceStride, phaseX, phaseY)
        : edgeSample(
            source, sourceStride, sourceWidth, sourceHeight, left, top, phaseX, phaseY,
          );
      store<u8>(row + x, max(0, min(255, value >> 20)));
      fx += stepXFraction;
      px += stepX + (fx >> 16);
      fx &= 65535;
      fy += stepYFraction;
      py += stepY + (fy >> 16);
      fy &= 65535;
    }
  }
}

abstract class Cubic {
  /** The 4 x 4 samples from `at`, before the last shift; the bounds are core's. */
  @inline static sample(at: usize, stride: i32, phaseX: usize, phaseY: usize): i32 {
    const two = stride << 1;
    let bytes = v128.load32_zero(at);
    bytes = v128.load32_lane(at + stride, bytes, 1);
    bytes = v128.load32_lane(at + two, bytes, 2);
    bytes = v128.load32_lane(at + two + stride, bytes, 3);
    const weights = v128.load64_splat(phaseX);
    // Half sums of rows 0 and 1, of rows 2 and 3; then the four rows.
    const upper = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), weights);
    const lower = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(bytes), weights);
    const lines = i32x4.add(
      v128.shuffle<i32>(upper, lower, 0, 2, 4, 6),
      v128.shuffle<i32>(upper, lower, 1, 3, 5, 7),
    );
    const kept = i32x4.shr_s(i32x4.add(lines, i32x4.splat(128)), 8);
    const products = i32x4.mul(kept, v128.load16x4_s(phaseY));
    const halves = i32x4.add(products, v128.shuffle<i32>(products, products, 2, 3, 0, 1));
    return (1 << 19) + i32x4.extract_lane(halves, 0) + i32x4.extract_lane(halves, 1);
  }
}

/** As `Cubic.sample`, with every read held inside the source. */
function edgeSample(
  source: usize, stride: i32, width: i32, height: i32,
  left: i32, top: i32, phaseX: usize, phaseY: usize,
): i32 {
  let sum = 1 << 19;
  for (let i = 0; i < 4; i++) {
    const row = source + max(0, min(height - 1, top + i)) * stride;
    let line = 128;
    for (let j = 0; j < 4; j++) {
      const x = max(0, min(width - 1, left + j));
      line += <i32>load<u8>(row + x) * <i32>load<i16>(phaseX + (j << 1));
    }
    sum += (line >> 8) * <i32>load<i16>(phaseY + (i << 1));
  }
  return sum;
}
