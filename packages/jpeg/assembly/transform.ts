/**
 * The inverse DCT of a block to N x N samples, N = 1 to 8, straight into a plane. For N = 8 the
 * weights are those of libjpeg's slow-integer transform with its roundings, so samples are equal to
 * its; the matrix form is exact because nothing is rounded inside one pass.
 *
 * Rows 0 and 2, 1 and 3, 4 and 6, 5 and 7 lie interleaved, and columns stand in the order 0 2 1 3
 * 4 6 5 7, so that `dot` takes two coefficients of one parity at a time, in both passes, without
 * a transposition. Columns first: |coefficient| <= 2^15, weights < 2^14, 8 terms of which each
 * pass sums; 32 bits wrap for nonsense only, and nonsense is what comes out.
 * @module
 */

/**
 * Fraction bits: weights have 13, the first pass keeps 2, the result is an eighth. The roundings (the
 * second with the 128 of the level shift) lie behind the weights: V8 builds constants of 128 bits anew
 * at each use.
 */
const FIRST_SHIFT: i32 = 11;
const SECOND_SHIFT: i32 = 18;

/** A class for the decorator alone: TypeScript has none on functions. */
export class Mean {
  /** The sample that a block of nothing but DC consists of. */
  @inline static of(dc: i32, divisor: i32): i32 {
    const sample = (((((dc * divisor) << 16) >> 16) + 4) >> 3) + 128;
    return sample < 0 ? 0 : sample > 255 ? 255 : sample;
  }
}

/** A block of nothing but DC. */
export function fillBlock(dc: i32, divisor: i32, output: usize, stride: usize, size: i32): void {
  const four = <u64>Mean.of(dc, divisor) * 0x01010101;
  const row = four | (four << 32);
  for (let y: i32 = 0; y < size; y++) {
    storeRow(row, output, size);
    output += stride;
  }
}

/**
 * Any block to 2 x 2, 3 x 3 or 4 x 4 samples, for which only the lowest 4 x 4 coefficients matter. The
 * weights' four lanes are all the outputs of a row here.
 */
export function transformSmall(
  block: usize,
  divisors: usize,
  weights: usize,
  output: usize,
  stride: usize,
  size: i32,
): void {
  const even = i16x8.mul(v128.load(block), v128.load(divisors));
  const odd = i16x8.mul(v128.load(block, 16), v128.load(divisors, 16));
  const evenWeights = v128.load(weights);
  const oddWeights = v128.load(weights, 16);
  let upper = output;
  let lower = output + stride * (size - 1);
  const half = (size + 1) >> 1;
  for (let n: i32 = 0; n < half; n++) {
    const rows = transformColumns(even, odd, weights, n);
    const first = i32x4.add(
      i32x4.dot_i16x8_s(v128.shuffle<i32>(rows, rows, 0, 0, 0, 0), evenWeights),
      i32x4.dot_i16x8_s(v128.shuffle<i32>(rows, rows, 1, 1, 1, 1), oddWeights),
    );
    const last = i32x4.add(
      i32x4.dot_i16x8_s(v128.shuffle<i32>(rows, rows, 2, 2, 2, 2), evenWeights),
      i32x4.dot_i16x8_s(v128.shuffle<i32>(rows, rows, 3, 3, 3, 3), oddWeights),
    );
    const both = i16x8.narrow_i32x4_s(
      i32x4.shr_s(i32x4.add(first, v128.load(weights, 80)), SECOND_SHIFT),
      i32x4.shr_s(i32x4.add(last, v128.load(weights, 80)), SECOND_SHIFT),
    );
    const bytes = i8x16.narrow_i16x8_u(both, both);
    if (size == 4) {
      v128.store32_lane(upper, bytes, 0);
      v128.store32_lane(lower, bytes, 1);
    } else {
      storeRow(<u64>i32x4.extract_lane(bytes, 0), upper, size);
      storeRow(<u64>i32x4.extract_lane(bytes, 1), lower, size);
    }
    upper += stride;
    lower -= stride;
  }
}

