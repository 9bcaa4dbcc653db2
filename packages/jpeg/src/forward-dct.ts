/**
 * The forward cosine transform of one 8 x 8 block, in integers. Its outputs are eight times the
 * orthonormal coefficients, as in libjpeg's slow-integer transform, and must equal it bit for bit:
 * every rounding below happens where that one rounds, so no step may be merged or moved.
 * @module
 */

// Rotations of Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT algorithms with 11
// multiplications" (ICASSP 1989), as 13-bit fixed point: round(c * 2^13). cN is sqrt(2) cos(N pi / 16).
const C6 = 4433; //                   0.541196100
const C2_MINUS_C6 = 6270; //          0.765366865
const C2_PLUS_C6 = 15137; //          1.847759065
const C3 = 9633; //                   1.175875602
const ODD_4 = 2446; //                0.298631336 = -c1 + c3 + c5 - c7
const ODD_5 = 16819; //               2.053119869 =  c1 + c3 - c5 + c7
const ODD_6 = 25172; //               3.072711026 =  c1 + c3 + c5 - c7
const ODD_7 = 12299; //               1.501321110 =  c1 + c3 - c5 - c7
const C3_MINUS_C7 = 7373; //          0.899976223
const C1_PLUS_C3 = 20995; //          2.562915447
const C3_PLUS_C5 = 16069; //          1.961570560
const C3_MINUS_C5 = 3196; //          0.390180644

/** Fraction bits kept between the passes. */
const PASS_BITS = 2;
/** The rows drop all fraction bits but those kept; the columns drop those too. */
const ROW_SHIFT = 13 - PASS_BITS;
const ROW_HALF = 1 << (ROW_SHIFT - 1);
const COLUMN_SHIFT = 13 + PASS_BITS;
const COLUMN_HALF = 1 << (COLUMN_SHIFT - 1);
const PASS_HALF = 1 << (PASS_BITS - 1);
/** 8 samples of level 128: the shift to signed samples touches the DC term of each row alone. */
const LEVEL_SHIFT = 8 * 128;

/**
 * Transforms the 8 x 8 samples that begin at `offset` into `target` (64, natural order, scaled by 8).
 * The caller proves that the eight rows lie in `samples` and that `target` holds 64 values.
 *
 * Bound: samples within +-128 leave the rows within 128 * 8 * 2^2 = 2^12 and the sums of the columns
 * within 2^15; the largest product is 2^14 * 25172 < 2^29, and at most four are added: below 2^31.
 */
export function forwardDct(
  samples: Uint8Array,
  offset: number,
  stride: number,
  target: Int32Array,
): void {
  transformRows(samples, offset, stride, target);
  transformColumns(target);
}

/** First pass: eight rows of samples, results scaled by sqrt(8) * 2^2. */
function transformRows(
  samples: Uint8Array,
  offset: number,
  stride: number,
  target: Int32Array,
): void {
  for (let at = 0, from = offset; at < 64; at += 8, from += stride) {
    const s0 = samples[from];
    const s1 = samples[from + 1];
    const s2 = samples[from + 2];
    const s3 = samples[from + 3];
    const s4 = samples[from + 4];
    const s5 = samples[from + 5];
    const s6 = samples[from + 6];
    const s7 = samples[from + 7];

    const even0 = s0 + s7 + (s3 + s4);
    const even3 = s0 + s7 - (s3 + s4);
    const even1 = s1 + s6 + (s2 + s5);
    const even2 = s1 + s6 - (s2 + s5);
    target[at] = (even0 + even1 - LEVEL_SHIFT) << PASS_BITS;
    target[at + 4] = (even0 - even1) << PASS_BITS;
    const turn = Math.imul(even2 + even3, C6) + ROW_HALF;
    target[at + 2] = (turn + Math.imul(even3, C2_MINUS_C6)) >> ROW_SHIFT;
    target[at + 6] = (turn - Math.imul(even2, C2_PLUS_C6)) >> ROW_SHIFT;

    const odd4 = s3 - s4;
    const odd5 = s2 - s5;
    const odd6 = s1 - s6;
    const odd7 = s0 - s7;
    const shared = Math.imul(odd4 + odd6 + odd5 + odd7, C3) + ROW_HALF;
    const even46 = shared - Math.imul(odd4 + odd6, C3_PLUS_C5);
    const odd57 = shared - Math.imul(odd5 + odd7, C3_MINUS_C5);
    const outer = Math.imul(odd4 + odd7, C3_MINUS_C7);
    const inner = Math.imul(odd5 + odd6, C1_PLUS_C3);
    target[at + 7] = (Math.imul(odd4, ODD_4) - outer + even46) >> ROW_SHIFT;
    target[at + 5] = (Math.imul(odd5, ODD_5) - inner + odd57) >> ROW_SHIFT;
    target[at + 3] = (Math.imul(odd6, ODD_6) - inner + even46) >> ROW_SHIFT;
    target[at + 1] = (Math.imul(odd7, ODD_7) - outer + odd57) >> ROW_SHIFT;
  }
}

/** Second pass, in place: eight columns, taking the 2^2 of the first pass out again. */
function transformColumns(target: Int32Array): void {
  for (let at = 0; at < 8; at++) {
    const s0 = target[at];
    const s1 = target[at + 8];
    const s2 = target[at + 16];
    const s3 = target[at + 24];
    const s4 = target[at + 32];
    const s5 = target[at + 40];
    const s6 = target[at + 48];
    const s7 = target[at + 56];

    const even0 = s0 + s7 + (s3 + s4);
    const even3 = s0 + s7 - (s3 + s4);
    const even1 = s1 + s6 + (s2 + s5);
    const even2 = s1 + s6 - (s2 + s5);
    target[at] = (even0 + even1 + PASS_HALF) >> PASS_BITS;
    target[at + 32] = (even0 - even1 + PASS_HALF) >> PASS_BITS;
    const turn = Math.imul(even2 + even3, C6) + COLUMN_HALF;
    target[at + 16] = (turn + Math.imul(even3, C2_MINUS_C6)) >> COLUMN_SHIFT;
    target[at + 48] = (turn - Math.imul(even2, C2_PLUS_C6)) >> COLUMN_SHIFT;

    const odd4 = s3 - s4;
    const odd5 = s2 - s5;
    const odd6 = s1 - s6;
    const odd7 = s0 - s7;
    const shared = Math.imul(odd4 + odd6 + odd5 + odd7, C3) + COLUMN_HALF;
    const even46 = shared - Math.imul(odd4 + odd6, C3_PLUS_C5);
    const odd57 = shared - Math.imul(odd5 + odd7, C3_MINUS_C5);
    const outer = Math.imul(odd4 + odd7, C3_MINUS_C7);
    const inner = Math.imul(odd5 + odd6, C1_PLUS_C3);
    target[at + 56] = (Math.imul(odd4, ODD_4) - outer + even46) >> COLUMN_SHIFT;
    target[at + 40] = (Math.imul(odd5, ODD_5) - inner + odd57) >> COLUMN_SHIFT;
    target[at + 24] = (Math.imul(odd6, ODD_6) - inner + even46) >> COLUMN_SHIFT;
    target[at + 8] = (Math.imul(odd7, ODD_7) - outer + odd57) >> COLUMN_SHIFT;
  }
}
