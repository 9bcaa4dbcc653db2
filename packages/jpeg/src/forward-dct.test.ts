/**
 * The transform of blocks whose result is known; the property tests hold all others against float64.
 * @module
 */
import { expect, it } from 'vitest';
import { forwardDct } from './forward-dct.ts';

it('has only a DC term for a flat block, 64 times its distance from 128', () => {
  const target = new Int32Array(64).fill(-1);
  for (const level of [0, 127, 128, 129, 255]) {
    forwardDct(new Uint8Array(64).fill(level), 0, 8, target);
    expect(target[0]).toBe(64 * (level - 128));
    expect(target.subarray(1).every((value) => value === 0)).toBe(true);
  }
});

it('reads eight rows of eight samples from the offset on, by the stride', () => {
  const samples = new Uint8Array(20 * 10).fill(255);
  for (let y = 0; y < 8; y++) samples.fill(100, 20 * (y + 1) + 3, 20 * (y + 1) + 11);
  const target = new Int32Array(64);
  forwardDct(samples, 23, 20, target);
  expect(target[0]).toBe(64 * -28);
  expect(target.subarray(1).every((value) => value === 0)).toBe(true);
});

it('puts horizontal change into the first row and vertical change into the first column', () => {
  const across = Uint8Array.from({ length: 64 }, (_, i) => 16 * (i & 7));
  const down = Uint8Array.from({ length: 64 }, (_, i) => 16 * (i >> 3));
  const [first, second] = [new Int32Array(64), new Int32Array(64)];
  forwardDct(across, 0, 8, first);
  forwardDct(down, 0, 8, second);
  for (let i = 8; i < 64; i++) expect(first[i]).toBe(0);
  expect(first[1]).toBeLessThan(0);
  for (let i = 0; i < 8; i++) {
    // The passes round at different places, so the two may differ in the last bit.
    expect(Math.abs(second[8 * i] - first[i])).toBeLessThanOrEqual(1);
  }
});
