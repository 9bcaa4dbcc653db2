/**
 * Convolution and sharpening by hand.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { blurColumns, blurRows } from './blur.ts';
import { sharpen } from './sharpen.ts';

/** 1/4, 1/2, 1/4 */
const WEIGHTS = Int16Array.of(4096, 8192, 4096);

describe('blur', () => {
  it('spreads one sample over its row and repeats the edges', () => {
    const source = Uint8Array.of(200, 0, 0, 0, 0, 100, 0, 0, 0, 40);
    const target = new Uint8Array(10);
    blurRows(source, 10, target, 10, 10, 1, WEIGHTS);
    expect([...target]).toEqual([150, 50, 0, 0, 25, 50, 25, 0, 10, 30]);
  });

  it('does the same along a column', () => {
    const source = Uint8Array.of(200, 0, 0, 0, 0, 100, 0, 0, 0, 40);
    const target = new Uint8Array(10);
    blurColumns(source, 1, target, 1, 1, 10, WEIGHTS);
    expect([...target]).toEqual([150, 50, 0, 0, 25, 50, 25, 0, 10, 30]);
  });

  it('gives the first weight to the sample before, in windows wider than the row too', () => {
    const target = new Uint8Array(2);
    blurRows(Uint8Array.of(10, 90), 2, target, 2, 2, 1, Int16Array.of(16384, 0, 0, 0, 0));
    expect([...target]).toEqual([10, 10]);
  });
});

describe('sharpen', () => {
  it('adds the detail times the amount, rounded, and clamps', () => {
    const source = Uint8Array.of(100, 100, 100, 5, 250);
    const blurred = Uint8Array.of(90, 110, 99, 60, 200);
    const target = new Uint8Array(5);
    sharpen(source, 5, blurred, 5, target, 5, 5, 1, 128);
    // Half of 10, -10, 1, -55, 50.
    expect([...target]).toEqual([105, 95, 101, 0, 255]);
  });
});
