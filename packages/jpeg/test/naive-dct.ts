/**
 * The cosine transform and its inverse straight from their definitions (ITU-T T.81, A.3.3), in
 * float64: slow, obvious, and the judge of the integer one.
 * @module
 */
import { ZIGZAG } from '../src/zigzag.ts';
import type { ReadComponent, ReadJpeg } from './jpeg-reader.ts';

const COSINE = Array.from({ length: 8 }, (_, frequency) =>
  Array.from(
    { length: 8 },
    (__, place) =>
      (frequency === 0 ? Math.SQRT1_2 : 1) *
      0.5 *
      Math.cos(((2 * place + 1) * frequency * Math.PI) / 16),
  ),
);

/** The orthonormal coefficients of 64 samples of 0..255, in natural order. */
export function naiveForwardDct(samples: ArrayLike<number>): Float64Array {
  const result = new Float64Array(64);
  for (let v = 0; v < 8; v++) {
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let y = 0; y < 8; y++) {
        for (let x = 0; x < 8; x++) {
          sum += (samples[8 * y + x] - 128) * COSINE[v][y] * COSINE[u][x];
        }
      }
      result[8 * v + u] = sum;
    }
  }
  return result;
}

/** The samples of one component of a baseline file, padded to whole MCUs, rounded and clamped. */
export function naiveDecode(
  jpeg: ReadJpeg,
  component: ReadComponent,
): { data: Uint8Array; width: number } {
  const { paddedAcross, paddedDown, coefficients } = component;
  const divisors = jpeg.quantization[component.table];
  const width = 8 * paddedAcross;
  const data = new Uint8Array(64 * paddedAcross * paddedDown);
  const values = new Float64Array(64);
  const rows = new Float64Array(64);
  for (let block = 0; block < paddedAcross * paddedDown; block++) {
    for (let k = 0; k < 64; k++) values[ZIGZAG[k]] = coefficients[64 * block + k] * divisors[k];
    for (let v = 0; v < 8; v++) {
      for (let x = 0; x < 8; x++) {
        let sum = 0;
        for (let u = 0; u < 8; u++) sum += values[8 * v + u] * COSINE[u][x];
        rows[8 * v + x] = sum;
      }
    }
    const left = 8 * (block % paddedAcross);
    const top = 8 * Math.floor(block / paddedAcross);
    for (let y = 0; y < 8; y++) {
      for (let x = 0; x < 8; x++) {
        let sum = 128;
        for (let v = 0; v < 8; v++) sum += rows[8 * v + x] * COSINE[v][y];
        data[(top + y) * width + left + x] = Math.min(Math.max(Math.round(sum), 0), 255);
      }
    }
  }
  return { data, width };
}