/** The first pass over the lowest 4 x 4: row n in the lower half, row size - 1 - n in the upper. */
function transformColumns(even: v128, odd: v128, weights: usize, n: i32): v128 {
  const e = i32x4.add(
    i32x4.dot_i16x8_s(even, v128.load32_splat(weights + (n << 2))),
    v128.load(weights, 64),
  );
  const o = i32x4.dot_i16x8_s(odd, v128.load32_splat(weights + (n << 2), 16));
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(e, o), FIRST_SHIFT),
    i32x4.shr_s(i32x4.sub(e, o), FIRST_SHIFT),
  );
}

/** A block whose coefficients lie in the lowest 4 x 4, to 5 x 5 samples or more. */
export function transformLow(
  block: usize,
  divisors: usize,
  weights: usize,
  output: usize,
  stride: usize,
  size: i32,
): void {
  const even = i16x8.mul(v128.load(block), v128.load(divisors));
  const odd = i16x8.mul(v128.load(block, 16), v128.load(divisors, 16));
  const evenWeights = v128.load(weights);
  const oddWeights = v128.load(weights, 16);
  const secondRound = v128.load(weights, 80);
  let upper = output;
  let lower = output + stride * (size - 1);
  const half = (size + 1) >> 1;
  for (let n: i32 = 0; n < half; n++) {
    const rows = transformColumns(even, odd, weights, n);
    const first = combine(
      i32x4.add(
        i32x4.dot_i16x8_s(v128.shuffle<i32>(rows, rows, 0, 0, 0, 0), evenWeights),
        secondRound,
      ),
      i32x4.dot_i16x8_s(v128.shuffle<i32>(rows, rows, 1, 1, 1, 1), oddWeights),
    );
    const last = combine(
      i32x4.add(
        i32x4.dot_i16x8_s(v128.shuffle<i32>(rows, rows, 2, 2, 2, 2), evenWeights),
        secondRound,
      ),
      i32x4.dot_i16x8_s(v128.shuffle<i32>(rows, rows, 3, 3, 3, 3), oddWeights),
    );
    const bytes = i8x16.narrow_i16x8_u(first, last);
    if (size == 8) {
      v128.store64_lane(upper, bytes, 0);
      v128.store64_lane(lower, bytes, 1);
    } else {
      storeHalves(i64x2.extract_lane(bytes, 0), upper, size);
      storeHalves(i64x2.extract_lane(bytes, 1), lower, size);
    }
    upper += stride;
    lower -= stride;
  }
}

