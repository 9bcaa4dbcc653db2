/**
 * Which scale a first reduction allows. How good the pictures are is measured on photographs, by the
 * server's tests over the corpus.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { chooseRequest } from './decode-request.ts';
import { createResample } from './resample.ts';
import { createTurn } from './turn.ts';
import { createView } from './view.ts';

const HEADER = { width: 4_640, height: 3_472, model: 'ycbcr', hasAlpha: false } as const;
const JPEG = { alpha: false, subsampled: true };
const PNG = { alpha: true, subsampled: false };

function resampleTo(width: number, from: number = HEADER.width) {
  const height = Math.round((HEADER.height * width) / from);
  return createResample({ width, height }, { left: 0, top: 0, width, height });
}

describe('chooseRequest', () => {
  it.each([
    // Reductions of 46 and 18.6: what the means of 64 pixels are good for.
    [100, 1],
    [250, 1],
    // 18 and 14.5: an eighth would have enough samples, but not good enough ones.
    [258, 2],
    [320, 2],
    [600, 2],
    [650, 3],
    [1_240, 4],
    [2_570, 8],
  ])('of a picture 4640 wide, for %i pixels, is %i eighths', (width, scale) => {
    const request = chooseRequest([{ operation: resampleTo(width) }], HEADER, JPEG);
    expect(request.scale ?? 8).toBe(scale);
  });

  it('counts samples of luma, which some files subsample', () => {
    const [full, half] = [2, 1].map((factor) => ({ horizontal: factor, vertical: factor }));
    const scaleOf = (sampling: (typeof full)[]) =>
      chooseRequest([{ operation: resampleTo(600) }], { ...HEADER, sampling }, JPEG).scale;
    expect(scaleOf([full, half, half])).toBe(2);
    expect(scaleOf([half, full, full])).toBe(4);
  });

  it('looks through crops and turns, and asks for a leading crop alone', () => {
    const rectangle = { left: 40, top: 8, width: 2_320, height: 1_736 };
    const steps = [
      { operation: createView(rectangle) },
      { operation: createTurn(3) },
      { operation: resampleTo(50, 2_320) },
    ];
    expect(chooseRequest(steps, HEADER, JPEG)).toEqual({ region: rectangle, scale: 1 });
    expect(chooseRequest([{ operation: createTurn(6) }], HEADER, JPEG)).toEqual({});
  });

  it('leaves pixels interleaved where the rows are reduced before planes are needed', () => {
    const rgb = { ...HEADER, model: 'rgb' } as const;
    const rgba = { ...rgb, hasAlpha: true };
    const view = { operation: createView({ left: 40, top: 8, width: 2_320, height: 200 }) };
    const turn = { operation: createTurn(6) };
    const reduce = { operation: resampleTo(600) };
    expect(chooseRequest([reduce], rgb, JPEG).interleaved).toBe(true);
    expect(chooseRequest([reduce], rgba, PNG).interleaved).toBe(true);
    // 449 rows of 200 are more, not fewer.
    expect(chooseRequest([view, reduce], rgba, PNG).interleaved).toBeUndefined();
    expect(chooseRequest([reduce], rgba, JPEG).interleaved).toBeUndefined();
    expect(chooseRequest([reduce], HEADER, JPEG).interleaved).toBeUndefined();
    expect(chooseRequest([turn, reduce], rgb, JPEG).interleaved).toBeUndefined();
    expect(chooseRequest([view], rgb, PNG).interleaved).toBeUndefined();
  });
});
