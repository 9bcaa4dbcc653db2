/**
 * Colour conversions against the values that JPEG files of plain colours hold.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { inkToLight, rgbToYcbcr, ycbcrToRgb } from './color.ts';

function convert(kernel: typeof rgbToYcbcr, colors: number[][]): number[][] {
  const [a, b, c] = [0, 1, 2].map((i) => Uint8Array.from(colors, (color) => color[i]));
  const size = colors.length;
  kernel(a, size, b, size, c, size, size, 1);
  return colors.map((_, i) => [a[i], b[i], c[i]]);
}

const CORNERS = [0, 255].flatMap((r) => [0, 255].flatMap((g) => [0, 255].map((b) => [r, g, b])));

describe('RGB and YCbCr', () => {
  it('has the corners of the cube where JFIF has them, without leaving 0 to 255', () => {
    expect(convert(rgbToYcbcr, CORNERS)).toEqual([
      [0, 128, 128],
      [29, 255, 107],
      [150, 44, 21],
      [179, 171, 0],
      [76, 85, 255],
      [105, 212, 235],
      [226, 0, 149],
      [255, 128, 128],
    ]);
  });

  it('keeps greys grey in both directions', () => {
    const greys = Array.from({ length: 256 }, (_, level) => [level, level, level]);
    const neutral = greys.map(([level]) => [level, 128, 128]);
    expect(convert(rgbToYcbcr, greys)).toEqual(neutral);
    expect(convert(ycbcrToRgb, neutral)).toEqual(greys);
  });

  it('clamps colours that RGB does not have', () => {
    expect(
      convert(ycbcrToRgb, [
        [255, 255, 255],
        [0, 0, 0],
      ]),
    ).toEqual([
      [255, 121, 255],
      [0, 135, 0],
    ]);
  });

  it('comes back within two levels', () => {
    const steps = Array.from({ length: 18 }, (_, i) => i * 15);
    const colors = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => [r, g, b])));
    const back = convert(ycbcrToRgb, convert(rgbToYcbcr, colors));
    const worst = Math.max(
      ...back.map((color, i) => Math.max(...color.map((v, k) => Math.abs(v - colors[i][k])))),
    );
    expect(worst).toBeLessThanOrEqual(2);
  });
});

describe('naive CMYK', () => {
  it('multiplies the light that ink and black leave', () => {
    const ink = Uint8Array.of(0, 255, 0, 55, 128);
    const black = Uint8Array.of(0, 0, 255, 55, 0);
    const light = new Uint8Array(5);
    inkToLight(ink, 5, black, 5, light, 5, 5, 1);
    // 200 * 200 / 255 = 156.86
    expect([...light]).toEqual([255, 0, 0, 157, 127]);
  });
});
