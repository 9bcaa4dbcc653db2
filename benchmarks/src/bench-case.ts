/**
 * The cases P1 to P14 and P17 to P19: job, pictures, engines and targets. The load cases P15 and
 * P16 are in `load/load-case.ts`.
 * @module
 */

import type { EngineName } from './engines/engine.ts';
import type { Job, Size } from './job.ts';
import type { FoundPicture, PictureSpec } from './source-picture.ts';

/** What a case promises. Every bound is a most; ratios are ours to the peer's. */
type Target =
  | {
      readonly kind: 'ratio';
      readonly of: 'time' | 'bytes';
      readonly peer: EngineName;
      readonly max: number;
    }
  /**
   * Peak resident memory above idle, the source bytes not counted, for pictures up to this size.
   */
  | { readonly kind: 'memory'; readonly maxMb: number; readonly upToPixels: number }
  /** Time a megapixel of the source: the slowest picture to the quickest. */
  | { readonly kind: 'growth'; readonly max: number };

export interface BenchCase {
  readonly id: string;
  readonly title: string;
  /**
   * `cold`: from the import of the engine to its first result, in a process that did nothing
   * before.
   */
  readonly timing: 'warm' | 'cold';
  readonly pictures: readonly PictureSpec[];
  /** Which pictures of a folder are worth the case as well. */
  readonly accepts?: (picture: FoundPicture) => boolean;
  readonly job: (source: Size) => Job;
  /** Ours first; the target is about it. */
  readonly engines: readonly [EngineName, ...EngineName[]];
  readonly target: Target;
}

const MEGA = 1e6;
const HEADLINE: Size = { width: 2725, height: 2225 };
const SIX_MEGAPIXELS: PictureSpec = { kind: 'photo', ...HEADLINE };
const CAMERA: PictureSpec = { kind: 'camera', width: 6000, height: 4000 };

/** Baseline JPEG between two sizes, in megapixels. */
function isJpeg(least: number, most: number): (picture: FoundPicture) => boolean {
  return ({ format, progressive, width, height }) =>
    format === 'jpeg' && !progressive && within(width * height, least, most);
}

/** As a camera writes it: large, and with at least a tenth of a byte a pixel. */
function isCameraJpeg(picture: FoundPicture): boolean {
  const { width, height, bytes } = picture;
  return isJpeg(12, 24)(picture) && bytes >= 0.1 * width * height;
}

function within(pixels: number, least: number, most: number): boolean {
  return pixels >= least * MEGA && pixels <= most * MEGA;
}

/** To a width, the height following it. */
function toWidth(width: number, format: Job['output']['format'] = 'jpeg', qualityPercent = 80) {
  return (source: Size): Job => ({
    input: 'file',
    operation: {
      kind: 'resize',
      size: { width, height: Math.max(1, Math.round((source.height * width) / source.width)) },
    },
    output: { format, qualityPercent },
  });
}

function atFullSize(operation: 'rotate90' | 'recode' | 'sharpen') {
  return (): Job => ({
    input: 'file',
    operation:
      operation === 'sharpen' ? { kind: operation, amountPercent: 100 } : { kind: operation },
    output: { format: 'jpeg', qualityPercent: 80 },
  });
}

function cropMiddle(source: Size): Job {
  const size = { width: Math.min(400, source.width), height: Math.min(400, source.height) };
  return {
    input: 'file',
    operation: {
      kind: 'crop',
      left: Math.floor((source.width - size.width) / 2),
      top: Math.floor((source.height - size.height) / 2),
      size,
    },
    output: { format: 'jpeg', qualityPercent: 80 },
  };
}

function rawToWidth(source: Size): Job {
  return { ...toWidth(720, 'raw')(source), input: { raw: source } };
}

function toHalf(source: Size): Job {
  return toWidth(Math.round(source.width / 2))(source);
}

function timeTo(peer: EngineName, max: number): Target {
  return { kind: 'ratio', of: 'time', peer, max };
}

