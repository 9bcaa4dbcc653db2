/**
 * What a result is worth: luma PSNR and SSIM against a float64 reference. Results and source are
 * decoded by one and the same decoder (sharp at full size), so that only the engines differ.
 * @module
 */

import { ssim } from '@blazediff/ssim';
import { lanczosReference, psnr } from '@safelight/testkit';
import sharp from 'sharp';
import { type Job, outputSizeOf, SHARPEN_RADIUS, SHARPEN_SIGMA, type Size } from './job.ts';

/** Luma over black, in levels, fractional: alpha is a factor of it. */
export interface Luma extends Size {
  readonly samples: Float64Array;
}

export interface Quality {
  /** Infinite for equal pictures. */
  readonly psnrDb: number;
  /** 1 for equal pictures. Absent where the picture is too small for its windows. */
  readonly ssim: number | undefined;
}

/** Windows of SSIM are 11 samples wide. */
const LEAST_SSIM_SIDE = 11;
const CHANNELS = 4;

/** Full-range BT.601 luma of a picture file, or of raw RGBA samples of a known size. */
export async function readLuma(bytes: Uint8Array, rawSize?: Size): Promise<Luma> {
  const { data, width, height, channels } =
    rawSize === undefined ? await decode(bytes) : { data: bytes, ...rawSize, channels: CHANNELS };
  const samples = new Float64Array(width * height);
  for (let i = 0, at = 0; i < samples.length; i++, at += channels) {
    const level = (channel: number): number => data[at + channel] as number;
    const luma = 0.299 * level(0) + 0.587 * level(1) + 0.114 * level(2);
    samples[i] = channels === CHANNELS ? (luma * level(3)) / 255 : luma;
  }
  return { samples, width, height };
}

async function decode(
  bytes: Uint8Array,
): Promise<Size & { readonly data: Uint8Array; readonly channels: number }> {
  const { data, info } = await sharp(bytes, { limitInputPixels: false })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, ...info };
}

/** What the job ought to give, in float64, clamped to levels that a picture can hold. */
export function referenceOf(source: Luma, job: Job): Luma {
  const size = outputSizeOf(job, source);
  const { operation } = job;
  const at = (x: number, y: number): number => source.samples[y * source.width + x] as number;
  switch (operation.kind) {
    case 'resize': {
      const { samples, width, height } = source;
      return {
        ...size,
        samples: clamp(lanczosReference(samples, width, height, size.width, size.height)),
      };
    }
    case 'crop':
      return paint(size, (x, y) => at(x + operation.left, y + operation.top));
    case 'rotate90':
      return paint(size, (x, y) => at(y, source.height - 1 - x));
    case 'sharpen':
      return sharpen(source, operation.amountPercent / 100);
    case 'recode':
      return source;
  }
}

/** @throws Error when the sizes differ: such a result must not get a score */
export function compare(expected: Luma, actual: Luma): Quality {
  const { width, height } = expected;
  if (actual.width !== width || actual.height !== height) {
    throw new Error(`result: expected ${width}x${height}, got ${actual.width}x${actual.height}`);
  }
  const isLargeEnough = Math.min(width, height) >= LEAST_SSIM_SIDE;
  return {
    psnrDb: psnr(expected.samples, actual.samples),
    ssim: isLargeEnough
      ? ssim(grayRgba(expected), grayRgba(actual), undefined, width, height)
      : undefined,
  };
}

function sharpen(source: Luma, amount: number): Luma {
  const taps = Array.from({ length: 2 * SHARPEN_RADIUS + 1 }, (_, i) =>
    Math.exp(-((i - SHARPEN_RADIUS) ** 2) / (2 * SHARPEN_SIGMA ** 2)),
  );
  const sum = taps.reduce((total, tap) => total + tap, 0);
  const { width, height } = source;
  const blurAlong = (from: Float64Array, dx: number, dy: number): Float64Array =>
    paint(source, (x, y) => {
      let value = 0;
      for (const [i, tap] of taps.entries()) {
        const nearX = Math.min(width - 1, Math.max(0, x + dx * (i - SHARPEN_RADIUS)));
        const nearY = Math.min(height - 1, Math.max(0, y + dy * (i - SHARPEN_RADIUS)));
        value += (tap / sum) * (from[nearY * width + nearX] as number);
      }
      return value;
    }).samples;
  const blurred = blurAlong(blurAlong(source.samples, 1, 0), 0, 1);
  const samples = source.samples.map((v, i) => v + amount * (v - (blurred[i] as number)));
  return { width, height, samples: clamp(samples) };
}

function paint({ width, height }: Size, sample: (x: number, y: number) => number): Luma {
  const samples = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) samples[y * width + x] = sample(x, y);
  }
  return { width, height, samples };
}

function clamp(samples: Float64Array): Float64Array {
  for (let i = 0; i < samples.length; i++) {
    samples[i] = Math.min(255, Math.max(0, samples[i] as number));
  }
  return samples;
}

/** What the SSIM library takes: levels, four bytes a pixel. */
function grayRgba({ samples }: Luma): Uint8Array {
  const rgba = new Uint8Array(CHANNELS * samples.length).fill(255);
  for (let i = 0; i < samples.length; i++) {
    const level = Math.round(samples[i] as number);
    const at = CHANNELS * i;
    rgba[at] = level;
    rgba[at + 1] = level;
    rgba[at + 2] = level;
  }
  return rgba;
}
