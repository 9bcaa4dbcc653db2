/**
 * Animations of the corpus through the engine: frames, times and loops by the word of gifsicle and
 * webpmux, pixels by libvips.
 * @module
 */

import { corpusFolder, programPath, psnr } from '@safelight/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createSafelight, isImageError } from '../../src/index.ts';
import { type AnimationFacts, factsOfGif, factsOfWebp } from '../animation-tools.ts';

const corpus = corpusFolder();
const gifsicle = programPath('gifsicle');
const webpmux = programPath('webpmux');
const safelight = await createSafelight();

function bytesOf(name: string): Buffer {
  return readFileSync(join(corpus ?? '', name));
}

function animationsOf(folder: string): string[] {
  if (corpus === undefined) return [];
  return readdirSync(join(corpus, folder))
    .toSorted()
    .map((name) => `${folder}/${name}`)
    .filter((name) => isAnimation(bytesOf(name)));
}

function isAnimation(bytes: Uint8Array): boolean {
  try {
    return safelight.engine.readHeader(bytes).animation !== undefined;
  } catch (error) {
    if (isImageError(error)) return false;
    throw error;
  }
}

const gifs = animationsOf('gif');
const webps = animationsOf('webp');

const CHAINS = [
  'image/auto-orient,1',
  'image/resize,w_50',
  'image/crop,x_0,y_0,w_30,h_20/resize,l_9',
  'image/resize,m_pad,w_40,h_40,color_336699/watermark,text_SGk,size_9',
];

const MANY_PIXELS = 500_000;

function timesOf({ plays, durationsMs }: AnimationFacts): Omit<AnimationFacts, 'width' | 'height'> {
  return { plays, durationsMs };
}

describe.skipIf(corpus === undefined || gifsicle === undefined || webpmux === undefined)(
  'animations (need SAFELIGHT_CORPUS, gifsicle and webpmux)',
  () => {
    it('are all there', () => {
      expect([gifs.length, webps.length]).toEqual([29, 6]);
    });

    it.each(gifs)('keep frames, times and loops: %s', { timeout: 60_000 }, async (name) => {
      const source = bytesOf(name);
      const told = factsOfGif(gifsicle!, source);
      const { animation, frames, width, height } = safelight.engine.readHeader(source);
      expect([animation?.plays, frames]).toEqual([told.plays, told.durationsMs.length]);
      // Long and large ones take a second a chain.
      const isLarge = width * height * frames > MANY_PIXELS;
      for (const chain of isLarge ? CHAINS.slice(1, 2) : CHAINS) {
        const gif = await safelight.render(source, chain);
        const facts = factsOfGif(gifsicle!, gif.bytes);
        expect(timesOf(facts), chain).toEqual(timesOf(told));
        expect([facts.width, facts.height]).toEqual([gif.width, gif.height]);
        if (isLarge && frames > 100) continue;
        const webp = await safelight.render(source, `${chain}/format,webp`);
        expect(timesOf(factsOfWebp(webpmux!, webp.bytes)), chain).toEqual(timesOf(told));
      }
    });

    it.each(webps)('keep frames, times and loops: %s', async (name) => {
      const source = bytesOf(name);
      const told = factsOfWebp(webpmux!, source);
      for (const chain of CHAINS) {
        const webp = await safelight.render(source, `${chain}/format,gif`);
        const facts = factsOfWebp(webpmux!, webp.bytes);
        expect(timesOf(facts), chain).toEqual(timesOf(told));
        expect([facts.width, facts.height]).toEqual([webp.width, webp.height]);
      }
    });
  },
);

/** libvips fills with the background's colour where browsers, and we, leave holes. */
const BACKGROUNDS = /border_touching|undersized|dispose_bgnd|background-color|multiple-loop/;
/** libvips makes the canvas larger when a frame leaves it. */
const ENLARGED = /out-of-bounds/;
/** Frames without a palette are shown in black, or not at all. */
const UNCOLORED = /no_palette|empty-palette/;
const comparable = gifs.filter(
  (name) => ![BACKGROUNDS, ENLARGED, UNCOLORED].some((kind) => kind.test(name)),
);

/** 380 frames take too long here. */
const short = comparable.filter((name) => !name.includes('gifplayer'));

async function framesOf(bytes: Uint8Array): Promise<Buffer> {
  const frames = await sharp(bytes, { animated: true }).ensureAlpha().raw().toBuffer();
  // What a hidden pixel would be is nobody's business.
  for (let at = 0; at < frames.length; at += 4)
    if (frames[at + 3] === 0) frames.fill(0, at, at + 3);
  return frames;
}

describe.skipIf(corpus === undefined)('frames of GIF (need SAFELIGHT_CORPUS)', () => {
  it.each(short)('lose nothing that is not asked for: %s', async (name) => {
    const source = bytesOf(name);
    const { bytes } = await safelight.render(source, 'image/auto-orient,1');
    expect(Buffer.compare(await framesOf(bytes), await framesOf(source))).toBe(0);
  });

  it.each(short)('lose nothing to a crop: %s', async (name) => {
    const source = bytesOf(name);
    const { width, height } = safelight.engine.readHeader(source);
    const size = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
    const crop = `image/crop,x_${width >> 2},y_${height >> 2},w_${size.width},h_${size.height}`;
    const { bytes } = await safelight.render(source, crop);
    const area = { left: width >> 2, top: height >> 2, ...size };
    const theirs = await sharp(source, { animated: true }).extract(area).png().toBuffer();
    expect(Buffer.compare(await framesOf(bytes), await framesOf(theirs))).toBe(0);
  });

  it('are resampled as libvips does, to within what 256 colours keep', async () => {
    const source = bytesOf('gif/derived-tea-gardens-anim.gif');
    const { bytes } = await safelight.render(source, 'image/resize,w_120');
    const ours = await sharp(bytes, { animated: true }).removeAlpha().raw().toBuffer();
    const theirs = await sharp(source, { animated: true })
      .resize({ width: 120, kernel: 'lanczos3' })
      .removeAlpha()
      .raw()
      .toBuffer();
    expect(ours).toHaveLength(theirs.length);
    expect(psnr(ours, theirs)).toBeGreaterThan(32);
  });

  it.each([
    ['image/format,png', 'png'],
    ['image/rotate,90', 'gif'],
    ['image/resize,p_50', 'gif'],
    ['image/circle,r_20', 'gif'],
    ['image/rotate,180/format,webp', 'webp'],
  ])('are the first alone after %s', async (chain, format) => {
    const rendered = await safelight.render(bytesOf('gif/derived-tea-gardens-anim.gif'), chain);
    const { pages = 1 } = await sharp(rendered.bytes).metadata();
    expect([rendered.format, pages]).toEqual([format, 1]);
  });
});
