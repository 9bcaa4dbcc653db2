import { createArena, createBudget, GENEROUS_LIMITS } from '@safelight/core';
import { describe, expect, it } from 'vitest';
import { testCodec } from '../../test/codec-suite.ts';
import { decodeWith, outcomeOf, predictedBytes, warmUp } from '../../test/decoding.ts';
import { OPAQUE_HEIC, TRANSPARENT_HEIC } from '../../test/heic-pictures.ts';
import { sizeProperty, writeHeif } from '../../test/heif-writer.ts';
import { printBox } from '../isobmff/boxes.ts';
import { nodeWasmLoader } from '../wasm/node-loader.ts';
import { createHeicCodec } from './codec.ts';

const codec = await warmUp(createHeicCodec({ loadWasm: nodeWasmLoader }), OPAQUE_HEIC);
const size = { width: 64, height: 64, model: 'rgb' } as const;

testCodec(codec, [
  { name: 'an opaque picture', bytes: OPAQUE_HEIC, ...size },
  { name: 'alpha', bytes: TRANSPARENT_HEIC, ...size, hasAlpha: true },
]);

describe('the pixels of a HEIC', () => {
  it('are where they were', () => {
    const [red, green] = decodeWith(codec, OPAQUE_HEIC).raster.planes.map(({ data }) => data);
    const corners = [0, 63, 63 * 64, 64 * 64 - 1];
    // Within 15 levels.
    const near = (value: number): unknown => expect.closeTo(value, -1.5);
    expect(corners.map((at) => red?.[at])).toEqual([0, 255, 0, 255].map(near));
    expect(corners.map((at) => green?.[at])).toEqual([0, 0, 255, 255].map(near));
  });

  it('have alpha of their own', () => {
    const { alpha } = decodeWith(codec, TRANSPARENT_HEIC).raster;
    expect(alpha?.data[63]).toBeLessThan(20);
    expect(alpha?.data[2]).toBeGreaterThan(240);
  });
});

describe('what a HEIC is refused for', () => {
  const still = (config: Uint8Array, type = 'hvc1') =>
    writeHeif({
      brand: 'heic',
      items: [{ type, data: new Uint8Array(9), properties: [1, -2] }],
      properties: [sizeProperty(24, 16), printBox('hvcC', config)],
    });

  it.each([
    ['a configuration that is cut', still(new Uint8Array(22)), 'BadImage/damaged'],
    ['pixels that are none', still(new Uint8Array(23)), 'BadImage/damaged'],
    ['another coding', still(new Uint8Array(23), 'jpeg'), 'UnsupportedFormat/unsupported-kind'],
  ])('%s', (_, bytes, expected) => {
    expect(outcomeOf(codec, bytes)).toBe(expected);
  });

  it('the optional package that is not there, but for its sizes', async () => {
    const absent = createHeicCodec({ loadWasm: () => Promise.reject(new Error('no package')) });
    const header = absent.readHeader(OPAQUE_HEIC, GENEROUS_LIMITS);
    expect([header.width, header.height]).toEqual([64, 64]);
    const arena = createArena();
    arena.reserve(predictedBytes(header));
    const context = { arena, budget: createBudget(1e9), limits: GENEROUS_LIMITS };
    await expect(absent.decode?.(OPAQUE_HEIC, header, {}, context)).rejects.toMatchObject({
      code: 'UnsupportedFormat',
      reason: 'unsupported-kind',
      publicMessage: 'This image format is not supported: HEIC.',
    });
  });
});
