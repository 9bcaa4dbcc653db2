/**
 * A render takes its memory once, marks and all, and what it leaves behind is kept up to a size. Counted
 * at the runtime's own memories, with the real codecs.
 * @module
 */

import { photoLike } from '@safelight/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSafelight, detectKernelSet } from '../src/index.ts';

const { Memory } = WebAssembly;
/** Memories made, and times that one grew. */
let takings = 0;

beforeAll(() => {
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      takings++;
    }

    override grow(pages: number): number {
      takings++;
      return super.grow(pages);
    }
  };
});

afterAll(() => {
  WebAssembly.Memory = Memory;
});

/** The portable set works in plain buffers. */
const ONCE = detectKernelSet() === 'simd' ? 1 : 0;

function photo(width: number, height: number) {
  return sharp(photoLike(width, height).rgb, { raw: { width, height, channels: 3 } });
}

const base64 = (key: string): string => Buffer.from(key).toString('base64url');
const marks = new Map<string, Uint8Array>([
  ['small.png', await photo(90, 61).ensureAlpha(0.6).png().toBuffer()],
  ['large.jpg', await photo(900, 700).jpeg().toBuffer()],
]);
const readMark = (key: string): Uint8Array | undefined => marks.get(key);
const pictures = {
  jpeg: await photo(401, 267).jpeg().toBuffer(),
  'progressive jpeg': await photo(401, 267).jpeg({ progressive: true }).toBuffer(),
  png: await photo(401, 267).ensureAlpha(0.5).png().toBuffer(),
  gif: await photo(80, 60).gif().toBuffer(),
};

async function takingsOf(work: () => Promise<unknown>): Promise<number> {
  const before = takings;
  await work();
  return takings - before;
}

it.each([
  'image/resize,w_100',
  'image/resize,w_700,limit_0/sharpen,100/rotate,33',
  'image/crop,w_90,h_80/blur,r_5,s_4/bright,10/format,png',
  `image/watermark,image_${base64('small.png')}`,
  `image/resize,w_60/watermark,image_${base64('large.jpg')}/format,jpg`,
  `image/watermark,image_${base64('small.png')}/watermark,image_${base64('large.jpg')}`,
])('takes memory once for a render, and none for the next: %s', async (chain) => {
  for (const [name, picture] of Object.entries(pictures)) {
    const safelight = await createSafelight();
    const render = () => safelight.render(picture, chain, { readMark });
    expect([name, await takingsOf(render), await takingsOf(render)]).toEqual([name, ONCE, 0]);
  }
});

it('keeps what a small picture took and drops what a large one did', async () => {
  const safelight = await createSafelight();
  const flat = { create: { width: 6000, height: 4000, channels: 3, background: '#369' } } as const;
  const large = await sharp(flat).jpeg().toBuffer();
  const renderSmall = () => safelight.render(pictures.jpeg, 'image/resize,w_100');
  const renderLarge = () => safelight.render(large, 'image/sharpen,100');
  const counts: number[] = [];
  for (const render of [renderSmall, renderLarge, renderSmall, renderSmall]) {
    counts.push(await takingsOf(render));
  }
  expect(counts).toEqual([ONCE, ONCE, ONCE, 0]);
}, 60_000);
