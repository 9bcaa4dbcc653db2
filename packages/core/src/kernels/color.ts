/**
 * Colour models, a sample at a time and in place: RGB and the full-range BT.601 YCbCr of JFIF, and
 * naive CMYK. The planes must be equally large: subsampled chroma is resampled first.
 * @module
 *
 * 16-bit fixed point with the rounding of libjpeg (jccolor.c, jdcolor.c), so that its output is met
 * to the bit. Every product is at most 255 * 116130 < 2^25 and every sum below 2^26.
 */

/** One half in 16 bits. */
const HALF = 1 << 15;
/** The 128 of chroma, and one half less one unit: pure blue would otherwise round to Cb = 256. */
const CENTRE = (128 << 16) + HALF - 1;

/** In place: red becomes Y, green Cb, blue Cr. */
export function rgbToYcbcr(
  red: Uint8Array,
  redStride: number,
  green: Uint8Array,
  greenStride: number,
  blue: Uint8Array,
  blueStride: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    const redRow = y * redStride;
    const greenRow = y * greenStride;
    const blueRow = y * blueStride;
    for (let x = 0; x < width; x++) {
      const r = red[redRow + x];
      const g = green[greenRow + x];
      const b = blue[blueRow + x];
      // 0.299, 0.587, 0.114 sum to exactly 2^16; each chroma row sums to exactly 0: grey stays
      // grey. Extremes: Y in 0..255; Cb, Cr from (CENTRE - 32768 * 255) >> 16 = 0 to (CENTRE +
      // 32768 * 255) >> 16 = 255.
      red[redRow + x] = (19595 * r + 38470 * g + 7471 * b + HALF) >> 16;
      green[greenRow + x] = (32768 * b - 11059 * r - 21709 * g + CENTRE) >> 16;
      blue[blueRow + x] = (32768 * r - 27439 * g - 5329 * b + CENTRE) >> 16;
    }
  }
}

/** In place: Y becomes red, Cb green, Cr blue. Colours outside RGB are clamped. */
export function ycbcrToRgb(
  luma: Uint8Array,
  lumaStride: number,
  blueDifference: Uint8Array,
  blueDifferenceStride: number,
  redDifference: Uint8Array,
  redDifferenceStride: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    const lumaRow = y * lumaStride;
    const blueRow = y * blueDifferenceStride;
    const redRow = y * redDifferenceStride;
    for (let x = 0; x < width; x++) {
      const l = luma[lumaRow + x];
      const cb = blueDifference[blueRow + x] - 128;
      const cr = redDifference[redRow + x] - 128;
      // 1.402, 0.344136, 0.714136 and 1.772; `>>` floors, so HALF rounds for both signs.
      const r = l + ((91881 * cr + HALF) >> 16);
      const g = l + ((HALF - 22554 * cb - 46802 * cr) >> 16);
      const b = l + ((116130 * cb + HALF) >> 16);
      luma[lumaRow + x] = r & ~255 ? (r < 0 ? 0 : 255) : r;
      blueDifference[blueRow + x] = g & ~255 ? (g < 0 ? 0 : 255) : g;
      redDifference[redRow + x] = b & ~255 ? (b < 0 ? 0 : 255) : b;
    }
  }
}

/**
 * target = round((255 - ink) * (255 - black) / 255); may run in place. Division proved in
 * `alpha.ts`.
 */
export function inkToLight(
  ink: Uint8Array,
  inkStride: number,
  black: Uint8Array,
  blackStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    const inkRow = y * inkStride;
    const blackRow = y * blackStride;
    const targetRow = y * targetStride;
    for (let x = 0; x < width; x++) {
      const t = (255 - ink[inkRow + x]) * (255 - black[blackRow + x]) + 128;
      target[targetRow + x] = (t + (t >> 8)) >> 8;
    }
  }
}
