/**
 * The engine as a whole, with codecs that code nothing: stages, limits, giving up, and what happens
 * when a codec breaks its promises.
 * @module
 */

import {
  createRawCodec,
  decodeRaw,
  encodeRaw,
  flat,
  photoLike,
  planeSamples,
  rgbRaster,
  ycbcrRaster,
} from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import { format } from './actions/format.ts';
import { info } from './actions/info.ts';
import { quality } from './actions/quality.ts';
import { resize } from './actions/resize.ts';
import { rotate } from './actions/rotate.ts';
import { watermark } from './actions/watermark.ts';
import type { Codec } from './codec.ts';
import { createEngine, type EngineOptions } from './engine.ts';
import { type ImageError, isImageError } from './errors.ts';
import { typescriptKernels } from './kernels/typescript-kernels.ts';
import { GENEROUS_LIMITS } from './limits.ts';
import type { Raster } from './raster.ts';

const jpeg = createRawCodec({ format: 'jpeg' });
const png = createRawCodec({ format: 'png' });
const picture = photoLike(60, 40);
const source = encodeRaw(ycbcrRaster(picture, 2, 2), 'jpeg', { qualityPercent: 80 });

function engineWith(options: Partial<EngineOptions> = {}) {
  return createEngine({ codecs: [jpeg, png], kernels: typescriptKernels, ...options });
}

async function rejection(work: Promise<unknown>): Promise<ImageError> {
  try {
    await work;
  } catch (error) {
    if (isImageError(error)) return error;
    throw error;
  }
  throw new Error('expected a rejection');
}

describe('render', () => {
  it('answers bytes, format, type and size', async () => {
    const rendered = await engineWith().render(source, [
      quality({ relativePercent: 50 }),
      resize({ width: 30 }),
    ]);
    expect(rendered).toMatchObject({
      format: 'jpeg',
      mediaType: 'image/jpeg',
      width: 30,
      height: 20,
    });
    const raster = decodeRaw(rendered.bytes);
    expect(raster.settings).toEqual({ qualityPercent: 40, progressive: false });
    expect(raster.planes.map(({ width }) => width)).toEqual([30, 15, 15]);
  });

  it('re-encodes what an empty chain leaves, sample for sample', async () => {
    const rendered = decodeRaw((await engineWith().render(source, [])).bytes);
    const original = decodeRaw(source);
    expect(rendered.planes.map(planeSamples)).toEqual(original.planes.map(planeSamples));
  });

  it('describes the header and decodes nothing', async () => {
    const blind: Codec = { ...jpeg, decode: () => Promise.reject(new Error('not to be called')) };
    const rendered = await engineWith({ codecs: [blind] }).render(source, [info()]);
    expect(rendered).toMatchObject({ format: 'json', width: 60, height: 40 });
    const told = JSON.parse(new TextDecoder().decode(rendered.bytes)) as object;
    expect(told).toMatchObject({ width: 60, fileBytes: source.length });
    const printed = engineWith({ printInfo: (header, bytes) => `${header.format} ${bytes}` });
    const { bytes } = await printed.render(source, [info()]);
    expect(new TextDecoder().decode(bytes)).toBe(`jpeg ${source.length}`);
  });

  it('keeps concurrent renders apart', async () => {
    const engine = engineWith();
    const chains = [30, 25, 20, 15].map((width) => [resize({ width })]);
    const together = await Promise.all(chains.map((chain) => engine.render(source, chain)));
    for (const [index, chain] of chains.entries()) {
      expect(together[index]!.bytes).toEqual((await engine.render(source, chain)).bytes);
    }
  });

  it('serves the next render after a failed one', async () => {
    const engine = engineWith();
    const broken = source.slice(0, source.length - 10);
    expect((await rejection(engine.render(broken, []))).code).toBe('BadImage');
    expect((await engine.render(source, [])).width).toBe(60);
  });

  it('converts between models for the encoder', async () => {
    const red = rgbRaster(flat(8, 8, [254, 0, 0]));
    const half = { ...red.planes[0]!, data: new Uint8Array(64).fill(128) };
    const bytes = encodeRaw({ ...red, alpha: half }, 'png');
    const { bytes: result } = await engineWith().render(bytes, [format({ format: 'jpeg' })]);
    const raster = decodeRaw(result);
    // Half transparent red on white is (254, 127, 127): Y 165, Cb 107, Cr 191.
    expect(raster.alpha).toBeUndefined();
    expect(raster.planes.map(({ data, width }) => [data[0], width])).toEqual([
      [165, 8],
      [107, 4],
      [191, 4],
    ]);
  });

  it('turns ink into light before anything mixes', async () => {
    const ink = rgbRaster(flat(8, 8, [255, 0, 0])).planes;
    const black = { ...ink[0]!, data: new Uint8Array(64).fill(51) };
    const cmyk: Raster = {
      width: 8,
      height: 8,
      model: 'cmyk',
      planes: [...ink, black],
      metadata: {},
    };
    const engine = engineWith({ codecs: [createRawCodec({ format: 'tiff' }), png] });
    const chain = [resize({ width: 4 }), format({ format: 'png' })];
    const raster = decodeRaw((await engine.render(encodeRaw(cmyk, 'tiff'), chain)).bytes);
    expect(raster.planes.map(({ data }) => data[0])).toEqual([0, 204, 204]);
  });
});

