/**
 * Turns of a 3 x 2 plane, written out.
 * @module
 */

import { describe, expect, it } from 'vitest';

import {
  copy,
  fill,
  flipHorizontal,
  flipVertical,
  rotate180,
  rotate270,
  rotate90,
  transpose,
  transverse,
} from './turns.ts';

//   a b c
//   d e f
const SOURCE = [...'abcdef'].map((letter) => letter.charCodeAt(0));

function moved(move: typeof copy, targetWidth: number): string[] {
  const target = new Uint8Array(6);
  move(Uint8Array.from(SOURCE), 3, target, targetWidth, 3, 2);
  const text = String.fromCharCode(...target);
  return Array.from({ length: 6 / targetWidth }, (_, row) =>
    text.slice(row * targetWidth, (row + 1) * targetWidth),
  );
}

describe('turns', () => {
  it('copy keeps every place', () => expect(moved(copy, 3)).toEqual(['abc', 'def']));
  it('rotate90 moves the top left sample to the top right', () =>
    expect(moved(rotate90, 2)).toEqual(['da', 'eb', 'fc']));
  it('rotate180 moves the top left sample to the bottom right', () =>
    expect(moved(rotate180, 3)).toEqual(['fed', 'cba']));
  it('rotate270 moves the top left sample to the bottom left', () =>
    expect(moved(rotate270, 2)).toEqual(['cf', 'be', 'ad']));
  it('flipHorizontal swaps left and right', () =>
    expect(moved(flipHorizontal, 3)).toEqual(['cba', 'fed']));
  it('flipVertical swaps top and bottom', () =>
    expect(moved(flipVertical, 3)).toEqual(['def', 'abc']));
  it('transpose keeps the top left sample and swaps axes', () =>
    expect(moved(transpose, 2)).toEqual(['ad', 'be', 'cf']));
  it('transverse moves the top left sample to the bottom right and swaps axes', () =>
    expect(moved(transverse, 2)).toEqual(['fc', 'eb', 'da']));

  it('fill leaves the bytes between rows', () => {
    const target = new Uint8Array(8);
    fill(target, 4, 3, 2, 9);
    expect([...target]).toEqual([9, 9, 9, 0, 9, 9, 9, 0]);
  });
});
