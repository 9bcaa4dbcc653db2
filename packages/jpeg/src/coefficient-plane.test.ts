/**
 * How many blocks there are, and what stands in those that the samples do not fill.
 * @module
 */
import { describe, expect, it } from 'vitest';
import { quantizeFrame } from './coefficient-plane.ts';
import type { JpegComponent } from './options.ts';
import { quantizationTables } from './quantization.ts';

const TABLES = quantizationTables(100);

function component(
  width: number,
  height: number,
  sampling: readonly [1 | 2, 1 | 2],
  sample: (x: number, y: number) => number,
): JpegComponent {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    sample(i % width, Math.floor(i / width)),
  );
  const [horizontalSampling, verticalSampling] = sampling;
  return { data, width, height, stride: width, horizontalSampling, verticalSampling };
}

describe('quantizeFrame', () => {
  it('counts blocks and pads them to whole MCUs', () => {
    const luma = component(17, 33, [2, 2], () => 0);
    const chroma = component(9, 17, [1, 1], () => 0);
    const picture = { width: 17, height: 33, components: [luma, chroma, chroma] };
    const frame = quantizeFrame(picture, TABLES);
    expect([frame.mcusAcross, frame.mcusDown]).toEqual([2, 3]);
    const sizes = frame.components.map((plane) => [
      plane.blocksAcross,
      plane.blocksDown,
      plane.paddedAcross,
      plane.paddedDown,
      plane.tableIndex,
    ]);
    expect(sizes).toEqual([
      [3, 5, 4, 6, 0],
      [2, 3, 2, 3, 1],
      [2, 3, 2, 3, 1],
    ]);
  });

  it('gives padding blocks the DC value coded before them and nothing else', () => {
    const luma = component(24, 8, [2, 2], (x) => 10 * x);
    const chroma = component(12, 4, [1, 1], () => 128);
    const picture = { width: 24, height: 8, components: [luma, chroma, chroma] };
    const { components } = quantizeFrame(picture, TABLES);
    const [plane] = components;
    const dc = [0, 1, 2, 3, 4, 5, 6, 7].map((block) => plane.coefficients[64 * block]);
    expect(dc[3]).toBe(dc[2]);
    // The row below follows, MCU by MCU, the last block of the row above.
    expect(dc.slice(4)).toEqual([dc[1], dc[1], dc[3], dc[3]]);
    for (const block of [3, 4, 5, 6, 7]) {
      const rest = plane.coefficients.subarray(64 * block + 1, 64 * block + 64);
      expect(rest.every((value) => value === 0)).toBe(true);
      expect(plane.masks[2 * block] & 0x7fffffff).toBe(0);
      expect(plane.masks[2 * block + 1]).toBe(0);
    }
  });

  it('repeats the last column and row over the rest of a block', () => {
    const small = component(3, 2, [1, 1], (x, y) => 40 * x + 90 * y);
    const whole = component(8, 8, [1, 1], (x, y) => 40 * Math.min(x, 2) + 90 * Math.min(y, 1));
    const partial = quantizeFrame({ width: 3, height: 2, components: [small] }, TABLES);
    const full = quantizeFrame({ width: 8, height: 8, components: [whole] }, TABLES);
    expect(partial.components[0].coefficients).toEqual(full.components[0].coefficients);
  });

  it('uses samples beyond the picture where the last block reaches over them', () => {
    const larger = component(8, 8, [1, 1], (x, y) => 20 * x + 10 * y);
    const partial = quantizeFrame({ width: 3, height: 2, components: [larger] }, TABLES);
    const full = quantizeFrame({ width: 8, height: 8, components: [larger] }, TABLES);
    expect(partial.components[0].coefficients).toEqual(full.components[0].coefficients);
  });

  it('codes a lone component 1 x 1, whatever its sampling says', () => {
    const grey = component(17, 9, [2, 2], () => 7);
    const frame = quantizeFrame({ width: 17, height: 9, components: [grey] }, TABLES);
    expect([frame.mcusAcross, frame.mcusDown]).toEqual([3, 2]);
    expect(frame.components[0].horizontalSampling).toBe(1);
  });
});
