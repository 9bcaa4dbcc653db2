/**
 * The encoder's binary keeps the rules of modules that share a memory, and is what its sources compile
 * to; its region keeps clear of the decoder's.
 * @module
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

import { sectionsOf } from '../../test/wasm-sections.ts';
import { REGION_END as DECODER_END } from '../decode/memory-map.ts';
import { createJpegEncoder } from './encoder.ts';
import * as map from './memory-map.ts';
import { encoderBytes } from './module.ts';

describe('the WebAssembly module', () => {
  const module = new WebAssembly.Module(encoderBytes());

  it('imports the memory and nothing else', () => {
    expect(WebAssembly.Module.imports(module)).toEqual([
      { module: 'env', name: 'memory', kind: 'memory' },
    ]);
  });

  it('has neither data, tables nor a start function that could overwrite what others keep', () => {
    const sections = sectionsOf(encoderBytes());
    expect([...sections.keys()]).toEqual(expect.arrayContaining([1, 2, 3, 7, 10]));
    // 8 start, 9 elements, 11 data, 12 data count.
    for (const id of [8, 9, 11]) expect(sections.has(id)).toBe(false);
    expect(sections.get(12) ?? Uint8Array.of(0)).toEqual(Uint8Array.of(0));
  });

  it('has no allocator: what it exports is its work, and the memory keeps its size', () => {
    const names = WebAssembly.Module.exports(module).map(({ name }) => name);
    expect(names.filter((name) => /^__|alloc|new|pin/.test(name))).toEqual([]);
    const memory = new WebAssembly.Memory({ initial: map.REGION_END / 65_536 });
    const instance = new WebAssembly.Instance(module, { env: { memory } });
    expect(instance.exports['memory']).toBe(memory);
    expect(memory.buffer.byteLength).toBe(map.REGION_END);
    expect(new Uint8Array(memory.buffer).every((byte) => byte === 0)).toBe(true);
  });

  it('is what assembly/encode/ compiles to', async () => {
    const committed = await readFile(
      new URL('../generated/encoder-wasm.ts', import.meta.url),
      'utf8',
    );
    const script = fileURLToPath(new URL('../../scripts/build-wasm.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--print', 'encoder']);
    expect(stdout).toBe(committed);
  });
});

describe('the memory map', () => {
  it('has its parts side by side within the region, behind the decoder and below 4 MiB', () => {
    const parts = [
      [map.REGION_START, 0],
      [map.COMPONENTS, 3 * map.COMPONENT_BYTES],
      [map.DC_FREQUENCIES, 2 * map.FREQUENCY_BYTES],
      [map.AC_FREQUENCIES, 3 * map.FREQUENCY_BYTES],
      [map.CODES, 4 * map.CODES_BYTES],
      [map.DIVISORS, 2 * map.DIVISORS_BYTES],
      [map.WEIGHTS, 10 * 16],
      [map.BLOCK, 128],
      [map.EDGE, 64],
      [map.CORRECTIONS, map.MAX_CORRECTIONS + 64],
      [map.WINDOW, map.WINDOW_BYTES],
      [map.REGION_END, 0],
    ] as const;
    parts.slice(1).forEach(([start], i) => {
      expect(start).toBeGreaterThanOrEqual(parts[i][0] + parts[i][1]);
    });
    expect(map.REGION_START).toBeGreaterThanOrEqual(DECODER_END);
    // `@safelight/simd` begins there.
    expect(map.REGION_END).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(map.REGION_END % 65_536).toBe(0);
  });

  it('leaves a margin for the greatest MCU, all of whose bytes are stuffed', () => {
    expect(map.MARGIN_BYTES).toBeGreaterThan(2 * ((10 * 64 * 27) / 8 + 8) + 2);
    expect(map.MARGIN_BYTES).toBeLessThan(map.WINDOW_BYTES / 2);
  });
});

describe('createJpegEncoder', () => {
  const memory = new WebAssembly.Memory({ initial: map.REGION_END / 65_536 + 1 });
  const encoder = createJpegEncoder(memory);
  const view = (offset: number, length: number): Uint8Array =>
    new Uint8Array(memory.buffer, map.REGION_END + offset, length);
  const grey = (data: Uint8Array) => ({
    width: 8,
    height: 8,
    qualityPercent: 75,
    components: [
      { data, width: 8, height: 8, stride: 8, horizontalSampling: 1, verticalSampling: 1 } as const,
    ],
  });

  it('is made once for each memory, which must hold its region', () => {
    expect(createJpegEncoder(memory)).toBe(encoder);
    const small = new WebAssembly.Memory({ initial: map.REGION_END / 65_536 - 1 });
    expect(() => createJpegEncoder(small)).toThrow(/^memory: expected at least/);
  });

  it('refuses planes and scratch that are not where they must be', () => {
    const options = grey(view(0, 64));
    const scratch = view(64, encoder.scratchBytes(options));
    expect(scratch.length).toBe(138);
    expect(encoder.encode({ ...options, scratch }).length).toBeGreaterThan(100);
    const faults: readonly (readonly [string, Uint8Array, Uint8Array])[] = [
      ['components[0].data: expected a view', new Uint8Array(64), scratch],
      ['scratch: expected a view', view(0, 64), new Uint8Array(138)],
      [
        'scratch: expected a view',
        view(0, 64),
        new Uint8Array(memory.buffer, map.REGION_END - 16, 138),
      ],
      ['scratch: expected 138 bytes, got 137', view(0, 64), view(64, 137)],
      ['scratch: expected an offset that 16 divides', view(0, 64), view(72, 138)],
    ];
    for (const [message, data, given] of faults) {
      expect(() => encoder.encode({ ...grey(data), scratch: given })).toThrow(RangeError);
      expect(() => encoder.encode({ ...grey(data), scratch: given })).toThrow(message);
    }
    expect(() => encoder.encode({ ...options, width: 0, scratch })).toThrow(/^width: expected/);
  });
});