export const CASES: readonly BenchCase[] = [
  {
    id: 'P1',
    title: 'JPEG 6 MP to 720 px wide, JPEG quality 80',
    timing: 'warm',
    pictures: [SIX_MEGAPIXELS],
    accepts: isJpeg(5, 10),
    job: toWidth(720),
    engines: ['safelight', 'sharp', 'canvas', 'pica'],
    target: timeTo('sharp', 0.65),
  },
  {
    id: 'P2',
    title: 'JPEG 6 MP to 100 px wide',
    timing: 'warm',
    pictures: [SIX_MEGAPIXELS],
    accepts: isJpeg(5, 10),
    job: toWidth(100),
    engines: ['safelight', 'sharp'],
    target: timeTo('sharp', 0.65),
  },
  {
    id: 'P3',
    title: 'JPEG 6 MP to 320 px wide',
    timing: 'warm',
    pictures: [SIX_MEGAPIXELS],
    accepts: isJpeg(5, 10),
    job: toWidth(320),
    engines: ['safelight', 'sharp'],
    target: timeTo('sharp', 0.65),
  },
  {
    id: 'P4',
    title: 'camera JPEG 24 MP to 1024 px wide',
    timing: 'warm',
    pictures: [CAMERA],
    accepts: isCameraJpeg,
    job: toWidth(1024),
    engines: ['safelight', 'sharp'],
    target: timeTo('sharp', 0.75),
  },
  {
    id: 'P5',
    title: 'progressive JPEG 6 MP to 720 px wide',
    timing: 'warm',
    pictures: [{ ...SIX_MEGAPIXELS, kind: 'progressive' }],
    accepts: ({ format, progressive, width, height }) =>
      format === 'jpeg' && progressive && within(width * height, 6, 24),
    job: toWidth(720),
    engines: ['safelight', 'sharp'],
    target: timeTo('sharp', 0.9),
  },
  {
    id: 'P6',
    title: 'PNG 2048x1536 RGBA to 720 px wide, PNG zlib level 6',
    timing: 'warm',
    pictures: [{ kind: 'png-alpha', width: 2048, height: 1536 }],
    accepts: ({ format, hasAlpha, width, height }) =>
      format === 'png' && hasAlpha && within(width * height, 2, 10),
    job: toWidth(720, 'png'),
    engines: ['safelight', 'sharp', 'pica'],
    target: timeTo('sharp', 0.75),
  },
  {
    id: 'P7',
    title: 'raw RGBA 6 MP to 720 px wide, raw RGBA',
    timing: 'warm',
    pictures: [{ kind: 'raw', ...HEADLINE }],
    job: rawToWidth,
    engines: ['safelight', 'sharp', 'pica'],
    target: timeTo('sharp', 0.35),
  },
  {
    id: 'P8',
    title: 'JPEG 6 MP sharpened at full size, JPEG quality 80',
    timing: 'warm',
    pictures: [SIX_MEGAPIXELS],
    accepts: isJpeg(5, 10),
    job: atFullSize('sharpen'),
    engines: ['safelight', 'sharp'],
    target: timeTo('sharp', 0.3),
  },
  {
    id: 'P9',
    title: 'JPEG 6 MP turned by 90 degrees at full size, JPEG quality 80',
    timing: 'warm',
    pictures: [SIX_MEGAPIXELS],
    accepts: isJpeg(5, 10),
    job: atFullSize('rotate90'),
    engines: ['safelight', 'sharp'],
    target: timeTo('sharp', 0.7),
  },
  {
    id: 'P10',
    title: '400x400 out of the middle of a camera JPEG of 24 MP',
    timing: 'warm',
    pictures: [CAMERA],
    accepts: isCameraJpeg,
    job: cropMiddle,
    engines: ['safelight', 'sharp'],
    target: timeTo('sharp', 0.6),
  },
  {
    id: 'P11',
    title: 'JPEG 6 MP to 720 px wide, WebP quality 75',
    timing: 'warm',
    pictures: [SIX_MEGAPIXELS],
    accepts: isJpeg(5, 10),
    job: toWidth(720, 'webp', 75),
    engines: ['safelight', 'sharp', 'canvas'],
    target: timeTo('sharp', 0.9),
  },
  {
    id: 'P12',
    title: 'P1 without WebAssembly and native code',
    timing: 'warm',
    pictures: [SIX_MEGAPIXELS],
    accepts: isJpeg(5, 10),
    job: toWidth(720),
    engines: ['safelight-portable', 'jimp'],
    target: timeTo('jimp', 0.6),
  },
  {
    id: 'P13',
    title: 'P1 in WebAssembly on both sides',
    timing: 'warm',
    pictures: [SIX_MEGAPIXELS],
    accepts: isJpeg(5, 10),
    job: toWidth(720),
    engines: ['safelight', 'wasm-vips'],
    target: timeTo('wasm-vips', 0.2),
  },
  {
    id: 'P14',
    title: 'bytes of a JPEG of quality 80 made from the same pixels, 720x588',
    timing: 'warm',
    pictures: [{ kind: 'png', width: 720, height: 588 }],
    accepts: ({ format, hasAlpha, width, height }) =>
      format === 'png' && !hasAlpha && within(width * height, 0.3, 4),
    job: atFullSize('recode'),
    engines: ['safelight', 'sharp'],
    target: { kind: 'ratio', of: 'bytes', peer: 'sharp', max: 1.01 },
  },
  {
    id: 'P17',
    title: 'memory: JPEG of 100 and 250 MP to 1000 px wide',
    timing: 'warm',
    pictures: [
      { kind: 'photo', width: 12_500, height: 8_000 },
      { kind: 'photo', width: 20_000, height: 12_500 },
    ],
    job: toWidth(1000),
    engines: ['safelight', 'sharp'],
    target: { kind: 'memory', maxMb: 64, upToPixels: 100 * MEGA },
  },
  {
    id: 'P18',
    title: 'from import to the first thumbnail of 100 px, in a fresh process',
    timing: 'cold',
    pictures: [SIX_MEGAPIXELS],
    job: toWidth(100),
    engines: ['safelight', 'sharp'],
    target: timeTo('sharp', 1),
  },
  {
    id: 'P19',
    title: 'growth: JPEG of 1 to 200 MP to half its size',
    timing: 'warm',
    pictures: [
      { kind: 'photo', width: 1250, height: 800 },
      { kind: 'photo', width: 3000, height: 2000 },
      { kind: 'photo', width: 6000, height: 4000 },
      { kind: 'photo', width: 12_500, height: 8_000 },
      { kind: 'photo', width: 20_000, height: 10_000 },
    ],
    job: toHalf,
    engines: ['safelight', 'sharp'],
    target: { kind: 'growth', max: 1.3 },
  },
];
