import { createArena, createBudget, GENEROUS_LIMITS, type Plane } from '@safelight/core';
import { photoLike, randomFrom } from '@safelight/testkit';
import { constants, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { typescriptPngKernels } from '../png-planar/kernels.ts';
import { createTiffCodec } from '../tiff/codec.ts';
import { nodeDeflater } from './node-deflater.ts';
import { typescriptRunKernels } from './run-kernels.ts';
import { planRunStream } from './run-stream.ts';
import { deflateSamples } from './sample-deflate.ts';
import { webDeflater } from './web-deflater.ts';

const random = randomFrom(7);
const noise = Uint8Array.from({ length: 300_000 }, () => Math.floor(256 * random()));
/** As a photograph's residuals are: small, mostly, and without repetitions. */
const differences = noise.map(
  (value, i) => 2 * Math.log(256 / (value + 1)) * (i > 0 && noise[i - 1] & 1 ? 1 : -1),
);
/** A few marks on paper. */
const blank = noise.map((value, i) => (i % 500 === 0 ? value : 0));
/** Words from a small stock: no runs, many repetitions. */
const words = Uint8Array.from({ length: 300_000 }, (_, i) => noise[(i % 37) * (i % 3)]);

async function deflated(
  bytes: Uint8Array,
  level: number,
  deflater = nodeDeflater,
): Promise<Uint8Array> {
  const stream = await deflateSamples(bytes, level, deflater, typescriptRunKernels);
  const target = new Uint8Array(stream.length);
  stream.writeTo(target, 0);
  return target;
}

/** Filtered rows of a picture, all of its channels. */
function rowsOf(width: number, height: number): Uint8Array {
  const { rgb } = photoLike(width, height);
  const extent = { left: 0, top: 0, width, height };
  const planes = [0, 1, 2].map((c): Plane => {
    const data = rgb.filter((_, i) => i % 3 === c);
    return { data, width, height, stride: width, extent };
  });
  const rows = new Uint8Array(height * (1 + 3 * width));
  typescriptPngKernels.filterPlanes(planes, width, height, rows, 4);
  return rows;
}

describe('deflating samples', () => {
  it('looks for runs alone where searching finds nothing, the same bytes over every runtime', async () => {
    const stream = await deflated(differences, 6);
    expect(Buffer.compare(inflateSync(stream), differences)).toBe(0);
    expect(stream.subarray(0, 2)).toEqual(Uint8Array.of(0x78, 0x01));
    expect(Buffer.compare(await deflated(differences, 6, webDeflater), stream)).toBe(0);
  });

  it('searches where that pays, where size counts, and in small pictures', async () => {
    for (const [bytes, level] of [
      [words, 6],
      [blank, 6],
      [differences, 9],
      [differences.subarray(0, 100_000), 6],
    ] as const) {
      const searched = deflateSync(bytes, { level });
      expect(Buffer.compare(await deflated(bytes, level), searched)).toBe(0);
    }
  });

  it('is as small by runs as zlib is', () => {
    for (const bytes of [differences, rowsOf(400, 300), rowsOf(720, 540)]) {
      const ours = planRunStream(bytes, typescriptRunKernels).length;
      const theirs = deflateSync(bytes, { level: 6, strategy: constants.Z_RLE }).length;
      expect(ours).toBeLessThan(1.01 * theirs);
    }
  });
});

describe('a TIFF of noise', () => {
  it('lies where its plan says while it is written', () => {
    const codec = createTiffCodec({
      deflater: nodeDeflater,
      kernelsFor: () => typescriptRunKernels,
    });
    const [width, height] = [600, 500];
    const extent = { left: 0, top: 0, width, height };
    const data = differences.map((value, i) => value + (i % 7));
    const plane: Plane = { data, width, height, stride: width, extent };
    const raster = { width, height, model: 'gray', planes: [plane], metadata: {} } as const;
    const settings = { qualityPercent: 75, progressive: false };
    const shape = { ...raster, hasAlpha: false };
    const scratchBytes = codec.planEncode?.(shape, settings).scratchBytes ?? 0;
    const arena = createArena();
    arena.reserve(scratchBytes);
    const context = { arena, budget: createBudget(1e9), limits: GENEROUS_LIMITS };
    const file = codec.encode?.(raster, settings, context);
    expect([arena.highWaterBytes, arena.usedBytes]).toEqual([scratchBytes, 0]);
    const plain = createTiffCodec({ deflater: nodeDeflater });
    expect(plain.planEncode).toBeUndefined();
    expect(plain.encode?.(raster, settings, context)).toEqual(file);
  });
});
