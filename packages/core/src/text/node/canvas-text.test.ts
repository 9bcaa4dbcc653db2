/**
 * The text rasteriser draws real glyphs of the bundled fonts, not boxes of a missing font.
 * @module
 */

import { describe, expect, it } from 'vitest';
import { createCanvasTextRasterizer } from './canvas-text.ts';
import { parseFontFaces } from './font-subsets.ts';

const text = createCanvasTextRasterizer();
const GREETING = 'Hello 图片服务!';

/** Share of the box that is covered, 0 to 1. */
function inkShare(coverage: Uint8Array): number {
  return coverage.reduce((sum, value) => sum + value, 0) / (255 * coverage.length);
}

describe('text coverage', () => {
  it.each(['sans', 'serif', 'kai'])('draws Latin and Han glyphs with %s', (font) => {
    const { coverage, width, height } = text.rasterize({ text: GREETING, font, size: 40 });
    expect(coverage.length).toBe(width * height);
    // Eleven characters of 40 px: five Latin letters at about half an em, five full ems and two narrow.
    expect(width).toBeGreaterThan(240);
    expect(width).toBeLessThan(360);
    expect(inkShare(coverage)).toBeGreaterThan(0.05);
    expect(inkShare(coverage)).toBeLessThan(0.3);
  });

  it('draws different characters differently, which boxes of a missing font would not', () => {
    const one = text.rasterize({ text: '图', font: 'sans', size: 40 });
    const other = text.rasterize({ text: '片', font: 'sans', size: 40 });
    expect(one.width).toBe(other.width);
    expect([...one.coverage]).not.toEqual([...other.coverage]);
  });

  it('announces the box that it fills', () => {
    for (const angleDeg of [0, 30, 90, 180, 271]) {
      const request = { text: GREETING, font: 'sans', size: 23, angleDeg };
      const { width, height } = text.rasterize(request);
      expect(text.measure(request)).toEqual({ width, height });
    }
  });

  it('swaps the sides of the box at a quarter turn', () => {
    const upright = text.measure({ text: GREETING, font: 'sans', size: 40 });
    const turned = text.measure({ text: GREETING, font: 'sans', size: 40, angleDeg: 90 });
    expect(turned).toEqual({ width: upright.height, height: upright.width });
  });

  it('draws the same samples whether the box is cut or not', () => {
    const request = { text: GREETING, font: 'sans', size: 40, angleDeg: 20 };
    const whole = text.rasterize(request);
    const window = { left: 37, top: 21, width: 100, height: 50 };
    const part = text.rasterize({ ...request, window });
    expect([part.width, part.height]).toEqual([100, 50]);
    for (let y = 0; y < 50; y++) {
      const from = (21 + y) * whole.width + 37;
      const row = whole.coverage.subarray(from, from + 100);
      expect(part.coverage.subarray(y * 100, y * 100 + 100)).toEqual(row);
    }
  });

  it('draws a box larger than one pass without a seam', () => {
    const request = { text: 'WWWWWW', font: 'sans', size: 1000, angleDeg: 0 };
    const { coverage, width, height } = text.rasterize(request);
    expect(width * height * 4).toBeGreaterThan(16 * 1024 * 1024);
    // A row that a pass had dropped would be empty between two that are not.
    const inked = Array.from({ length: height }, (_, y) =>
      coverage.subarray(y * width, (y + 1) * width).some((value) => value > 0),
    );
    expect(inked.slice(inked.indexOf(true), inked.lastIndexOf(true))).not.toContain(false);
  });

  it('refuses a font it does not have by name', () => {
    expect(() => text.rasterize({ text: 'x', font: 'papyrus', size: 10 })).toThrow(/papyrus/);
  });
});

describe('parseFontFaces', () => {
  it('reads files and ranges, single code points and wildcards', () => {
    const sheet = `@font-face { src: url('./files/a.woff2') format('woff2'); unicode-range: U+41, U+4e00-4e0f,U+26?; }
      @font-face { src: url(b.woff2) }`;
    expect(parseFontFaces(sheet)).toEqual([
      {
        file: './files/a.woff2',
        ranges: [
          [0x41, 0x41],
          [0x4e00, 0x4e0f],
          [0x260, 0x26f],
        ],
      },
      { file: 'b.woff2', ranges: [[0, 0x10ffff]] },
    ]);
  });
});
