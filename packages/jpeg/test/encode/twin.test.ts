/**
 * The encoder in WebAssembly against the plain one: the same bytes, whatever the picture.
 * @module
 */
import { describe, expect, it } from 'vitest';
import { encodeJpeg } from '../../src/encode-jpeg.ts';
import type { JpegComponent, JpegEncodeOptions } from '../../src/options.ts';
import {
  componentOf,
  componentsOf,
  generateNoise,
  generatePicture,
  rgbToPlanes,
} from '../picture.ts';
import { createTwin } from './twin-memory.ts';

const MIB = 1024 * 1024;
const twin = createTwin(8 * MIB);

function expectSame(options: JpegEncodeOptions): void {
  const expected = encodeJpeg(options);
  const got = twin(options);
  expect(got.length).toBe(expected.length);
  expect(Buffer.compare(got, expected)).toBe(0);
}

const SAMPLINGS = [
  [1, 1],
  [2, 1],
  [1, 2],
  [2, 2],
  [4, 1],
  [1, 4],
  [3, 2],
  // More than ten blocks an MCU: a scan a component.
  [4, 4],
] as const;

describe('the encoder of a shared memory gives the bytes of the plain one', () => {
  it.each(SAMPLINGS)('for every size of 1..40 at %i x %i', (across, down) => {
    for (let size = 1; size <= 40; size++) {
      const picture = generatePicture(size, 1 + ((size * 17) % 40), size);
      const components = componentsOf(picture, [across, down]);
      const { width, height } = picture;
      const restartInterval = size % 4;
      expectSame({ width, height, components, qualityPercent: 2 * size, restartInterval });
    }
  });

  it('for every quality, of a photo-like picture and of noise', () => {
    const picture = generatePicture(67, 45, 3);
    const components = componentsOf(picture, [2, 2]);
    const noise = componentOf(generateNoise(67, 45, 9), 67, 45);
    for (let qualityPercent = 1; qualityPercent <= 100; qualityPercent++) {
      expectSame({ width: 67, height: 45, components, qualityPercent });
      expectSame({ width: 67, height: 45, components: [noise], qualityPercent });
    }
  });

  it('for the blocks with the greatest coefficients', () => {
    const patterns: ((x: number, y: number) => number)[] = [
      () => 0,
      () => 255,
      (x, y) => 255 * ((x + y) & 1),
      (x) => 255 * (x & 1),
      (_, y) => 255 * (y & 1),
      (x, y) => 255 * (((x >> 3) + (y >> 3)) & 1),
      (x, y) => 255 * ((x >> 2) & 1) * ((y >> 1) & 1),
    ];
    for (const pattern of patterns) {
      const data = Uint8Array.from({ length: 48 * 32 }, (_, i) =>
        pattern(i % 48, Math.floor(i / 48)),
      );
      for (const qualityPercent of [1, 10, 50, 75, 90, 100]) {
        const components = [componentOf(data, 48, 32)];
        expectSame({ width: 48, height: 32, components, qualityPercent });
      }
    }
  });

  it('for a large picture, whose bytes fill the window several times', () => {
    const [width, height] = [720, 588];
    const picture = generatePicture(width, height, 5);
    const components = componentsOf(picture, [2, 2]);
    expectSame({ width, height, components, qualityPercent: 80 });
    const noise = [1, 2, 3].map((seed) =>
      componentOf(generateNoise(width, height, seed), width, height),
    );
    expectSame({ width, height, components: noise, qualityPercent: 100, restartInterval: 7 });
  });

  it('for restart intervals around the MCUs of a row', () => {
    const picture = generatePicture(100, 60, 8);
    const components = componentsOf(picture, [2, 1]);
    for (const restartInterval of [1, 2, 6, 7, 8, 13, 56, 57, 65_535]) {
      const [width, height] = [100, 60];
      expectSame({ width, height, components, qualityPercent: 85, restartInterval });
    }
  });

  it('for progressive files', () => {
    for (const sampling of SAMPLINGS) {
      for (const [width, height] of [
        [1, 1],
        [17, 33],
        [150, 90],
      ] as const) {
        const components = componentsOf(generatePicture(width, height, 11), sampling);
        const restartInterval = width % 5;
        const shared = { width, height, components, restartInterval, progressive: true } as const;
        for (const qualityPercent of [20, 75, 100]) expectSame({ ...shared, qualityPercent });
      }
    }
  });

  it('for progressive files of noise, of every quality and of nothing', () => {
    const noise = componentOf(generateNoise(67, 45, 9), 67, 45);
    for (let qualityPercent = 1; qualityPercent <= 100; qualityPercent += 3) {
      for (const restartInterval of [0, 1, 9]) {
        const shared = { qualityPercent, restartInterval, progressive: true } as const;
        expectSame({ ...shared, width: 67, height: 45, components: [noise] });
      }
    }
    // 40,000 flat blocks: more than the 32,767 that one end-of-band symbol can say.
    const [width, height] = [1600, 1600];
    const flat = componentOf(new Uint8Array(width * height).fill(99), width, height);
    expectSame({ width, height, components: [flat], qualityPercent: 75, progressive: true });
  });

  it('for a large progressive file, whose corrections and bytes fill what holds them', () => {
    const [width, height] = [720, 588];
    const planes = [1, 2, 3].map((seed) => generateNoise(width, height, seed));
    const noise = planes.map((plane) => componentOf(plane, width, height));
    const photo = componentsOf(generatePicture(width, height, 5), [2, 2]);
    for (const components of [noise, photo]) {
      for (const qualityPercent of [30, 80, 100]) {
        expectSame({ width, height, components, qualityPercent, progressive: true });
      }
    }
  });

  it('with density, profile and EXIF', () => {
    const exif = Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 0);
    const icc = new Uint8Array(70_000).fill(7);
    const [data] = rgbToPlanes(generatePicture(20, 20, 1));
    const components: readonly JpegComponent[] = [componentOf(data, 20, 20)];
    const density = { unit: 1, x: 300, y: 300 } as const;
    expectSame({ width: 20, height: 20, components, qualityPercent: 75, density, icc, exif });
  });
});
