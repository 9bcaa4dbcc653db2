/**
 * JPEG files for the decoder's tests, and what other decoders make of them.
 * @module
 */
import jpegJs from 'jpeg-js';
import sharp from 'sharp';

import { encodeJpeg } from '../../src/encode-jpeg.ts';
import type { DecodedJpeg, JpegPlane } from '../../src/decode/decode-jpeg.ts';
import { componentOf, generatePicture, rgbToPlanes } from '../picture.ts';

type Sampling = readonly [across: number, down: number];

export interface FileOptions {
  readonly samplings: readonly Sampling[];
  readonly progressive?: boolean;
  readonly restartInterval?: number;
  readonly qualityPercent?: number;
  readonly seed?: number;
}

/** A file of our encoder; each plane is the picture's, point-sampled at the component's sampling. */
export function makeFile(width: number, height: number, options: FileOptions): Uint8Array {
  const { samplings, seed = 1 } = options;
  const planes = rgbToPlanes(generatePicture(width, height, seed));
  const mostAcross = Math.max(...samplings.map(([across]) => across));
  const mostDown = Math.max(...samplings.map(([, down]) => down));
  const components = samplings.map((sampling, i) => {
    const w = Math.ceil((width * sampling[0]) / mostAcross);
    const h = Math.ceil((height * sampling[1]) / mostDown);
    const data = new Uint8Array(w * h);
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const sourceX = Math.min(width - 1, Math.floor((x * mostAcross) / sampling[0]));
        const sourceY = Math.min(height - 1, Math.floor((y * mostDown) / sampling[1]));
        data[y * w + x] = planes[i][sourceY * width + sourceX];
      }
    }
    return componentOf(data, w, h, sampling);
  });
  return encodeJpeg({
    width,
    height,
    components,
    qualityPercent: options.qualityPercent ?? 85,
    progressive: options.progressive ?? false,
    restartInterval: options.restartInterval ?? 0,
  });
}

export const GREY: readonly Sampling[] = [[1, 1]];
export const YCC_444: readonly Sampling[] = [
  [1, 1],
  [1, 1],
  [1, 1],
];
export const YCC_420: readonly Sampling[] = [
  [2, 2],
  [1, 1],
  [1, 1],
];

/** Segments of a file: the marker's second byte, and all bytes from it to the next segment. */
export function segmentsOf(file: Uint8Array): { code: number; bytes: Uint8Array }[] {
  const segments: { code: number; bytes: Uint8Array }[] = [];
  let at = 0;
  while (at < file.length) {
    const code = file[at + 1];
    let end = at + 2;
    if (code !== 0xd8 && code !== 0xd9) end += (file[end] << 8) | file[end + 1];
    if (code === 0xda) {
      while (file[end] !== 0xff || file[end + 1] === 0 || (file[end + 1] & 0xf8) === 0xd0) end++;
    }
    segments.push({ code, bytes: file.subarray(at, end) });
    at = end;
  }
  return segments;
}

/** Three grey files of one size as one file with a scan for each component, tables redefined. */
export function makeScanPerComponent(width: number, height: number): Uint8Array {
  const planes = rgbToPlanes(generatePicture(width, height, 3));
  const files = planes.map((data) =>
    segmentsOf(
      encodeJpeg({
        width,
        height,
        components: [componentOf(data, width, height)],
        qualityPercent: 90,
      }),
    ),
  );
  const [first] = files;
  const head = first.filter(({ code }) => code === 0xd8 || code === 0xdb);
  const frame = [
    0xff,
    0xc0,
    0,
    17,
    8,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    3,
    1,
    0x11,
    0,
    2,
    0x11,
    0,
    3,
    0x11,
    0,
  ];
  const scans = files.flatMap((segments, i) =>
    segments
      .filter(({ code }) => code === 0xc4 || code === 0xda)
      .map(({ code, bytes }) => {
        const copy = bytes.slice();
        if (code === 0xda) copy[5] = i + 1;
        return copy;
      }),
  );
  return concat([
    ...head.map(({ bytes }) => bytes),
    Uint8Array.from(frame),
    ...scans,
    Uint8Array.of(0xff, 0xd9),
  ]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** The greatest difference of each component from jpeg-js, which repeats subsampled samples. */
export function differenceFromJpegJs(file: Uint8Array, decoded: DecodedJpeg): number[] {
  // An Adobe marker would make jpeg-js convert the colours whatever it is told.
  const plain = concat(
    segmentsOf(file)
      .filter(({ code }) => code !== 0xee)
      .map(({ bytes }) => bytes),
  );
  const { data, width, height } = jpegJs.decode(plain, {
    colorTransform: false,
    formatAsRGBA: false,
    useTArray: true,
    tolerantDecoding: false,
    maxMemoryUsageInMB: 1024,
  });
  return decoded.planes.map((plane, component) => {
    const columns = placesOf(width, plane.extent.left, plane.extent.width, plane.width);
    const rows = placesOf(height, plane.extent.top, plane.extent.height, plane.height);
    let most = 0;
    for (let y = 0; y < height; y++) {
      const row = rows[y] * plane.stride;
      for (let x = 0; x < width; x++) {
        const theirs = data[3 * (y * width + x) + component];
        most = Math.max(most, Math.abs(theirs - plane.data[row + columns[x]]));
      }
    }
    return most;
  });
}

/** Along one side of `size` pixels, the sample that covers each, of `count` that cover `length`. */
function placesOf(size: number, start: number, length: number, count: number): Int32Array {
  return Int32Array.from({ length: size }, (_, i) => Math.floor(((i - start) * count) / length));
}

/** Samples of a grey file as libjpeg-turbo has them. */
export async function greyBySharp(file: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await sharp(file).toColourspace('b-w').raw().toBuffer());
}

/** A plane without its stride. */
export function tightSamples({ data, width, height, stride }: JpegPlane): Uint8Array {
  const tight = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    tight.set(data.subarray(y * stride, y * stride + width), y * width);
  }
  return tight;
}
