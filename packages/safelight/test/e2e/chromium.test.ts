/**
 * The same `render` in a page and in a worker of Chromium as on Node: the same bytes wherever our code
 * or WebAssembly writes them, the same pixels where the browser's deflate does. Text is drawn by the
 * browser's canvas: there only its place is looked at.
 * @module
 */

import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { photoLike, programPath } from '@safelight/testkit';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSafelight, type Safelight } from '../../src/index.ts';
import { type Browser, bundlePage, openBrowser } from './browser.ts';
import type { Job } from './page/job.ts';

const chromium = programPath('chromium');

const MARK = `image_${Buffer.from('logo.png?x-oss-process=image/resize,P_30').toString('base64url')}`;

/** Every one ends in a JPEG. */
const JPEG_CHAINS = [
  'image/resize,w_100/rotate,90',
  'image/resize,m_fill,w_120,h_70',
  'image/resize,m_pad,w_150,h_150,color_336699',
  'image/resize,p_130',
  'image/crop,x_31,y_17,w_111,h_77',
  'image/indexcrop,x_100,i_1',
  'image/rotate,33',
  'image/flip,0/auto-orient,1',
  'image/sharpen,150',
  'image/blur,r_5,s_4',
  'image/bright,30/contrast,-20',
  'image/circle,r_60',
  'image/rounded-corners,r_30',
  `image/watermark,${MARK},t_70,g_nw,x_7,y_9`,
  'image/resize,w_200/interlace,1',
  'image/quality,q_40',
  'image/quality,Q_95/resize,w_77',
] as const;

/** Sources of every format that is read, made JPEGs. */
const SOURCES = ['photo.png', 'moves.gif', 'photo.webp', 'photo.avif', 'photo.bmp', 'photo.tiff'];

/** What is written without the runtime's deflate. */
const EXACT_FORMATS: readonly (readonly [source: string, chain: string])[] = [
  ['photo.png', 'image/resize,w_90/format,bmp'],
  ['moves.gif', 'image/resize,w_30'],
  ['moves.gif', 'image/resize,w_30/format,webp'],
  ['photo.jpg', 'image/resize,w_90/format,webp'],
  ['photo.png', 'image/rotate,10/format,webp'],
  ['photo.jpg', 'image/resize,w_90/format,avif'],
  ['photo.png', 'image/rotate,10/format,avif'],
  ['photo.jpg', 'image/info'],
  ['photo.jpg', 'image/average-hue'],
];

/** Large and noisy enough for deflate by runs, which is ours everywhere. */
const NOISY: readonly string[] = ['image/bright,10/format,png', 'image/format,tiff'];

/** What is written with a deflate. */
const DEFLATED: readonly (readonly [source: string, chain: string])[] = [
  ['photo.jpg', 'image/resize,w_120/format,png'],
  ['photo.png', 'image/resize,w_90/circle,r_40'],
  ['photo.png', `image/rotate,33/watermark,${MARK}`],
  ['moves.gif', 'image/crop,w_20,h_20/format,png'],
  ['photo.png', 'image/resize,w_90/format,tiff'],
];

async function makeFiles(): Promise<Map<string, Uint8Array>> {
  const [width, height] = [240, 160];
  const { rgb } = photoLike(width, height);
  const photo = sharp(rgb, { raw: { width, height, channels: 3 } });
  const rows = { width: 60, height: 120, channels: 3, pageHeight: 40 } as const;
  const moves = sharp(photoLike(60, 120, 2).rgb, { raw: rows });
  const require = createRequire(import.meta.url);
  const fonts = dirname(require.resolve('@fontsource-variable/noto-sans-sc/index.css'));
  const png = await photo.clone().ensureAlpha(0.7).png().toBuffer();
  const safelight = await createSafelight();
  const bmp = await safelight.render(png, 'image/format,bmp');
  return new Map<string, Uint8Array>([
    ['photo.jpg', await photo.clone().jpeg().toBuffer()],
    ['photo.png', png],
    ['noisy.png', await noisyPicture().png().toBuffer()],
    ['photo.webp', await photo.clone().webp().toBuffer()],
    ['photo.avif', await photo.clone().avif({ effort: 0 }).toBuffer()],
    ['photo.tiff', await photo.clone().tiff({ compression: 'deflate' }).toBuffer()],
    ['photo.bmp', bmp.bytes],
    ['moves.gif', await moves.gif({ delay: [50, 70, 90] }).toBuffer()],
    ['logo.png', await photo.clone().resize(90, 61).ensureAlpha(0.6).png().toBuffer()],
    ['cut.jpg', (await photo.clone().jpeg().toBuffer()).subarray(0, 2000)],
    ['white.png', await whitePicture().png().toBuffer()],
    ['latin.woff2', await readFile(join(fonts, 'files', 'noto-sans-sc-latin-wght-normal.woff2'))],
  ]);
}

function noisyPicture(): Sharp {
  const [width, height] = [480, 320];
  return sharp(photoLike(width, height).rgb, { raw: { width, height, channels: 3 } });
}

function whitePicture(): Sharp {
  return sharp({ create: { width: 200, height: 120, channels: 3, background: '#ffffff' } });
}

