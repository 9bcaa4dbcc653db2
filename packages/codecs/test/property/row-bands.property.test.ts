/**
 * JPEG and PNG whose rows go straight into a reduction: the files of whole planes, to the byte, and the
 * arena bytes that were planned. Errors too.
 * @module
 */

import { type Codec, createEngine, crop, format, isImageError, resize } from '@safelight/core';
import { encodeJpeg, type JpegComponent } from '@safelight/jpeg';
import { createPngTwins, createSimdKernels, SIMD_REGION_END } from '@safelight/simd';
import { photoLike } from '@safelight/testkit';
import * as fc from 'fast-check';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { nodeDeflater } from '../../src/deflate/node-deflater.ts';
import { createJpegCodec } from '../../src/jpeg/codec.ts';
import { createPlanarPngCodec, typescriptPngKernels } from '../../src/png-planar/codec.ts';
import { filterRow } from '../../src/png-planar/filter.ts';
import { chunk, head, png } from '../png-writer.ts';

/** What one engine saw of its last render. */
interface Seen {
  highWaterBytes: number;
  hadRows: boolean;
}

function createWatched(allowsRows: boolean) {
  const seen: Seen = { highWaterBytes: 0, hadRows: false };
  const watch = (codec: Codec): Codec => ({
    ...codec,
    planDecode: (header, request) =>
      codec.planDecode!(header, { ...request, rows: allowsRows && request.rows === true }),
    async decode(bytes, header, request, context) {
      const rows = allowsRows && request.rows === true;
      const raster = await codec.decode!(bytes, header, { ...request, rows }, context);
      seen.hadRows = raster.rows !== undefined;
      return raster;
    },
    async encode(raster, settings, context) {
      const bytes = await codec.encode!(raster, settings, context);
      seen.highWaterBytes = context.arena.highWaterBytes;
      return bytes;
    },
  });
  const pngKernels = new WeakMap<WebAssembly.Memory, ReturnType<typeof createPngTwins>>();
  const codecs = [
    createJpegCodec({ decoder: 'wasm' }),
    createPlanarPngCodec({
      deflater: nodeDeflater,
      kernelsFor({ memory }) {
        const kernels = pngKernels.get(memory!) ?? createPngTwins(memory!, typescriptPngKernels);
        pngKernels.set(memory!, kernels);
        return kernels;
      },
    }),
  ].map(watch);
  const kernels = { moduleBytes: SIMD_REGION_END, create: createSimdKernels };
  return { engine: createEngine({ codecs, kernels }), seen };
}

const whole = createWatched(false);
const banded = createWatched(true);

/** Of this many columns and rows: what is read at once is less than half of it. */
const PICTURE = photoLike(900, 700);

const SAMPLINGS: Readonly<Record<string, readonly (readonly [1 | 2 | 4, 1 | 2])[]>> = {
  grey: [[1, 1]],
  'grey of 2 x 2': [[2, 2]],
  444: [
    [1, 1],
    [1, 1],
    [1, 1],
  ],
  422: [
    [2, 1],
    [1, 1],
    [1, 1],
  ],
  420: [
    [2, 2],
    [1, 1],
    [1, 1],
  ],
  440: [
    [1, 2],
    [1, 1],
    [1, 1],
  ],
  411: [
    [4, 1],
    [1, 1],
    [1, 1],
  ],
  'subsampled luma': [
    [1, 1],
    [2, 2],
    [1, 1],
  ],
};

function jpegOf(kind: string, width: number, height: number, restartInterval: number) {
  const samplings = SAMPLINGS[kind]!;
  const most = (axis: 0 | 1) => Math.max(...samplings.map((factors) => factors[axis]));
  const components = samplings.map(([across, down], i): JpegComponent => ({
    data: new Uint8Array(PICTURE.rgb).subarray(7 * i),
    width: Math.ceil((width * across) / most(0)),
    height: Math.ceil((height * down) / most(1)),
    stride: PICTURE.width,
    horizontalSampling: across,
    verticalSampling: down,
  }));
  return encodeJpeg({ width, height, components, qualityPercent: 80, restartInterval });
}

/** Rows in filters by turns; where `isOpaque`, RGBA whose alpha says nothing. */
function pngOf(step: 3 | 4, width: number, height: number, isOpaque: boolean, firstFilter: number) {
  const stride = 1 + step * width;
  const plain = new Uint8Array(PICTURE.rgb).slice(0, step * width * height);
  if (isOpaque) for (let i = 3; i < plain.length; i += 4) plain[i] = 255;
  const rows = new Uint8Array(stride * height);
  const zeros = new Uint8Array(step * width);
  for (let y = 0; y < height; y++) {
    const filter = (firstFilter + y) % 5;
    rows[y * stride] = filter;
    for (let channel = 0; channel < step; channel++) {
      const at = y * step * width + channel;
      const pick = (from: Uint8Array, start: number) =>
        Uint8Array.from({ length: width }, (_, x) => from[start + x * step]!);
      const row = pick(plain, at);
      const prior = y === 0 ? pick(zeros, channel) : pick(plain, at - step * width);
      filterRow(filter, row, 0, prior, 0, rows, y * stride + 1 + channel, step, width);
    }
  }
  const colorType = step === 4 ? 6 : 2;
  return png(head({ width, height, colorType }), chunk('IDAT', deflateSync(rows, { level: 1 })));
}

