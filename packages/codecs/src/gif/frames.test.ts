/**
 * The frames of a GIF, in: disposal, times, loops, holes, and what they take of memory.
 * @module
 */

import {
  arenaBytes,
  createArena,
  createBudget,
  GENEROUS_LIMITS,
  isImageError,
} from '@safelight/core';
import { randomFrom } from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import { allFrames, outcomeOf, toRgba } from '../../test/decoding.ts';
import { frame, type GifFrameParts, gif, loop } from '../../test/gif-writer.ts';
import { createGifCodec } from './codec.ts';

const codec = createGifCodec();
/** Index 0 to 3; `.` is a pixel that shows nothing. */
const PALETTE = [10, 0, 0, 20, 0, 0, 30, 0, 0, 40, 0, 0];
const COLORS: Readonly<Record<number, string>> = { 10: '0', 20: '1', 30: '2', 40: '3' };

function headerOf(...blocks: readonly (readonly number[])[]) {
  return codec.readHeader(gif(3, 1, PALETTE, ...blocks), GENEROUS_LIMITS);
}

/** One row of pixels from `left` on. */
function row(left: number, indices: readonly number[], more: Partial<GifFrameParts> = {}) {
  return frame({ left, width: indices.length, height: 1, indices, ...more });
}

/** What reading all frames comes to; as many must come as the header told. */
async function outcomeOfFrames(bytes: Uint8Array): Promise<string> {
  const limits = { ...GENEROUS_LIMITS, maxMemoryBytes: 16 * 1024 * 1024 };
  try {
    const { frames, animation } = codec.readHeader(bytes, limits);
    if (animation === undefined) return outcomeOf(codec, bytes, limits).replace('raster', 'frames');
    expect(await allFrames(codec, bytes)).toHaveLength(frames);
    return 'frames';
  } catch (error) {
    if (isImageError(error)) return `${error.code}/${error.reason}`;
    throw error;
  }
}

/** Each frame of a canvas of three pixels as a word. */
async function shown(...blocks: readonly (readonly number[])[]): Promise<string> {
  const frames = await allFrames(codec, gif(3, 1, PALETTE, ...blocks));
  return frames
    .map(({ raster }) => {
      const rgba = toRgba(raster);
      return [0, 4, 8].map((at) => (rgba[at + 3] === 0 ? '.' : COLORS[rgba[at]])).join('');
    })
    .join(' ');
}

