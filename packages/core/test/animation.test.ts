/**
 * When animations stay animations, what their plans foresee, and that frames go through a chain as
 * pictures of their own would.
 * @module
 */

import { createRawCodec, decodeRaw, flat, photoLike, rgbRaster } from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import {
  type Action,
  autoOrient,
  averageHue,
  blur,
  bright,
  type Chain,
  circle,
  contrast,
  crop,
  flip,
  format,
  indexCrop,
  info,
  interlace,
  quality,
  resize,
  rotate,
  roundedCorners,
  sharpen,
  watermark,
} from '../src/index.ts';
import { ACTIONS } from '../src/actions/index.ts';
import type { ImageHeader } from '../src/codec.ts';
import { isImageError } from '../src/errors.ts';
import { createKernelSource } from '../src/kernel-source.ts';
import { typescriptKernels } from '../src/kernels/typescript-kernels.ts';
import { GENEROUS_LIMITS, type Limits } from '../src/limits.ts';
import { renderChain } from '../src/pipeline.ts';
import { type PicturePlan, planChain } from '../src/plan.ts';
import {
  createFilmCodec,
  decodeFilm,
  encodeFilm,
  type Film,
  FILM_READER_BYTES,
  FILM_WRITER_BYTES,
} from './film.ts';
import { BOX_TEXT, renderRaster } from './rendering.ts';

const gif = createFilmCodec('gif');
const webp = createFilmCodec('webp');
const codecs = [gif, webp, createRawCodec({ format: 'jpeg' }), createRawCodec({ format: 'png' })];
const KERNELS = createKernelSource(typescriptKernels);

function contextOf(limits: Limits = GENEROUS_LIMITS) {
  return {
    codecs,
    limits,
    kernels: KERNELS,
    arena: KERNELS.createArena(),
    text: BOX_TEXT,
    printInfo: () => '',
    printAverageHue: () => '',
  };
}

const FILM: Film = {
  plays: 3,
  frames: [0, 70, 120_000].map((durationMs, seed) => ({
    raster: rgbRaster(photoLike(40, 30, seed + 1)),
    durationMs,
  })),
};
const source = encodeFilm(FILM, 'gif');
const header = gif.readHeader(source, GENEROUS_LIMITS);

function planOf(told: ImageHeader, chain: Chain, limits = GENEROUS_LIMITS): PicturePlan {
  const plan = planChain(told, chain, { codecs, limits, text: BOX_TEXT });
  if (plan.kind !== 'picture') throw new Error('expected a plan of a picture');
  return plan;
}

function framesAfter(chain: Chain, told = header): number {
  return planOf(told, chain).output.animation?.frames ?? 1;
}

const mark = watermark({ text: { content: 'ab' } });

const KEEPING: readonly Action[] = [
  resize({ width: 20 }),
  resize({ height: 20, percent: 50 }),
  resize({ longSide: 20 }),
  resize({ shortSide: 20, percent: 200 }),
  resize({ width: 20, height: 20, mode: 'pad' }),
  crop({ width: 9, height: 8 }),
  mark,
  autoOrient({ enabled: true }),
  quality({ relativePercent: 80 }),
  interlace({ progressive: true }),
];

const STILLING: readonly Action[] = [
  resize({ percent: 50 }),
  crop({ width: 9, cornerRadius: 3 }),
  blur({ radius: 2, strength: 2 }),
  bright({ amount: 10 }),
  circle({ radius: 5 }),
  contrast({ amountPercent: 10 }),
  flip({ axis: 'both' }),
  indexCrop({ stripWidth: 10 }),
  rotate({ angleDeg: 90 }),
  rotate({ angleDeg: 0 }),
  roundedCorners({ radius: 5 }),
  sharpen({ amountPercent: 100 }),
];

describe('an animation', () => {
  it.each(KEEPING)('keeps its frames through $name: %j', (action) => {
    expect(framesAfter([action])).toBe(3);
    expect(framesAfter([action, ...KEEPING])).toBe(3);
  });

  it.each(STILLING)('is its first frame after $name: %j', (action) => {
    expect(framesAfter([action])).toBe(1);
    expect(framesAfter([resize({ width: 20 }), action, mark])).toBe(1);
  });

  it('has a row here for every action on pixels', () => {
    const tried = [...KEEPING, ...STILLING, format({ format: 'gif' }), info(), averageHue()];
    expect(new Set(tried.map(({ name }) => name))).toEqual(new Set(Object.keys(ACTIONS)));
  });

  it.each([
    ['gif', 'gif', 'gif', 3],
    ['gif', 'webp', 'webp', 3],
    ['gif', 'jpeg', 'jpeg', 1],
    ['gif', 'png', 'png', 1],
    ['webp', 'webp', 'webp', 3],
    // Only a GIF becomes a GIF.
    ['webp', 'gif', 'webp', 3],
    ['webp', 'jpeg', 'jpeg', 1],
  ] as const)('of %s asked for as %s is %s with %i frames', (from, wanted, expected, frames) => {
    const told = { ...header, format: from };
    const { output } = planOf(told, [format({ format: wanted })]);
    expect([output.format, output.animation?.frames ?? 1]).toEqual([expected, frames]);
  });

  it('is none where there is one frame, or where only the first can be read', () => {
    const { animation: _none, ...still } = header;
    expect(framesAfter([], { ...still, frames: 1 })).toBe(1);
    expect(framesAfter([], still)).toBe(1);
  });

  it.each([
    [resize({ width: 80, enlarge: true }), '40x30'],
    [resize({ width: 80, height: 20, mode: 'fixed', enlarge: true }), '40x30'],
    [resize({ width: 80, height: 80, mode: 'pad', enlarge: true }), '40x30'],
    [resize({ width: 80, height: 20, mode: 'pad' }), '80x20'],
    [resize({ width: 20, enlarge: true }), '20x15'],
  ])('is never enlarged: %j', (action, expected) => {
    const { width, height, output } = planOf(header, [action]);
    expect([`${width}x${height}`, output.animation?.frames]).toEqual([expected, 3]);
  });

  it('is enlarged when it is a still picture in the end', () => {
    const chain = [resize({ width: 80, enlarge: true }), format({ format: 'jpeg' })];
    expect(planOf(header, chain).width).toBe(80);
  });

  it('is not oriented, and neither is its first frame', () => {
    const lying = { ...header, orientation: 6 } as const;
    expect(planOf(lying, [autoOrient({ enabled: true })]).width).toBe(40);
    expect(planOf(lying, [format({ format: 'jpeg' })]).width).toBe(40);
  });
});