/** Any block, to 5 x 5 samples or more; smaller ones need only the lowest 4 x 4. */
export function transformFull(
  block: usize,
  divisors: usize,
  weights: usize,
  output: usize,
  stride: usize,
  size: i32,
): void {
  const a0 = i16x8.mul(v128.load(block), v128.load(divisors));
  const a1 = i16x8.mul(v128.load(block, 16), v128.load(divisors, 16));
  const a2 = i16x8.mul(v128.load(block, 32), v128.load(divisors, 32));
  const a3 = i16x8.mul(v128.load(block, 48), v128.load(divisors, 48));
  const b0 = i16x8.mul(v128.load(block, 64), v128.load(divisors, 64));
  const b1 = i16x8.mul(v128.load(block, 80), v128.load(divisors, 80));
  const b2 = i16x8.mul(v128.load(block, 96), v128.load(divisors, 96));
  const b3 = i16x8.mul(v128.load(block, 112), v128.load(divisors, 112));
  const firstRound = v128.load(weights, 64);
  let upper = output;
  let lower = output + stride * (size - 1);
  const half = (size + 1) >> 1;
  for (let n: i32 = 0; n < half; n++) {
    const w0 = v128.load32_splat(weights + (n << 2));
    const w1 = v128.load32_splat(weights + (n << 2), 16);
    const w2 = v128.load32_splat(weights + (n << 2), 32);
    const w3 = v128.load32_splat(weights + (n << 2), 48);
    const ae = i32x4.add(
      i32x4.add(i32x4.dot_i16x8_s(a0, w0), i32x4.dot_i16x8_s(a2, w2)),
      firstRound,
    );
    const ao = i32x4.add(i32x4.dot_i16x8_s(a1, w1), i32x4.dot_i16x8_s(a3, w3));
    const be = i32x4.add(
      i32x4.add(i32x4.dot_i16x8_s(b0, w0), i32x4.dot_i16x8_s(b2, w2)),
      firstRound,
    );
    const bo = i32x4.add(i32x4.dot_i16x8_s(b1, w1), i32x4.dot_i16x8_s(b3, w3));
    const first = transformRow(
      i16x8.narrow_i32x4_s(
        i32x4.shr_s(i32x4.add(ae, ao), FIRST_SHIFT),
        i32x4.shr_s(i32x4.add(be, bo), FIRST_SHIFT),
      ),
      weights,
    );
    const last = transformRow(
      i16x8.narrow_i32x4_s(
        i32x4.shr_s(i32x4.sub(ae, ao), FIRST_SHIFT),
        i32x4.shr_s(i32x4.sub(be, bo), FIRST_SHIFT),
      ),
      weights,
    );
    const bytes = i8x16.narrow_i16x8_u(first, last);
    if (size == 8) {
      v128.store64_lane(upper, bytes, 0);
      v128.store64_lane(lower, bytes, 1);
    } else {
      storeHalves(i64x2.extract_lane(bytes, 0), upper, size);
      storeHalves(i64x2.extract_lane(bytes, 1), lower, size);
    }
    upper += stride;
    lower -= stride;
  }
}

function transformRow(row: v128, weights: usize): v128 {
  const secondRound = v128.load(weights, 80);
  const even = i32x4.add(
    i32x4.dot_i16x8_s(v128.shuffle<i32>(row, row, 0, 0, 0, 0), v128.load(weights)),
    i32x4.dot_i16x8_s(v128.shuffle<i32>(row, row, 2, 2, 2, 2), v128.load(weights, 32)),
  );
  const odd = i32x4.add(
    i32x4.dot_i16x8_s(v128.shuffle<i32>(row, row, 1, 1, 1, 1), v128.load(weights, 16)),
    i32x4.dot_i16x8_s(v128.shuffle<i32>(row, row, 3, 3, 3, 3), v128.load(weights, 48)),
  );
  return combine(i32x4.add(even, secondRound), odd);
}

/** The sums (samples from the front), then the differences, turned round (samples up to the end). */
function combine(even: v128, odd: v128): v128 {
  const differences = i32x4.shr_s(i32x4.sub(even, odd), SECOND_SHIFT);
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(even, odd), SECOND_SHIFT),
    v128.shuffle<i32>(differences, differences, 3, 2, 1, 0),
  );
}

/** Closes the gap between the samples from the front and those up to the end, for less than 8. */
function storeHalves(samples: u64, at: usize, size: i32): void {
  const front: u64 = ((<u64>1) << ((<u64>(size + 1) >> 1) << 3)) - 1;
  storeRow((samples & front) | ((samples >>> ((<u64>(8 - size)) << 3)) & ~front), at, size);
}

/** Stores exactly `size` bytes: neighbours and guard bytes are not touched. */
function storeRow(samples: u64, at: usize, size: i32): void {
  if (size == 8) {
    store<u64>(at, samples);
    return;
  }
  if (size & 4) {
    store<u32>(at, <u32>samples);
    samples >>>= 32;
    at += 4;
  }
  if (size & 2) {
    store<u16>(at, <u16>samples);
    samples >>>= 16;
    at += 2;
  }
  if (size & 1) store<u8>(at, <u8>samples);
}
