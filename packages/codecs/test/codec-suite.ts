/**
 * What every codec must do, as a function of the codec: headers that keep their word, limits before
 * work, and an answer (a raster or an `ImageError`) for every damaged file.
 * @module
 */

import {
  type Codec,
  type ColorModel,
  createArena,
  createBudget,
  GENEROUS_LIMITS,
  type Limits,
  PLANES_OF,
} from '@safelight/core';
import { randomFrom } from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import { sniffFormat } from '../src/sniff.ts';
import { decodeWith, outcomeOf, predictedPlane } from './decoding.ts';
import { withinTime } from './watchdog.ts';

export interface CodecFixture {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly model: ColorModel;
  readonly hasAlpha?: boolean;
  readonly orientation?: number;
}

/** Bit flips tried on each fixture. */
const FLIPS = 300;
/** Far above what a fixture takes: only a hang comes here. */
const TIMEOUT_MS = 20_000;

/** Registers the suite. Fixtures should be small: each is cut at every byte. */
export function testCodec(codec: Codec, fixtures: readonly CodecFixture[]): void {
  describe(`the ${codec.format} codec`, () => {
    describe.each(fixtures)('with $name', (fixture) => {
      testPlanes(codec, fixture);
      testLimits(codec, fixture);
      testDamage(codec, fixture);
    });
    it('does not take foreign or empty bytes for its own', () => {
      for (const text of ['', 'GIF89a', 'BM', '<svg xmlns="http://www.w3.org/2000/svg"/>']) {
        const head = new TextEncoder().encode(text);
        expect(codec.sniff(head)).toBe(sniffFormat(head) === codec.format);
      }
    });
  });
}

function testPlanes(codec: Codec, fixture: CodecFixture): void {
  it('recognises it and reads its header', () => {
    expect(codec.sniff(fixture.bytes.subarray(0, 64))).toBe(true);
    const header = codec.readHeader(fixture.bytes, GENEROUS_LIMITS);
    expect(header).toMatchObject({
      format: codec.format,
      width: fixture.width,
      height: fixture.height,
      frames: 1,
      model: fixture.model,
      hasAlpha: fixture.hasAlpha ?? false,
      orientation: fixture.orientation ?? 1,
    });
    expect(header.decoderBytes).toBeGreaterThan(fixture.bytes.length);
  });

  it('delivers the planes that the header predicts', () => {
    const { header, raster } = decodeWith(codec, fixture.bytes);
    expect([raster.width, raster.height]).toEqual([fixture.width, fixture.height]);
    expect(raster.model).toBe(fixture.model);
    expect(raster.planes).toHaveLength(PLANES_OF[fixture.model]);
    expect(raster.metadata.orientation).toBe(fixture.orientation ?? 1);
    for (const [index, plane] of raster.planes.entries()) {
      const { columns, rows } = predictedPlane(header, index);
      expect([plane.width, plane.height]).toEqual([columns, rows]);
      expect(plane.data.length).toBe(plane.stride * plane.height);
      expect([plane.extent.left, plane.extent.top]).toEqual([0, 0]);
      expect(plane.extent.width).toBeGreaterThanOrEqual(raster.width);
      expect(plane.extent.height).toBeGreaterThanOrEqual(raster.height);
    }
    if (raster.alpha === undefined) return;
    expect(header.hasAlpha).toBe(true);
    expect([raster.alpha.width, raster.alpha.height]).toEqual([raster.width, raster.height]);
  });

  it('works on a view in the middle of a buffer', () => {
    const buffer = new Uint8Array(fixture.bytes.length + 64).fill(0xff);
    buffer.set(fixture.bytes, 32);
    const view = buffer.subarray(32, 32 + fixture.bytes.length);
    const expected = decodeWith(codec, fixture.bytes).raster.planes.map(({ data }) => data);
    const got = decodeWith(codec, view).raster.planes.map(({ data }) => data);
    expect(got).toEqual(expected);
  });

  it('reports a wrong prediction instead of growing', () => {
    const header = codec.readHeader(fixture.bytes, GENEROUS_LIMITS);
    const context = { arena: createArena(), budget: createBudget(1e9), limits: GENEROUS_LIMITS };
    expect(() => codec.decode?.(fixture.bytes, header, {}, context)).toThrow(
      expect.objectContaining({ code: 'Internal', reason: 'prediction-failed' }),
    );
  });
}

function testLimits(codec: Codec, fixture: CodecFixture): void {
  const { bytes, width, height } = fixture;
  const cases: readonly [keyof Limits, number, string][] = [
    ['maxSourceBytes', bytes.length, 'too-many-bytes'],
    ['maxSourcePixels', width * height, 'too-many-pixels'],
    ['maxSourceSide', Math.max(width, height), 'side-too-long'],
  ];
  it.each(cases)('keeps %s', (limit, value, reason) => {
    expect(outcomeOf(codec, bytes, { ...GENEROUS_LIMITS, [limit]: value })).toBe('raster');
    const tight = { ...GENEROUS_LIMITS, [limit]: value - 1 };
    expect(() => codec.readHeader(bytes, tight)).toThrow(
      expect.objectContaining({ code: 'LimitExceeded', reason }),
    );
  });

  it('refuses to decode what takes more memory than a render may', () => {
    const { decoderBytes } = codec.readHeader(bytes, GENEROUS_LIMITS);
    const limits = { ...GENEROUS_LIMITS, maxMemoryBytes: decoderBytes - 1 };
    expect(outcomeOf(codec, bytes, limits)).toBe('LimitExceeded/too-much-memory');
  });
}

function testDamage(codec: Codec, fixture: CodecFixture): void {
  it('refuses it when it is cut anywhere', () => {
    const accepted: number[] = [];
    for (let length = 0; length < fixture.bytes.length; length++) {
      const cut = fixture.bytes.subarray(0, length);
      const outcome = withinTime(TIMEOUT_MS, () => outcomeOf(codec, cut));
      if (!outcome.startsWith('BadImage/')) accepted.push(length);
    }
    expect(accepted).toEqual([]);
  });

  it('answers every flipped bit with a raster or an ImageError', () => {
    const random = randomFrom(fixture.bytes.length);
    const limits = { ...GENEROUS_LIMITS, maxMemoryBytes: 64 * 1024 * 1024 };
    const outcomes = new Set<string>();
    for (let i = 0; i < FLIPS; i++) {
      // Not `slice`: that of a Buffer is a view.
      const bytes = Uint8Array.from(fixture.bytes);
      // One to three, since some damage only shows together.
      for (let n = 0; n <= i % 3; n++) {
        bytes[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(random() * 8);
      }
      outcomes.add(withinTime(TIMEOUT_MS, () => outcomeOf(codec, bytes, limits)));
    }
    expect(outcomes).toContain('BadImage/damaged');
  });
}