describe('the frames of a GIF', () => {
  const first = row(0, [0, 1, 2]);

  it.each([
    ['stays when nothing is said', 0, '012 031 031'],
    ['stays when it is told to', 1, '012 031 031'],
    ['becomes transparent', 2, '012 031 0..'],
    ['is undone', 3, '012 031 012'],
    ['is undone by the number that was meant', 4, '012 031 012'],
    ['stays with a number that means nothing', 5, '012 031 031'],
  ])('show what is under them: the one before %s (%i)', async (_name, disposal, expected) => {
    const second = row(1, [3, 1], { disposal });
    expect(await shown(first, second, row(0, [0]))).toBe(expected);
  });

  it.each([
    [1, '012 312'],
    [2, '012 3..'],
    [3, '012 3..'],
  ])('begin with a transparent canvas, to which disposal %i leads', async (disposal, expected) => {
    expect(await shown(row(0, [0, 1, 2], { disposal }), row(0, [3]))).toBe(expected);
  });

  it('leave the canvas where they are transparent', async () => {
    const holed = row(0, [3, 1, 3], { transparentIndex: 1 });
    expect(await shown(first, holed)).toBe('012 313');
  });

  it('have palettes of their own', async () => {
    const palette = [40, 0, 0, 30, 0, 0];
    expect(await shown(first, row(0, [1, 0], { palette }), row(2, [0]))).toBe('012 232 230');
  });

  it.each([2, 3])('may leave the canvas, before disposal %i too', async (disposal) => {
    const outside = frame({
      left: 2,
      top: 0,
      width: 2,
      height: 2,
      indices: [3, 3, 3, 3],
      disposal,
    });
    const away = frame({ left: 7, top: 9, width: 1, height: 1, indices: [0], disposal });
    expect(await shown(first, outside, away, row(0, [1]))).toBe(
      disposal === 2 ? '012 013 01. 11.' : '012 013 012 112',
    );
  });

  it('have times in hundredths of a second, also very long ones and none', async () => {
    const bytes = gif(
      3,
      1,
      PALETTE,
      row(0, [0], { delayCs: 7 }),
      row(0, [1]),
      row(0, [2], { delayCs: 65_535 }),
    );
    const frames = await allFrames(codec, bytes);
    expect(frames.map(({ durationMs }) => durationMs)).toEqual([70, 0, 655_350]);
  });

  it.each([
    ['nothing', [], 1],
    ['no end', [loop(0)], 0],
    ['one repetition', [loop(1)], 2],
    ['65535 repetitions', [loop(65_535)], 65_536],
    ['the other name', [loop(4, 'ANIMEXTS1.0')], 5],
    ['a foreign name', [loop(4, 'SAFELIGHT11')], 1],
    ['two counts, of which the last holds', [loop(4), loop(6)], 7],
  ])('are repeated as is told: %s', (_name, blocks, plays) => {
    expect(headerOf(...blocks, first, first).animation?.plays).toBe(plays);
  });

  it('are no animation when there is one', () => {
    const header = headerOf(loop(0), first);
    expect([header.frames, header.animation]).toEqual([1, undefined]);
  });

  it.each([
    ['opaque ones', [first, row(1, [2])], false],
    ['one that is cleared', [first, row(1, [2], { disposal: 2 }), first], true],
    ['one that is undone', [first, row(1, [2], { disposal: 3 }), first], false],
    ['a first one that is undone', [row(0, [1, 1, 1], { disposal: 3 }), first], true],
    ['a first one with a hole', [row(0, [1, 0, 1], { transparentIndex: 0 }), first], true],
    ['a later one with a hole', [first, row(0, [1, 0, 1], { transparentIndex: 0 })], false],
    ['a first one that covers a part', [row(0, [1, 0]), first], true],
  ])('foretell their alpha: %s', (_name, blocks, expected) => {
    expect(headerOf(...blocks).animation?.hasAlpha).toBe(expected);
  });

  it('are decoded when they are asked for, and no earlier', () => {
    const broken = frame({ width: 3, height: 1, indices: [] });
    const bytes = gif(3, 1, PALETTE, first, broken);
    expect(outcomeOf(codec, bytes)).toBe('raster');
    const header = codec.readHeader(bytes, GENEROUS_LIMITS);
    const arena = createArena();
    arena.reserve(4 * arenaBytes(3));
    const limits = GENEROUS_LIMITS;
    const frames = codec.readFrames!(bytes, header, { arena, limits, budget: createBudget(1e9) });
    const reader = (frames as Iterable<unknown>)[Symbol.iterator]();
    expect(reader.next().done).toBe(false);
    arena.clear();
    expect(() => reader.next()).toThrow(
      expect.objectContaining({ code: 'BadImage', reason: 'truncated' }),
    );
  });

  it('end in frames or an ImageError, whatever bits are flipped', async () => {
    const film = gif(
      3,
      1,
      PALETTE,
      loop(3),
      row(0, [0, 1, 2], { delayCs: 4 }),
      row(1, [3, 1], { disposal: 3, transparentIndex: 1 }),
      row(0, [2, 2], { disposal: 2, palette: [1, 2, 3, 40, 0, 0] }),
      row(2, [1]),
    );
    const random = randomFrom(film.length);
    const outcomes = new Set<string>();
    for (let i = 0; i < 2_000; i++) {
      const bytes = Uint8Array.from(film);
      for (let n = 0; n <= i % 3; n++) {
        bytes[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(random() * 8);
      }
      outcomes.add(await outcomeOfFrames(bytes));
    }
    expect([...outcomes].toSorted()).toEqual(['BadImage/damaged', 'BadImage/truncated', 'frames']);
  });

  it('count with their whole size, however little of it lies on the canvas', () => {
    const large = frame({ width: 100, height: 10, indices: [0] });
    const bytes = gif(1, 1, PALETTE, large, large);
    const refusal = 'LimitExceeded/too-many-pixels';
    expect(outcomeOf(codec, bytes, { ...GENEROUS_LIMITS, maxSourcePixels: 1999 })).toBe(refusal);
  });

  it('take memory for the canvas, the largest frame, and what one that is undone hides', () => {
    const canvasBytes = 4 * 60 * 50;
    const of = (disposal: number): number => {
      const small = frame({ width: 60, height: 50, indices: [0], disposal });
      const bytes = gif(60, 50, PALETTE, small, small);
      const { animation } = codec.readHeader(bytes, GENEROUS_LIMITS);
      return animation!.decoderBytes - bytes.length;
    };
    expect(of(3) - of(2)).toBe(canvasBytes);
    expect(of(2)).toBeGreaterThan(canvasBytes + 60 * 50);
  });
});
