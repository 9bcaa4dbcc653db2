/**
 * The binary keeps the rules of modules that share a memory, and is what its sources compile to.
 * @module
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

import { sectionsOf } from '../../test/wasm-sections.ts';
import { decoderBytes } from './module.ts';
import * as map from './memory-map.ts';

describe('the WebAssembly module', () => {
  const module = new WebAssembly.Module(decoderBytes());

  it('imports the memory and nothing else', () => {
    expect(WebAssembly.Module.imports(module)).toEqual([
      { module: 'env', name: 'memory', kind: 'memory' },
    ]);
  });

  it('has neither data, tables nor a start function that could overwrite what others keep', () => {
    const sections = sectionsOf(decoderBytes());
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

  it('is what assembly/ compiles to', async () => {
    const committed = await readFile(
      new URL('../generated/decoder-wasm.ts', import.meta.url),
      'utf8',
    );
    const script = fileURLToPath(new URL('../../scripts/build-wasm.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--print', 'decoder']);
    expect(stdout).toBe(committed);
  });
});

describe('the memory map', () => {
  it('has its parts side by side within the region', () => {
    const parts = [
      [map.MCU_BLOCKS, 64 * map.MCU_BLOCK_BYTES],
      [map.COMPONENTS, 4 * map.COMPONENT_BYTES],
      [map.POSITIONS, 256],
      [map.LOW_POSITIONS, 256],
      [map.WEIGHTS, 9 * map.WEIGHTS_BYTES],
      [map.BLOCK, map.DUMMY_POSITION + 2],
      [map.QUANTIZATION_TABLES, 4 * map.QUANTIZATION_TABLE_BYTES],
      [map.TABLE_INPUT, 16 + 256],
      [map.INPUT, map.INPUT_BYTES + 64],
      [map.BITS_BOTTOM, map.BITS_TOP - map.BITS_BOTTOM],
      [map.SLOTS, map.SLOT_COUNT * map.SLOT_BYTES],
      [map.REGION_END, 0],
    ] as const;
    expect(parts[0][0]).toBeGreaterThanOrEqual(map.REGION_START);
    parts.slice(1).forEach(([start], i) => {
      expect(start).toBeGreaterThanOrEqual(parts[i][0] + parts[i][1]);
    });
  });

  it('gives each part of a slot its room', () => {
    const entries = 2 ** map.LOOKUP_BITS;
    expect(map.SKIP).toBe(map.MAIN + 4 * entries);
    expect(map.SYMBOLS).toBe(map.SKIP + 2 * 2 ** map.SKIP_BITS);
    expect(map.SKIP_BITS).toBeGreaterThanOrEqual(map.LOOKUP_BITS);
    expect(map.LONG_CODES).toBe(map.SYMBOLS + 2 * entries);
    expect(map.SLOT_BYTES).toBeGreaterThanOrEqual(map.LONG_CODES + 512);
    expect(map.SLOT_COUNT).toBeGreaterThanOrEqual(8);
  });
});
