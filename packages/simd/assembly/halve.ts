/**
 * Halving a plane by means, for chroma subsampling; twins of core's `halve.ts`, with its alternating
 * rounding: blocks of sixteen begin at an even sample, so the bias of a lane is its own parity.
 * @module
 */

/** Means of 2 x 1 samples; see `Kernels.halveColumns`. */
export function halveColumns(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  const pairs = width >> 1;
  const bias = i32x4.splat(0x10000);
  for (let y = 0; y < height; y++) {
    const from = source + y * sourceStride;
    const to = target + y * targetStride;
    let x = 0;
    for (; x + 16 <= pairs; x += 16) {
      const at = from + (x << 1);
      const low = i16x8.extadd_pairwise_i8x16_u(v128.load(at));
      const high = i16x8.extadd_pairwise_i8x16_u(v128.load(at, 16));
      v128.store(
        to + x,
        i8x16.narrow_i16x8_u(
          i16x8.shr_u(i16x8.add(low, bias), 1),
          i16x8.shr_u(i16x8.add(high, bias), 1),
        ),
      );
    }
    for (; x < pairs; x++) {
      const at = from + (x << 1);
      store<u8>(to + x, (<i32>load<u8>(at) + <i32>load<u8>(at, 1) + (x & 1)) >> 1);
    }
    if (width & 1) store<u8>(to + pairs, load<u8>(from + width - 1));
  }
}

/** Means of 1 x 2 samples; see `Kernels.halveRows`. */
export function halveRows(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  for (let y = 0; y < height; y += 2) {
    const upper = source + y * sourceStride;
    const lower = y + 1 < height ? upper + sourceStride : upper;
    const to = target + (y >> 1) * targetStride;
    let x = 0;
    for (; x + 16 <= width; x += 16) {
      // Its average rounds halves up.
      v128.store(to + x, i8x16.avgr_u(v128.load(upper + x), v128.load(lower + x)));
    }
    for (; x < width; x++) {
      store<u8>(to + x, (<i32>load<u8>(upper + x) + <i32>load<u8>(lower + x) + 1) >> 1);
    }
  }
}

/** Means of 2 x 2 samples, rounded once; see `Kernels.halveBoth`. */
export function halveBoth(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  const pairs = width >> 1;
  const bias = i32x4.splat(0x20001);
  for (let y = 0; y < height; y += 2) {
    const upper = source + y * sourceStride;
    const lower = y + 1 < height ? upper + sourceStride : upper;
    const to = target + (y >> 1) * targetStride;
    let x = 0;
    for (; x + 16 <= pairs; x += 16) {
      const a = upper + (x << 1);
      const b = lower + (x << 1);
      const low = i16x8.add(
        i16x8.extadd_pairwise_i8x16_u(v128.load(a)),
        i16x8.extadd_pairwise_i8x16_u(v128.load(b)),
      );
      const high = i16x8.add(
        i16x8.extadd_pairwise_i8x16_u(v128.load(a, 16)),
        i16x8.extadd_pairwise_i8x16_u(v128.load(b, 16)),
      );
      v128.store(
        to + x,
        i8x16.narrow_i16x8_u(
          i16x8.shr_u(i16x8.add(low, bias), 2),
          i16x8.shr_u(i16x8.add(high, bias), 2),
        ),
      );
    }
    for (; x < pairs; x++) {
      const a = upper + (x << 1);
      const b = lower + (x << 1);
      const sum = <i32>load<u8>(a) + <i32>load<u8>(a, 1) + <i32>load<u8>(b) + <i32>load<u8>(b, 1);
      store<u8>(to + x, (sum + 1 + (x & 1)) >> 2);
    }
    if (width & 1) {
      const sum = 2 * (<i32>load<u8>(upper + width - 1) + <i32>load<u8>(lower + width - 1));
      store<u8>(to + pairs, (sum + 1 + (pairs & 1)) >> 2);
    }
  }
}
