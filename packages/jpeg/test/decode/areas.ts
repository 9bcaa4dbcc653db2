/**
 * Parts and reductions of a decoded plane, the slow and obvious way.
 * @module
 */
import type { JpegPlane } from '../../src/decode/decode-jpeg.ts';

/** The samples of `whole` where `part` lies. */
export function cropOf(whole: JpegPlane, part: JpegPlane): Uint8Array {
  const left = Math.round(
    ((part.extent.left - whole.extent.left) * whole.width) / whole.extent.width,
  );
  const top = Math.round(
    ((part.extent.top - whole.extent.top) * whole.height) / whole.extent.height,
  );
  const samples = new Uint8Array(part.width * part.height);
  for (let y = 0; y < part.height; y++) {
    const at = (top + y) * whole.stride + left;
    samples.set(whole.data.subarray(at, at + part.width), y * part.width);
  }
  return samples;
}

/** The mean of what each sample of `part` covers in `whole`, by area; edges that stick out are cut. */
export function boxReduced(whole: JpegPlane, part: JpegPlane): Float64Array {
  const samplesAPixel = whole.width / whole.extent.width;
  const samplesAPixelDown = whole.height / whole.extent.height;
  const across = (samplesAPixel * part.extent.width) / part.width;
  const columns = sharesOf(part.width, across, whole.width);
  const down = (samplesAPixelDown * part.extent.height) / part.height;
  const rows = sharesOf(part.height, down, whole.height);
  const reduced = new Float64Array(part.width * part.height);
  rows.forEach(({ first, shares }, y) => {
    // Down, then across: each sample is met once, whatever is made of it.
    const sums = new Float64Array(whole.width);
    shares.forEach((share, i) => {
      const start = (first + i) * whole.stride;
      for (let x = 0; x < whole.width; x++) sums[x] += share * whole.data[start + x];
    });
    columns.forEach((column, x) => {
      let sum = 0;
      for (let i = 0; i < column.shares.length; i++) {
        sum += column.shares[i] * sums[column.first + i];
      }
      reduced[y * part.width + x] = sum;
    });
  });
  return reduced;
}

interface Shares {
  /** The first sample that is covered; the others follow. */
  readonly first: number;
  readonly shares: readonly number[];
}

/** For each of `count` intervals of length `step`, the samples it covers and their shares of it. */
function sharesOf(count: number, step: number, size: number): Shares[] {
  return Array.from({ length: count }, (_, i) => {
    const start = i * step;
    const end = Math.min(size, start + step);
    let first = Math.floor(start);
    if (first + 1 - start <= 1e-9) first++;
    const shares: number[] = [];
    for (let at = first; end - at > 1e-9; at++) {
      shares.push((Math.min(at + 1, end) - Math.max(at, start)) / (end - start));
    }
    return { first, shares };
  });
}
