/**
 * Maps whose result is known: no turn, a quarter, half a sample; and a smooth picture under a real
 * turn.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { cubicPhases } from '../filter-table.ts';
import type { AffineMap } from './kernels.ts';
import { rotate90 } from './turns.ts';
import { warp, warpCoverage } from './warp.ts';

const ONE = 65536;
const IDENTITY: AffineMap = { x0: 0, y0: 0, xx: ONE, xy: 0, yx: 0, yy: ONE };
const phases = cubicPhases();
const noise = Uint8Array.from({ length: 77 }, (_, i) => (i * 7919) >> 3);

/** Smooth, within 18 to 238. */
function wave(x: number, y: number): number {
  return 128 + 60 * Math.sin(x / 7) + 50 * Math.cos(y / 9 + x / 31);
}

describe('warp', () => {
  it('copies under the identity', () => {
    const target = new Uint8Array(77);
    warp(noise, 11, 11, 7, target, 11, 11, 7, IDENTITY, phases);
    expect(target).toEqual(noise);
  });

  it('is rotate90 under a quarter turn', () => {
    const target = new Uint8Array(77);
    const wanted = new Uint8Array(77);
    // Target (x, y) reads source (y, 6 - x).
    const quarter = { x0: 0, y0: 6 * ONE, xx: 0, xy: ONE, yx: -ONE, yy: 0 };
    warp(noise, 11, 11, 7, target, 7, 7, 11, quarter, phases);
    rotate90(noise, 11, wanted, 7, 11, 7);
    expect(target).toEqual(wanted);
  });

  it('repeats the nearest edge far outside, beyond the range of an int32', () => {
    const target = new Uint8Array(2);
    const map = { ...IDENTITY, x0: -100_000 * ONE, xx: 200_000 * ONE, y0: 2 * ONE };
    warp(noise, 11, 11, 7, target, 2, 2, 1, map, phases);
    expect([...target]).toEqual([noise[22], noise[32]]);
  });

  it('stays within a level of a smooth function read at the exact places', () => {
    const size = 64;
    const source = Uint8Array.from({ length: size * size }, (_, i) =>
      Math.round(wave(i % size, Math.floor(i / size))),
    );
    const target = new Uint8Array(30 * 30);
    const [cos, sin] = [Math.cos(0.5), Math.sin(0.5)];
    const map = {
      x0: 12 * ONE,
      y0: 20 * ONE,
      xx: Math.round(cos * ONE),
      xy: Math.round(sin * ONE),
      yx: Math.round(-sin * ONE),
      yy: Math.round(cos * ONE),
    };
    warp(source, size, size, size, target, 30, 30, 30, map, phases);
    const worst = Math.max(
      ...target.map((level, i) => {
        const [x, y] = [i % 30, Math.floor(i / 30)];
        const exact = wave(12 + x * cos + y * sin, 20 - x * sin + y * cos);
        return Math.ceil(Math.abs(level - exact) * 100);
      }),
    );
    // Half a level from each rounding, of source and target, and the cubic's own error.
    expect(worst).toBeLessThanOrEqual(130);
  });
});

describe('warpCoverage', () => {
  it('is full inside and nothing outside under the identity', () => {
    const target = new Uint8Array(12);
    warpCoverage(3, 2, target, 4, 4, 3, IDENTITY);
    expect([...target]).toEqual([255, 255, 255, 0, 255, 255, 255, 0, 0, 0, 0, 0]);
  });

  it('is a half at an edge and a quarter at a corner that lies half a sample off', () => {
    const target = new Uint8Array(6);
    const half = { ...IDENTITY, x0: -ONE / 2, y0: -ONE / 2 };
    warpCoverage(1, 2, target, 2, 2, 3, half);
    expect([...target]).toEqual([64, 64, 128, 128, 64, 64]);
  });
});
