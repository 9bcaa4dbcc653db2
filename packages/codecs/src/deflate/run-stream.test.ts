import { randomFrom } from '@safelight/testkit';
import { assert, constantFrom, integer, property } from 'fast-check';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { planBlock } from './run-block.ts';
import { END_OF_BLOCK, typescriptRunKernels } from './run-kernels.ts';
import { planRunStream } from './run-stream.ts';

/** Three bytes in front and three behind must stay. */
const MARGIN = 3;

function streamOf(bytes: Uint8Array): Uint8Array {
  const stream = planRunStream(bytes, typescriptRunKernels);
  const target = new Uint8Array(stream.length + 2 * MARGIN);
  stream.writeTo(target, MARGIN);
  const around = [...target.subarray(0, MARGIN), ...target.subarray(MARGIN + stream.length)];
  expect(around).toEqual([0, 0, 0, 0, 0, 0]);
  return target.subarray(MARGIN, MARGIN + stream.length);
}

function expectRoundTrip(bytes: Uint8Array): Uint8Array {
  const stream = streamOf(bytes);
  // The checksum is zlib's to compare.
  expect(Buffer.compare(inflateSync(stream), bytes)).toBe(0);
  return stream;
}

function noiseOf(length: number, levels: number, seed: number): Uint8Array {
  const random = randomFrom(seed);
  return Uint8Array.from({ length }, () => Math.floor(levels * random()));
}

describe('a stream of runs', () => {
  it.each([0, 1, 2, 3, 4, 5, 100, 65_534, 65_535, 65_536, 131_071, 131_072, 131_073, 262_144])(
    'inflates to %i bytes, noisy or all equal',
    (length) => {
      for (const levels of [1, 2, 9, 256]) expectRoundTrip(noiseOf(length, levels, length));
    },
  );

  it('inflates to runs of every length', () => {
    const runs = Array.from({ length: 600 }, (_, i) => [
      ...new Uint8Array(i + 1).fill(i),
      i + 7,
      i + 9,
    ]);
    const bytes = Uint8Array.from(runs.flat());
    expect(expectRoundTrip(bytes).length).toBeLessThan(bytes.length / 40);
  });

  it('inflates to any mixture of runs and noise', () => {
    const length = integer({ min: 0, max: 1000 });
    assert(
      property(length, constantFrom(1, 2, 3, 40, 256), integer(), (byteLength, levels, seed) => {
        expectRoundTrip(noiseOf(byteLength, levels, seed));
      }),
      { numRuns: 500 },
    );
  });

  it('stores what has no shorter code', () => {
    const noise = noiseOf(200_000, 256, 5);
    // Two bytes in front, four behind, and at most six blocks' heads.
    expect(expectRoundTrip(noise).length).toBeLessThanOrEqual(200_000 + 6 + 6 * 5);
  });

  it('changes between stored blocks and coded ones', () => {
    const bytes = noiseOf(600_000, 256, 6);
    bytes.fill(7, 140_000, 300_000);
    bytes.fill(8, 450_000, 460_000);
    expect(expectRoundTrip(bytes).length).toBeLessThan(450_000);
  });
});

describe('a block', () => {
  it('has codes of at most 14 bits, however unequal the counts', () => {
    const counts = new Uint32Array(END_OF_BLOCK);
    for (let i = 0, [a, b] = [1, 1]; i < 40; i++) {
      counts[i] = a;
      [a, b] = [b, a + b];
    }
    const { lengths } = planBlock(counts, true);
    expect(Math.max(...lengths)).toBe(14);
    expect(lengths.reduce((sum, bits) => sum + (bits > 0 ? 2 ** -bits : 0), 0)).toBe(1);
  });
});
