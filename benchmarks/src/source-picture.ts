/**
 * The pictures that jobs start from: generated, so that anyone can repeat a run without our files,
 * and any pictures of a folder. Large ones repeat a smaller tile: their content is no richer,
 * their size is.
 * @module
 */

import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { extname, join } from 'node:path';
import { photoLike, randomFrom } from '@safelight/testkit';
import sharp, { type Sharp } from 'sharp';
import type { Size } from './job.ts';

/** A picture that is made, not found. */
export interface PictureSpec extends Size {
  /**
   * `photo`: JPEG 4:2:0 of quality 85. `camera`: the same of quality 95, large for its size.
   * `progressive`: `photo` in scans. `png`: opaque PNG. `png-alpha`: RGBA PNG. `raw`: straight RGBA
   * samples.
   */
  readonly kind: 'photo' | 'camera' | 'progressive' | 'png' | 'png-alpha' | 'raw';
}

/** A picture of a folder, as far as a case must know it. */
export interface FoundPicture extends Size {
  readonly path: string;
  readonly format: string;
  readonly bytes: number;
  readonly progressive: boolean;
  readonly hasAlpha: boolean;
}

/** Larger pictures repeat a tile of this size; painting takes half a second a megapixel. */
const TILE: Size = { width: 2725, height: 2225 };
const SEED = 7;
/**
 * Sensor noise, in levels each way. With it the 6-megapixel photograph at quality 85 has the 830
 * kB of the one in sharp's benchmark, and `camera` 3 bits a pixel, as files of cameras have.
 */
const NOISE_LEVELS = 15;

export function nameOf({ kind, width, height }: PictureSpec): string {
  return `generated ${kind} ${width}x${height}`;
}

/** The same kind of picture, small: what an engine warms up with before its memory is measured. */
export function miniature(spec: PictureSpec): PictureSpec {
  return { ...spec, width: 96, height: 80 };
}

/** The bytes of a generated picture. The same for the same spec and version of sharp. */
export async function makePicture(spec: PictureSpec): Promise<Uint8Array> {
  const { kind, width, height } = spec;
  const rgb = paintPicture(spec);
  const picture = isWithAlpha(kind) ? await withAlpha(rgb, spec) : rgb;
  if (kind === 'raw') return picture.raw().toBuffer();
  if (kind.startsWith('png')) return picture.png().toBuffer();
  return picture
    .jpeg({ quality: kind === 'camera' ? 95 : 85, progressive: kind === 'progressive' })
    .toBuffer()
    .then((bytes) => checkSize(bytes, { width, height }));
}

/** As `makePicture`, from a folder of earlier ones where it is there. */
export async function cachedPicture(spec: PictureSpec, folder: string): Promise<Uint8Array> {
  // Whatever changes the painting or the encoder changes the small picture too, hence the name.
  const print = createHash('sha256').update(await makePicture(miniature(spec)));
  const name = `${nameOf(spec).replaceAll(' ', '-')}-${print.digest('hex').slice(0, 12)}`;
  const path = join(folder, name);
  if (existsSync(path)) return new Uint8Array(readFileSync(path));
  const bytes = await makePicture(spec);
  mkdirSync(folder, { recursive: true });
  // Renamed into place: a run that is stopped here must not leave half a picture.
  writeFileSync(`${path}.part`, bytes);
  renameSync(`${path}.part`, path);
  return bytes;
}

/**
 * Pictures directly in a folder and one level below, by name; files that sharp cannot read are
 * left out.
 */
export async function findPictures(folder: string): Promise<FoundPicture[]> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^\.(?:jpe?g|png)$/i.test(extname(name)) && name.split(/[/\\]/).length <= 2)
    .toSorted();
  const pictures: FoundPicture[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const header = await sharp(path)
      .metadata()
      .catch(() => undefined);
    if (header === undefined) continue;
    const { format, width, height, orientation = 1, icc, space } = header;
    // Turning by EXIF and colour profiles would be a second job that not every engine does unasked.
    if (orientation !== 1 || icc !== undefined || space !== 'srgb') continue;
    const bytes = statSync(path).size;
    const progressive = header.isProgressive === true;
    pictures.push({ path, format, width, height, bytes, progressive, hasAlpha: header.hasAlpha });
  }
  return pictures;
}

function isWithAlpha(kind: PictureSpec['kind']): boolean {
  return kind === 'png-alpha' || kind === 'raw';
}

function paintPicture({ kind, width, height }: PictureSpec): Sharp {
  const tileWidth = Math.min(width, TILE.width);
  const tileHeight = Math.min(height, TILE.height);
  const { rgb } = photoLike(tileWidth, tileHeight, SEED);
  if (!isWithAlpha(kind)) addNoise(rgb);
  const raw = { width: tileWidth, height: tileHeight, channels: 3 as const };
  if (tileWidth === width && tileHeight === height) return sharp(rgb, { raw });
  const background = { r: 0, g: 0, b: 0 };
  return sharp({ create: { width, height, channels: 3, background }, limitInputPixels: false })
    .composite([{ input: Buffer.from(rgb.buffer), raw, tile: true, left: 0, top: 0 }])
    .removeAlpha();
}

function addNoise(samples: Uint8Array): void {
  const random = randomFrom(SEED);
  for (let i = 0; i < samples.length; i++) {
    const noisy = (samples[i] as number) + (random() + random() - 1) * NOISE_LEVELS;
    samples[i] = Math.min(255, Math.max(0, Math.round(noisy)));
  }
}

/** A soft disc of opacity, from opaque in the middle to transparent in the corners. */
async function withAlpha(picture: Sharp, { width, height }: Size): Promise<Sharp> {
  const alpha = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const distance = Math.hypot((2 * x) / width - 1, (2 * y) / height - 1);
      alpha[y * width + x] = Math.min(255, Math.max(0, Math.round(255 * 2 * (1.2 - distance))));
    }
  }
  const rgb = await picture.raw().toBuffer();
  return sharp(rgb, { raw: { width, height, channels: 3 } }).joinChannel(Buffer.from(alpha), {
    raw: { width, height, channels: 1 },
  });
}

async function checkSize(bytes: Uint8Array, { width, height }: Size): Promise<Uint8Array> {
  const header = await sharp(bytes, { limitInputPixels: false }).metadata();
  if (header.width === width && header.height === height) return bytes;
  throw new Error(`picture: expected ${width}x${height}, got ${header.width}x${header.height}`);
}
