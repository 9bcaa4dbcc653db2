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
  rows.forEach((rowShares, y) => {
    columns.forEach((columnShares, x) => {
      let sum = 0;
      for (const [row, height] of rowShares) {
        for (const [column, width] of columnShares) {
          sum += width * height * whole.data[row * whole.stride + column];
        }
      }
      reduced[y * part.width + x] = sum;
    });
  });
  return reduced;
}

/** For each of `count` intervals of length `step`, the samples it covers and their shares of it. */
function sharesOf(count: number, step: number, size: number): [index: number, share: number][][] {
  return Array.from({ length: count }, (_, i) => {
    const start = i * step;
    const end = Math.min(size, start + step);
    const shares: [number, number][] = [];
    for (let at = Math.floor(start); at < end; at++) {
      const covered = Math.min(at + 1, end) - Math.max(at, start);
      if (covered > 1e-9) shares.push([at, covered / (end - start)]);
    }
    return shares;
  });
}
