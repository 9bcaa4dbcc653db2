/**
 * Tables, their quality, and the division at every place where rounding could go wrong.
 * @module
 */
import { describe, expect, it } from 'vitest';
import {
  createDivisors,
  estimateQuality,
  quantizationTables,
  quantizeBlock,
} from './quantization.ts';

describe('quantizationTables', () => {
  it('gives the standard tables at quality 50', () => {
    const { luma, chroma } = quantizationTables(50);
    expect([...luma.subarray(0, 8)]).toEqual([16, 11, 10, 16, 24, 40, 51, 61]);
    expect([...chroma.subarray(0, 8)]).toEqual([17, 18, 24, 47, 99, 99, 99, 99]);
    expect(luma[63]).toBe(99);
    expect(chroma[63]).toBe(99);
  });

  it('divides by one everywhere at quality 100', () => {
    const { luma, chroma } = quantizationTables(100);
    expect(new Set([...luma, ...chroma])).toEqual(new Set([1]));
  });

  it('stays baseline at quality 1, where 5000 percent would pass 255', () => {
    expect(new Set(quantizationTables(1).luma)).toEqual(new Set([255]));
  });

  it('scales and rounds as libjpeg does', () => {
    // 75: 50 percent, (16 * 50 + 50) / 100 = 8.5 -> 8; 33: 5000 / 33 = 151 percent, 24.66 -> 24.
    expect(quantizationTables(75).luma[0]).toBe(8);
    expect(quantizationTables(75).luma[1]).toBe(6);
    expect(quantizationTables(33).luma[0]).toBe(24);
  });

  it.each([0, 101, 50.5, Number.NaN])('refuses quality %d', (quality) => {
    expect(() => quantizationTables(quality)).toThrow(/qualityPercent: expected .* 1\.\.100, got/);
  });
});

describe('estimateQuality', () => {
  it('recognises every quality by both tables and by luma alone', () => {
    for (let quality = 1; quality <= 100; quality++) {
      const tables = quantizationTables(quality);
      expect(estimateQuality(tables)).toBe(quality);
      expect(estimateQuality({ luma: tables.luma })).toBe(quality);
    }
  });

  it('does not mind tables in zigzag order', () => {
    const { luma, chroma } = quantizationTables(82);
    const shuffled = { luma: luma.toReversed(), chroma: chroma.toReversed() };
    expect(estimateQuality(shuffled)).toBe(82);
  });

  it('takes the nearest quality for tables of its own kind', () => {
    expect(estimateQuality({ luma: new Uint16Array(64).fill(1) })).toBe(100);
    expect(estimateQuality({ luma: new Uint16Array(64).fill(65535) })).toBe(1);
    const nearly = quantizationTables(90);
    nearly.luma[5]++;
    nearly.luma[60]--;
    expect(estimateQuality(nearly)).toBe(90);
    const finer = quantizationTables(90);
    finer.luma[63]--;
    expect(estimateQuality(finer)).toBe(90);
  });

  it('refuses a table of another length', () => {
    expect(() => estimateQuality({ luma: [1, 2, 3] })).toThrow('luma: expected 64 divisors, got 3');
    const { luma } = quantizationTables(50);
    expect(() => estimateQuality({ luma, chroma: [] })).toThrow('chroma: expected 64');
  });
});

describe('quantizeBlock', () => {
  it('divides exactly for every divisor and every value a block can have', () => {
    const source = new Int32Array(64);
    const target = new Int16Array(64);
    const masks = new Int32Array(2);
    const wrong: number[][] = [];
    for (let divisor = 1; divisor <= 255; divisor++) {
      const divisors = createDivisors(new Uint16Array(64).fill(divisor));
      // The values beside each step are those that could be wrong.
      for (let level = 0; level * divisor <= 1024; level++) {
        const step = (8 * level + 4) * divisor;
        source.fill(0);
        source[0] = step - 1;
        source[63] = -step;
        target.fill(0);
        quantizeBlock(source, divisors, target, 0, masks, 0);
        if (target[0] !== level || target[63] !== -level - 1) wrong.push([divisor, step]);
      }
    }
    expect(wrong).toEqual([]);
    expect(masks[1]).toBe(1);
  });

  it('writes in zigzag order and tells which values are not zero', () => {
    const source = new Int32Array(64);
    source[8] = -80;
    source[56] = 800;
    const target = new Int16Array(64);
    const masks = new Int32Array(2);
    quantizeBlock(source, createDivisors(new Uint16Array(64).fill(10)), target, 0, masks, 0);
    // Row 1, column 0 is third in the zigzag; row 7, column 0 is the 36th.
    expect(target[2]).toBe(-1);
    expect(target[35]).toBe(10);
    expect(masks[0] >>> 0).toBe(2 ** 29);
    expect(masks[1] >>> 0).toBe(2 ** 28);
  });
});