describe('the plan of an animation', () => {
  it('counts one frame in the arena, and what reader and writer keep beside it', () => {
    const plan = planOf(header, []);
    const planeBytes = 3 * 40 * 30;
    expect(plan.arenaBytes).toBe(planeBytes + 40 * 30);
    expect(plan.peakBytes).toBe(plan.arenaBytes + FILM_READER_BYTES + FILM_WRITER_BYTES);
    expect(plan.costPixels).toBeGreaterThan(3 * 40 * 30);
  });

  it('counts the alpha that any frame may have', () => {
    const animation = { ...header.animation!, hasAlpha: true };
    const plan = planOf({ ...header, animation }, []);
    expect(plan.arenaBytes).toBe(5 * 40 * 30);
  });

  it.each([
    ['maxFrames', 3, 'too-many-frames'],
    ['maxSourcePixels', 3 * 40 * 30, 'too-many-pixels'],
  ] as const)('keeps %s', (limit, most, reason) => {
    expect(framesAfter([])).toBe(3);
    expect(planOf(header, [], { ...GENEROUS_LIMITS, [limit]: most }).width).toBe(40);
    const limits = { ...GENEROUS_LIMITS, [limit]: most - 1 };
    expect(() => planOf(header, [], limits)).toThrow(expect.objectContaining({ reason }));
    // The first frame alone is limited likewise: the language counts all frames of a source.
    const jpeg = [format({ format: 'jpeg' })];
    expect(() => planOf(header, jpeg, limits)).toThrow(expect.objectContaining({ reason }));
  });

  it('limits the pixels of all frames of the result', () => {
    const limits = { ...GENEROUS_LIMITS, maxSourcePixels: 3 * 50 * 30 };
    const padded = (width: number) => [resize({ width, height: 30, mode: 'pad' })];
    expect(planOf(header, padded(50), limits).width).toBe(50);
    expect(() => planOf(header, padded(51), limits)).toThrow(
      expect.objectContaining({ code: 'LimitExceeded', reason: 'output-too-large' }),
    );
  });
});

describe('the frames of a render', () => {
  const chains: readonly Chain[] = [
    [],
    [resize({ width: 20 })],
    [crop({ left: 3, top: 5, width: 21, height: 20 }), mark, resize({ longSide: 15 })],
    [resize({ width: 50, height: 20, mode: 'pad' }), format({ format: 'webp' })],
  ];
  it.each(chains)('are what each would be alone: %j %j %j', async (...chain) => {
    const context = contextOf();
    const rendered = await renderChain(source, chain, context);
    const film = decodeFilm(rendered.bytes);
    expect(film.plays).toBe(3);
    expect(film.frames.map(({ durationMs }) => durationMs)).toEqual([0, 70, 120_000]);
    const alone = chain.filter(({ name }) => name !== 'format');
    for (const [index, { raster }] of film.frames.entries()) {
      const expected = (await renderRaster(FILM.frames[index].raster, alone)).raster;
      expect([raster.width, raster.height]).toEqual([rendered.width, rendered.height]);
      expect(raster.planes.map(({ data }) => data)).toEqual(
        expected.planes.map(({ data }) => data),
      );
    }
    expect(context.arena.highWaterBytes).toBe(planOf(header, chain).arenaBytes);
  });

  it('may have alpha or not', async () => {
    const opaque = rgbRaster(flat(8, 8, [9, 99, 200]));
    const alpha = { ...opaque.planes[0], data: new Uint8Array(64).fill(100) };
    const film = { plays: 0, frames: [opaque, { ...opaque, alpha }, opaque] };
    const frames = film.frames.map((raster) => ({ raster, durationMs: 10 }));
    const bytes = encodeFilm({ plays: 0, frames }, 'gif');
    const rendered = await renderChain(bytes, [resize({ width: 4 })], contextOf());
    const alphas = decodeFilm(rendered.bytes).frames.map(({ raster }) => raster.alpha?.data[0]);
    expect(alphas).toEqual([undefined, 100, undefined]);
  });

  it('are the first alone where the format has no more', async () => {
    const { bytes } = await renderChain(source, [format({ format: 'png' })], contextOf());
    const [first] = FILM.frames;
    expect(decodeRaw(bytes).planes[1].data).toEqual(first.raster.planes[1].data);
  });

  it.each([2, 4])('must be as many as the header told: %i', async (told) => {
    const lying = encodeFilm(FILM, 'gif', told);
    const failure = await renderChain(lying, [], contextOf()).catch((error: unknown) => error);
    expect(isImageError(failure) && failure.reason).toBe('prediction-failed');
  });

  it('end with the deadline', async () => {
    const context = { ...contextOf(), deadline: Date.now() - 1 };
    await expect(renderChain(source, [], context)).rejects.toMatchObject({ reason: 'timed-out' });
  });
});