const size = fc.record({
  width: fc.integer({ min: 1, max: 900 }),
  height: fc.integer({ min: 1, max: 700 }),
});
const side = fc.integer({ min: 1, max: 500 });
const chain = fc
  .record({
    cut: fc.option(
      fc.record({
        left: fc.nat(200),
        top: fc.nat(300),
        width: fc.integer({ min: 1, max: 900 }),
        height: fc.integer({ min: 1, max: 700 }),
      }),
      { nil: undefined },
    ),
    mode: fc.constantFrom('fixed' as const, 'fit' as const, 'fill' as const),
    width: side,
    height: side,
    target: fc.constantFrom('jpeg' as const, 'png' as const),
  })
  .map(({ cut, target, ...rest }) =>
    [cut ? [crop(cut)] : [], resize(rest), format({ format: target })].flat(),
  );

type Chain = Parameters<typeof whole.engine.render>[1];

async function outcomeOf({ engine }: typeof whole, file: Uint8Array, steps: Chain) {
  try {
    return Buffer.from((await engine.render(file, steps)).bytes).toString('base64');
  } catch (error) {
    if (!isImageError(error) || error.code === 'Internal') throw error;
    return `${error.code} ${error.reason}`;
  }
}

/** The same from both engines; whether rows had a part in it. */
async function compare(file: Uint8Array, steps: Chain): Promise<boolean> {
  const expected = await outcomeOf(whole, file, steps);
  banded.seen.hadRows = false;
  expect((await outcomeOf(banded, file, steps)) === expected).toBe(true);
  return banded.seen.hadRows;
}

describe('rows that go straight into a reduction', () => {
  it.each(Object.keys(SAMPLINGS))('give the file of whole planes: JPEG, %s', async (kind) => {
    let inRows = 0;
    await fc.assert(
      fc.asyncProperty(size, chain, fc.integer({ min: 0, max: 9 }), async (of, steps, interval) => {
        const file = jpegOf(kind, of.width, of.height, interval);
        if (!(await compare(file, steps))) return;
        const plan = await banded.engine.plan(file, steps);
        expect(plan).toMatchObject({ arenaBytes: banded.seen.highWaterBytes });
        inRows++;
      }),
      { numRuns: 40 },
    );
    expect(inRows > 1).toBe(kind !== 'subsampled luma');
  });

  it.each([
    [3, false],
    [4, false],
    [4, true],
  ] as const)('give the file of whole planes: PNG of %i bytes, opaque %s', async (step, opaque) => {
    let rows = 0;
    await fc.assert(
      fc.asyncProperty(size, chain, fc.nat(4), async (of, steps, filter) => {
        const file = pngOf(step, of.width, of.height, opaque, filter);
        if (!(await compare(file, steps))) return;
        const { arenaBytes } = (await banded.engine.plan(file, steps)) as { arenaBytes: number };
        if (opaque) expect(banded.seen.highWaterBytes).toBeLessThanOrEqual(arenaBytes);
        else expect(banded.seen.highWaterBytes).toBe(arenaBytes);
        rows++;
      }),
      { numRuns: 60 },
    );
    expect(rows).toBeGreaterThan(1);
  });

  it('fail as whole planes do where bytes are missing or changed', async () => {
    const steps = [resize({ width: 200 }), format({ format: 'png' })];
    const files = [
      jpegOf('420', 500, 600, 0),
      jpegOf('444', 500, 600, 7),
      pngOf(3, 400, 500, false, 0),
      pngOf(4, 400, 500, true, 2),
    ];
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        fc.integer({ min: -1, max: 255 }),
        async (file, place, byte) => {
          const at = Math.floor(place * file.length);
          const bad = byte < 0 ? file.subarray(0, at) : file.slice();
          if (byte >= 0) bad[at] = byte;
          const expected = await outcomeOf(whole, bad, steps);
          expect((await outcomeOf(banded, bad, steps)) === expected).toBe(true);
          if (expected.length < 100) outcomes.add(expected);
        },
      ),
      { numRuns: 150 },
    );
    expect([...outcomes]).toEqual(
      expect.arrayContaining(['BadImage damaged', 'BadImage truncated']),
    );
  });

  it('refuse a filter that PNG does not have', async () => {
    const [width, height] = [3, 40];
    const rows = new Uint8Array(10 * height);
    rows[10 * 33] = 5;
    const pixels = chunk('IDAT', deflateSync(rows));
    const file = png(head({ width, height, colorType: 2 }), pixels);
    const steps = [resize({ height: 4 }), format({ format: 'png' })];
    expect(await outcomeOf(banded, file, steps)).toBe('BadImage damaged');
    expect(await outcomeOf(whole, file, steps)).toBe('BadImage damaged');
  });
});