describe.skipIf(chromium === undefined)('in Chromium (needs chromium)', () => {
  let browser: Browser;
  let files: Map<string, Uint8Array>;

  beforeAll(async () => {
    files = await makeFiles();
    browser = await openBrowser(chromium as string, await bundlePage(), files);
  }, 120_000);
  afterAll(() => browser?.close());

  async function renderThere(where: 'page' | 'worker', job: Job): Promise<Uint8Array> {
    const { bytes, failure } = await browser.render(where, job);
    if (bytes === undefined) throw new Error(failure);
    return bytes;
  }

  /** By options: what an engine has loaded once is there for all its renders. */
  const engines = new Map<string, Promise<Safelight>>();

  async function renderHere({ source, chain, ...options }: Job): Promise<Uint8Array> {
    const key = JSON.stringify(options);
    const made = engines.get(key) ?? createSafelight(options);
    engines.set(key, made);
    const safelight = await made;
    const readMark = (name: string): Uint8Array | undefined => files.get(name);
    return (await safelight.render(files.get(source) as Uint8Array, chain, { readMark })).bytes;
  }

  async function expectSameBytes(where: 'page' | 'worker', job: Job): Promise<void> {
    const [there, here] = [await renderThere(where, job), await renderHere(job)];
    expect(here.length).toBeGreaterThan(10);
    expect(Buffer.compare(there, here)).toBe(0);
  }

  it('finds nothing of Node', async () => {
    expect(await browser.nodeGlobals()).toEqual([]);
  });

  describe.each(['page', 'worker'] as const)('in a %s', (where) => {
    it.each(JPEG_CHAINS)('gives the bytes of Node: %s', async (chain) => {
      await expectSameBytes(where, { source: 'photo.jpg', chain });
    });

    it.each(SOURCES)('gives the bytes of Node for a JPEG of %s', async (source) => {
      await expectSameBytes(where, { source, chain: 'image/resize,w_50/format,jpg' });
    });

    it.each(EXACT_FORMATS)('gives the bytes of Node: %s %s', async (source, chain) => {
      await expectSameBytes(where, { source, chain });
    });

    it.each(NOISY)('gives the bytes of Node for a photograph: %s', async (chain) => {
      await expectSameBytes(where, { source: 'noisy.png', chain });
      const portable = { deflate: 'portable', kernels: 'portable' } as const;
      await expectSameBytes(where, { source: 'noisy.png', chain, ...portable });
    });

    it.each(DEFLATED)('gives the pixels of Node: %s %s', async (source, chain) => {
      const there = await renderThere(where, { source, chain });
      const here = await renderHere({ source, chain });
      const [actual, expected] = [sharp(there), sharp(here)];
      expect(await actual.metadata()).toMatchObject(shapeOf(await expected.metadata()));
      const pixels = await actual.raw().toBuffer();
      expect(Buffer.compare(pixels, await expected.raw().toBuffer())).toBe(0);
    });

    it.each(DEFLATED)(
      'gives the bytes of Node by portable deflate: %s %s',
      async (source, chain) => {
        await expectSameBytes(where, { source, chain, deflate: 'portable' });
      },
    );

    it('gives the bytes of Node without SIMD', async () => {
      const job = { source: 'photo.jpg', deflate: 'portable', kernels: 'portable' } as const;
      await expectSameBytes(where, { ...job, chain: 'image/resize,w_90/sharpen,99' });
      await expectSameBytes(where, { ...job, chain: 'image/resize,w_90/format,png' });
    });

    it('writes text where it belongs, with a font of its own', async () => {
      const text = `text_${Buffer.from('Hello').toString('base64url')},size_30,color_FF0000`;
      const chain = `image/watermark,${text},g_se,x_10,y_15`;
      const bytes = await renderThere(where, { source: 'white.png', chain, font: 'latin.woff2' });
      const { width, height, left, top, share } = await inkOf(bytes);
      // Five letters at half an em, in a line of about one and a half ems that ends 10 and 15 px away.
      expect([left > 90, left < 140, left + width <= 190, left + width > 180]).not.toContain(false);
      expect([top > 50, top + height <= 105, height > 18, height < 40]).not.toContain(false);
      expect(share).toBeGreaterThan(0.15);
    });

    it("takes the page's fonts when it is given none", async () => {
      const text = `text_${Buffer.from('Hello').toString('base64url')},size_30`;
      const chain = `image/watermark,${text},g_nw,x_10,y_15`;
      const { left, top } = await inkOf(await renderThere(where, { source: 'white.png', chain }));
      expect([left >= 10, left < 20, top >= 15, top < 40]).not.toContain(false);
    });

    it('answers faults as everywhere', async () => {
      const chain = 'image/resize,w_10';
      const cut = await browser.render(where, { source: 'cut.jpg', chain });
      expect(cut.failure).toBe('BadImage truncated');
      const unknown = await browser.render(where, { source: 'photo.jpg', chain: 'image/x,1' });
      expect(unknown.failure).toBe('InvalidArgument unknown-action');
    });
  });
});

function shapeOf({ format, width, height, channels }: Metadata): Partial<Metadata> {
  return { format, width, height, channels };
}

interface Ink {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Of the rectangle that holds it, 0 to 1. */
  readonly share: number;
}

/** Where a white picture is no longer white. */
async function inkOf(bytes: Uint8Array): Promise<Ink> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  let [left, top, right, bottom, count] = [info.width, info.height, -1, -1, 0];
  for (let at = 0; at < info.width * info.height; at++) {
    // Green goes with red ink and with black.
    if ((data[info.channels * at + 1] as number) > 200) continue;
    const [x, y] = [at % info.width, Math.floor(at / info.width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
    count++;
  }
  const [width, height] = [right - left + 1, bottom - top + 1];
  return { left, top, width, height, share: count / (width * height) };
}
