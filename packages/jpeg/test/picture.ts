/**
 * Pictures for the tests: generated from a seed, with smooth areas, fine texture and hard edges, and
 * turned into planes exactly as libjpeg does it, so that its files and ours must be the same.
 * @module
 */
import type { JpegComponent } from '../src/options.ts';

/** Interleaved 8-bit RGB. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A number in 0..1 at each call, the same sequence for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Something like a photograph: sky-like gradients, waves, grain in one half, discs with hard edges. */
export function generatePicture(width: number, height: number, seed: number): RgbPicture {
  const random = createRandom(seed);
  const discs = Array.from({ length: 7 }, () => ({
    x: random() * width,
    y: random() * height,
    radius: (0.05 + 0.15 * random()) * Math.max(width, height),
    colour: [random() * 255, random() * 255, random() * 255],
  }));
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const disc = discs.find((d) => (x - d.x) ** 2 + (y - d.y) ** 2 < d.radius ** 2);
      const wave = 30 * Math.sin(x / 9 + y / 23) + 12 * Math.sin((x * y) / 97);
      const grain = x > width / 2 ? 24 * (random() - 0.5) : 2 * (random() - 0.5);
      for (let channel = 0; channel < 3; channel++) {
        const ground = 90 + (100 * (channel === 2 ? height - y : y)) / height;
        const base = disc === undefined ? ground : disc.colour[channel];
        data[3 * (y * width + x) + channel] = clampToByte(base + wave + grain);
      }
    }
  }
  return { width, height, data };
}

/** A plane of samples that are anything at all: the worst case for every coder. */
export function generateNoise(width: number, height: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  return Uint8Array.from({ length: width * height }, () => Math.floor(256 * random()));
}

/** One component over a plane without gaps. */
export function componentOf(
  data: Uint8Array,
  width: number,
  height: number,
  sampling: readonly [number, number] = [1, 1],
): JpegComponent {
  return {
    data,
    width,
    height,
    stride: width,
    horizontalSampling: sampling[0] as 1 | 2 | 3 | 4,
    verticalSampling: sampling[1] as 1 | 2 | 3 | 4,
  };
}

/** Y, Cb and Cr of a picture, by libjpeg's 16-bit fixed point. */
export function rgbToPlanes({ width, height, data }: RgbPicture): Uint8Array[] {
  const half = 32768;
  const offset = 128 * 65536 + half - 1;
  const planes = [0, 1, 2].map(() => new Uint8Array(width * height));
  for (let i = 0; i < width * height; i++) {
    const r = data[3 * i];
    const g = data[3 * i + 1];
    const b = data[3 * i + 2];
    planes[0][i] = (fix(0.299) * r + fix(0.587) * g + fix(0.114) * b + half) >> 16;
    planes[1][i] = (-fix(0.168735892) * r - fix(0.331264108) * g + fix(0.5) * b + offset) >> 16;
    planes[2][i] = (fix(0.5) * r - fix(0.418687589) * g - fix(0.081312411) * b + offset) >> 16;
  }
  return planes;
}

/**
 * Box averages of `across` x `down` samples. The plane is widened to whole blocks from the full
 * picture's last column, as libjpeg does; for 2 x 2 the rounding alternates 1, 2 as there.
 */
function subsample(
  plane: Uint8Array,
  width: number,
  height: number,
  [across, down]: readonly [number, number],
): { data: Uint8Array; width: number; height: number } {
  const outWidth = 8 * Math.ceil(width / (8 * across));
  const outHeight = Math.ceil(height / down);
  const data = new Uint8Array(outWidth * outHeight);
  const count = across * down;
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      let sum = count === 4 ? 1 + (x & 1) : count >> 1;
      for (let v = 0; v < down; v++) {
        for (let h = 0; h < across; h++) {
          const row = Math.min(y * down + v, height - 1);
          sum += plane[row * width + Math.min(x * across + h, width - 1)];
        }
      }
      data[y * outWidth + x] = Math.floor(sum / count);
    }
  }
  return { data, width: outWidth, height: outHeight };
}

/** The components of a picture with `luma` samples a chroma sample. */
export function componentsOf(
  picture: RgbPicture,
  luma: readonly [number, number],
): JpegComponent[] {
  const { width, height } = picture;
  return rgbToPlanes(picture).map((plane, index) => {
    if (index === 0) return componentOf(plane, width, height, luma);
    if (luma[0] * luma[1] === 1) return componentOf(plane, width, height);
    const small = subsample(plane, width, height, luma);
    return componentOf(small.data, small.width, small.height);
  });
}

/** 16 fraction bits. */
function fix(value: number): number {
  return Math.floor(value * 65536 + 0.5);
}

function clampToByte(value: number): number {
  return Math.min(Math.max(Math.round(value), 0), 255);
}
