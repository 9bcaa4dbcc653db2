import { createCanvas, loadImage } from '@napi-rs/canvas';
import { SRGB_PRIMARIES } from '@safelight/core';
import { describe, expect, it } from 'vitest';
import { chunk, data, head, png } from '../../test/png-writer.ts';
import { decodeWith } from '../../test/decoding.ts';
import { createPlanarPngCodec, nodeDeflater } from '../index.ts';
import { calibrationOf } from './calibration.ts';

const codec = createPlanarPngCodec({ deflater: nodeDeflater });

function words(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}

const SRGB_PLACES = words(31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000);
const P3_PLACES = words(31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000);
const WIDE_CODED = Uint8Array.of(12, 13, 0, 1);

function pictureWith(...chunks: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const colors = chunks.map(([type, payload]) => chunk(type, payload));
  return png(head({ width: 1, height: 1, colorType: 2 }), ...colors, data([0, 153, 102, 51]));
}

function calibrationIn(bytes: Uint8Array): unknown {
  return decodeWith(codec, bytes).raster.metadata.calibration;
}

describe('colours of a PNG without a profile', () => {
  it('are sRGB where nothing else is told, or sRGB is', () => {
    expect(calibrationIn(pictureWith())).toBeUndefined();
    const told = pictureWith(
      ['sRGB', Uint8Array.of(0)],
      ['gAMA', words(100_000)],
      ['cHRM', P3_PLACES],
    );
    expect(calibrationIn(told)).toBeUndefined();
  });

  it('are what cICP says before all else, but for high dynamic range', () => {
    const coded = pictureWith(['cICP', WIDE_CODED], ['sRGB', Uint8Array.of(0)]);
    expect(calibrationIn(coded)).toMatchObject({ primaries: { red: { x: 0.68, y: 0.32 } } });
    for (const other of [
      [9, 16, 0, 1],
      [12, 13, 1, 1],
      [12, 13, 0, 0],
      [2, 2, 0, 1],
      [12, 13, 0],
    ]) {
      expect(calibrationOf({ cICP: Uint8Array.from(other) })).toBeUndefined();
    }
  });

  it('take gAMA for the curve and cHRM for the primaries, each alone if need be', () => {
    expect(calibrationOf({ gAMA: words(100_000) })).toMatchObject({
      transfer: { gamma: 1 },
      primaries: SRGB_PRIMARIES,
    });
    expect(calibrationOf({ cHRM: P3_PLACES })).toMatchObject({ transfer: { gamma: 2.4 } });
    expect(calibrationOf({ gAMA: words(55_556) })?.transfer.gamma).toBeCloseTo(1.8, 4);
  });

  it('are those of sRGB where gAMA is 1 / 2.2', () => {
    for (const value of [45_455, 45_450, 45_000]) {
      expect(calibrationOf({ gAMA: words(value), cHRM: SRGB_PLACES })).toMatchObject({
        transfer: { gamma: 2.4 },
      });
    }
  });

  it('are not read from chunks that are not as they should be', () => {
    expect(calibrationOf({ gAMA: words(0) })).toBeUndefined();
    expect(calibrationOf({ gAMA: Uint8Array.of(1) })).toBeUndefined();
    expect(calibrationOf({ cHRM: words(1, 2, 3) })).toBeUndefined();
    expect(calibrationOf({ cHRM: words(31_270, 0, 1, 1, 1, 1, 1, 1) })).toBeUndefined();
    const late = png(
      head({ width: 1, height: 1, colorType: 2 }),
      data([0, 1, 2, 3]),
      chunk('gAMA', words(100_000)),
    );
    expect(calibrationIn(late)).toBeUndefined();
  });

  it('are told apart by Skia as well', async () => {
    // Chromium's decoder: what it shows changed is what is told here, and the other way round.
    for (const chunks of [
      [['gAMA', words(100_000)]],
      [
        ['gAMA', words(55_556)],
        ['cHRM', SRGB_PLACES],
      ],
      [
        ['gAMA', words(45_455)],
        ['cHRM', P3_PLACES],
      ],
      [
        ['gAMA', words(100_000)],
        ['sRGB', Uint8Array.of(0)],
      ],
    ] as const) {
      const bytes = pictureWith(...chunks);
      const context = createCanvas(1, 1).getContext('2d');
      context.drawImage(await loadImage(Buffer.from(bytes)), 0, 0);
      const [red] = context.getImageData(0, 0, 1, 1).data;
      expect(red !== 153).toBe(calibrationIn(bytes) !== undefined);
    }
  });
});
