/**
 * The committed bytes keep the rules for two modules over one memory, and are what assembly/ compiles to.
 * @module
 */

import { readFileSync } from 'node:fs';
import { typescriptKernels } from '@safelight/core';
import { expect, it } from 'vitest';

import { buildSimd } from '../scripts/build-wasm.mjs';
import { SIMD_REGION_BEGIN, SIMD_REGION_END, TABLE_BEGIN } from './memory-map.ts';
import { instantiateSimd, simdBytes } from './simd-module.ts';

const module = new WebAssembly.Module(simdBytes());

it('the module is what assembly/ compiles to', async () => {
  const path = new URL('generated/simd-wasm.ts', import.meta.url);
  expect(readFileSync(path, 'utf8')).toBe(await buildSimd());
}, 180_000);

it('imports the memory and nothing else', () => {
  const imports = WebAssembly.Module.imports(module);
  expect(imports).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
});

it('exports the twins and the memory it was given: no allocator, no global', () => {
  const exports = WebAssembly.Module.exports(module);
  const functions = exports.filter(({ kind }) => kind === 'function').map(({ name }) => name);
  expect(exports.filter(({ kind }) => kind !== 'function')).toEqual([
    { name: 'memory', kind: 'memory' },
  ]);
  const portable = new Set(['name', 'fill', 'mapSamples', 'warp', 'warpCoverage']);
  const twins = Object.keys(typescriptKernels).filter((name) => !portable.has(name));
  const loopsOfPng = ['filterRow', 'sumResiduals', 'unfilterRows'];
  const loopsOfRuns = ['adler32', 'countRuns', 'writeRuns'];
  expect(functions.toSorted()).toEqual([...twins, ...loopsOfPng, ...loopsOfRuns].toSorted());
});

it('has types, imports, functions, exports and code: no data, no globals, no start', () => {
  const names = ['custom', 'type', 'import', 'function', 'table', 'memory', 'global', 'export'];
  const later = ['start', 'element', 'code', 'data', 'data count'];
  const sections = sectionIds(simdBytes()).map((id) => [...names, ...later][id]);
  expect(sections).toEqual(['type', 'import', 'function', 'export', 'code']);
});

it('changes no byte of the memory when it is instantiated', () => {
  const memory = new WebAssembly.Memory({ initial: SIMD_REGION_END / 65536 + 1 });
  const bytes = Buffer.from(memory.buffer).fill(0xa5);
  instantiateSimd(memory);
  expect(bytes.every((byte) => byte === 0xa5)).toBe(true);
});

it('has one map of the memory in three places', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  expect(read('../assembly/memory-map.ts')).toContain('REST: usize = 4 << 20;');
  expect(read('../scripts/build-wasm.mjs')).toContain('MEMORY_BASE = 4 << 20;');
  expect(read('../scripts/build-wasm.mjs')).toContain('(6 << 20) / 65536;');
  expect([SIMD_REGION_BEGIN, SIMD_REGION_END]).toEqual([4 << 20, 6 << 20]);
  expect(TABLE_BEGIN).toBe(SIMD_REGION_BEGIN + 64);
});

/** Section ids of a binary, in order: after 8 bytes an id, a LEB128 size and that many bytes each. */
function sectionIds(bytes: Uint8Array): number[] {
  const ids: number[] = [];
  let at = 8;
  while (at < bytes.length) {
    ids.push(bytes[at++]);
    let size = 0;
    let shift = 0;
    do {
      size |= (bytes[at] & 127) << shift;
      shift += 7;
    } while (bytes[at++] & 128);
    at += size;
  }
  return ids;
}
