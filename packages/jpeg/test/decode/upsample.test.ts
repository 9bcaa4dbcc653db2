/**
 * Planes ready to use: upsampled and with inks as amounts, beside libjpeg-turbo and beside hand-made
 * planes where libjpeg refuses the ratio.
 * @module
 */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';

import { decodeJpeg } from '../../src/decode/decode-jpeg.ts';
import { jpegColorModel, readJpegLayout } from '../../src/decode/layout.ts';
import { concat, makeFile, segmentsOf, tightSamples, YCC_444 } from './files.ts';
import { samplesBySharp, shownSamples } from './shown.ts';

type Factors = readonly [across: number, down: number];

const factors = [1, 2, 4] as const;
const dividing = factors.flatMap((across) => factors.map((down): Factors => [across, down]));

async function expectLikeLibjpeg(file: Uint8Array): Promise<void> {
  const { model, samples } = shownSamples(decodeJpeg(file, { upsample: true }));
  expect(samples.equals(await samplesBySharp(file, model))).toBe(true);
}

describe('upsampled colours', () => {
  it.each(dividing)('are those of libjpeg-turbo for %i x %i', async (across, down) => {
    for (const [width, height] of [
      [97, 61],
      [33, 18],
      [5, 3],
      [4, 4],
      [3, 5],
      [2, 2],
      [1, 1],
    ]) {
      const samplings: Factors[] = [
        [across, down],
        [1, 1],
        [1, 1],
      ];
      await expectLikeLibjpeg(makeFile(width, height, { samplings }));
    }
  });

  it('are those of libjpeg-turbo when each component has its own sampling', async () => {
    for (const samplings of [
      [
        [2, 2],
        [2, 1],
        [1, 2],
      ],
      [
        [1, 1],
        [2, 2],
        [2, 2],
      ],
      [
        [4, 1],
        [2, 1],
        [1, 1],
      ],
    ] as const) {
      await expectLikeLibjpeg(makeFile(77, 45, { samplings }));
      await expectLikeLibjpeg(makeFile(77, 45, { samplings, progressive: true }));
    }
  });

  it('repeat samples where the factors do not divide', () => {
    const samplings: Factors[] = [
      [3, 2],
      [2, 3],
      [1, 1],
    ];
    const file = makeFile(50, 34, { samplings });
    const stored = decodeJpeg(file).planes;
    decodeJpeg(file, { upsample: true }).planes.forEach((plane, i) => {
      const { data, stride } = stored[i];
      const [across, down] = samplings[i];
      expect([plane.width, plane.height]).toEqual([50, 34]);
      for (let y = 0; y < 34; y++) {
        for (let x = 0; x < 50; x++) {
          const source = Math.floor((y * down) / 3) * stride + Math.floor((x * across) / 3);
          expect(plane.data[y * plane.stride + x]).toBe(data[source]);
        }
      }
    });
  });
});

describe('colour models', () => {
  const file = makeFile(40, 24, { samplings: YCC_444 });
  const segments = segmentsOf(file).filter(({ code }) => code !== 0xe0);
  const jfif = segmentsOf(file)[1].bytes;
  const adobe = (transform: number): Uint8Array =>
    Uint8Array.from([0xff, 0xee, 0, 14, 65, 100, 111, 98, 101, 0, 100, 0, 0, 0, 0, transform]);
  const withHead = (...head: readonly Uint8Array[]): Uint8Array => {
    const [start, ...rest] = segments.map(({ bytes }) => bytes);
    return concat([start, ...head, ...rest]);
  };
  /** The same file with its components named R, G and B. */
  const named = (bytes: Uint8Array): Uint8Array =>
    concat(
      segmentsOf(bytes).map(({ code, bytes: segment }) => {
        const copy = segment.slice();
        const [at, step] = code === 0xc0 ? [10, 3] : [5, 2];
        if (code === 0xc0 || code === 0xda) {
          for (let i = 0; i < 3; i++) copy[at + step * i] = 'RGB'.charCodeAt(i);
        }
        return copy;
      }),
    );

  it.each([
    ['no marker', withHead(), 'ycbcr'],
    ['JFIF', withHead(jfif), 'ycbcr'],
    ['Adobe 0', withHead(adobe(0)), 'rgb'],
    ['Adobe 1', withHead(adobe(1)), 'ycbcr'],
    ['JFIF before Adobe 0', withHead(jfif, adobe(0)), 'ycbcr'],
    ['the names RGB', named(withHead()), 'rgb'],
    ['the names RGB and JFIF', named(withHead(jfif)), 'ycbcr'],
  ] as const)('go by %s, as in libjpeg-turbo', async (_, bytes, model) => {
    expect(jpegColorModel(readJpegLayout(bytes))).toBe(model);
    await expectLikeLibjpeg(bytes);
  });
});

describe('inks', () => {
  const samples = Uint8Array.from({ length: 4 * 48 * 32 }, (_, i) => (i * 31 + (i >> 5)) & 255);
  const inks = sharp(samples, { raw: { width: 48, height: 32, channels: 4 } });

  async function written(): Promise<Uint8Array> {
    const file = await inks.clone().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    return new Uint8Array(file);
  }

  function withTransform(file: Uint8Array, transform: number | undefined): Uint8Array {
    return concat(
      segmentsOf(file).flatMap(({ code, bytes }) => {
        if (code !== 0xee) return [bytes];
        if (transform === undefined) return [];
        const copy = bytes.slice();
        copy[15] = transform;
        return [copy];
      }),
    );
  }

  it.each([
    ['CMYK of Adobe', 0, 'cmyk'],
    ['YCCK of Adobe', 2, 'ycck'],
    ['CMYK without Adobe', undefined, 'cmyk'],
  ] as const)('are amounts, as in libvips: %s', async (_, transform, stored) => {
    const file = withTransform(await written(), transform);
    expect(decodeJpeg(file).model).toBe(stored);
    expect(decodeJpeg(file, { upsample: true }).model).toBe('cmyk');
    await expectLikeLibjpeg(file);
  });

  it('are stored the other way round', async () => {
    const file = withTransform(await written(), 0);
    const stored = decodeJpeg(file).planes.map(tightSamples);
    const amounts = decodeJpeg(file, { upsample: true }).planes.map(tightSamples);
    expect(amounts.map((plane) => plane.map((ink) => 255 - ink))).toEqual(stored);
  });
});