describe('errors', () => {
  it('of bytes that no codec knows', async () => {
    const error = await rejection(engineWith().render(new Uint8Array(100), []));
    expect([error.code, error.reason]).toEqual(['UnsupportedFormat', 'unknown-format']);
    expect((await rejection(engineWith().render(new Uint8Array(0), []))).code).toBe(
      'UnsupportedFormat',
    );
  });

  it('of too many bytes, before anything looks at them', async () => {
    const limits = { ...GENEROUS_LIMITS, maxSourceBytes: source.length - 1 };
    expect((await rejection(engineWith({ limits }).render(source, []))).reason).toBe(
      'too-many-bytes',
    );
    expect(() => engineWith().readHeader(source, limits)).toThrow(/source: expected/);
  });

  it('of predicted memory, before decoding', async () => {
    const blind: Codec = { ...jpeg, decode: () => Promise.reject(new Error('not to be called')) };
    const limits = { ...GENEROUS_LIMITS, maxMemoryBytes: 10_000 };
    const render = engineWith({ codecs: [blind] }).render(source, [], { limits });
    expect((await rejection(render)).reason).toBe('too-much-memory');
  });

  it('of time and of callers who give up', async () => {
    const engine = engineWith();
    const late = engine.render(source, [], { deadline: Date.now() - 1 });
    expect((await rejection(late)).code).toBe('Timeout');
    const given = engine.render(source, [], { signal: AbortSignal.abort() });
    expect((await rejection(given)).code).toBe('Aborted');
    const limits = { ...GENEROUS_LIMITS, timeoutMs: -1 };
    expect((await rejection(engine.render(source, [], { limits }))).reason).toBe('timed-out');
  });

  it('of text marks without a rasteriser', async () => {
    const chain = [watermark({ text: { content: 'x' } })];
    expect((await rejection(engineWith().render(source, chain))).code).toBe('NotImplemented');
  });

  it('of codecs that deliver another size or more than they announced', async () => {
    const other: Codec = {
      ...jpeg,
      decode: async (bytes, header, request, context) => {
        const raster = await jpeg.decode!(bytes, header, request, context);
        return { ...raster, width: 59 };
      },
    };
    const error = await rejection(engineWith({ codecs: [other] }).render(source, []));
    expect(error.reason).toBe('prediction-failed');
    const greedy: Codec = {
      ...jpeg,
      decode: (bytes, header, request, context) => {
        context.arena.allocate(100_000);
        return jpeg.decode!(bytes, header, request, context);
      },
    };
    const more = await rejection(engineWith({ codecs: [greedy] }).render(source, []));
    expect([more.code, more.reason]).toEqual(['Internal', 'prediction-failed']);
  });

  it('are none when a codec delivers less: no alpha though its header announced one', async () => {
    const opaque: Codec = {
      ...png,
      decode: async (bytes, header, request, context) => {
        const { alpha: _, ...raster } = await png.decode!(bytes, header, request, context);
        return raster;
      },
    };
    const rgb = rgbRaster(picture);
    const alpha = { ...rgb.planes[0]!, data: new Uint8Array(2400).fill(255) };
    const bytes = encodeRaw({ ...rgb, alpha }, 'png');
    const chain = [resize({ width: 30 }), rotate({ angleDeg: 90 }), format({ format: 'jpeg' })];
    const engine = engineWith({ codecs: [jpeg, opaque] });
    expect(await engine.render(bytes, chain)).toMatchObject({ width: 20, height: 30 });
  });
});

describe('text', () => {
  it('is loaded by the first chain that writes, and by no other', async () => {
    let loaded = 0;
    const engine = engineWith({
      text: () => {
        loaded++;
        return {
          fonts: ['f'],
          measure: () => ({ width: 2, height: 2 }),
          rasterize: () => ({ coverage: new Uint8Array(4), width: 2, height: 2 }),
        };
      },
    });
    await engine.render(source, [resize({ width: 30 })]);
    expect(loaded).toBe(0);
    await engine.render(source, [watermark({ text: { content: 'x' } })]);
    await engine.plan(source, [watermark({ text: { content: 'x' } })]);
    expect(loaded).toBe(2);
  });
});

describe('plan', () => {
  it('tells sizes, memory and cost of headers and of bytes alike', async () => {
    const engine = engineWith();
    const chain = [resize({ width: 30 })];
    const plan = await engine.plan(source, chain);
    expect(plan).toMatchObject({ kind: 'picture', width: 30, height: 20 });
    if (plan.kind !== 'picture') return;
    expect(plan.peakBytes).toBeGreaterThan(plan.arenaBytes);
    expect(plan.costPixels).toBeGreaterThan(60 * 40);
    const again = await engine.plan(engine.readHeader(source), chain);
    expect(again).toMatchObject({ arenaBytes: plan.arenaBytes, costPixels: plan.costPixels });
  });
});
