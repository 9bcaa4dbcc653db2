/**
 * WebAssembly of third-party codecs on Node: read from the packages, wherever they are installed.
 * @module
 */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { WASM_FILES, type WasmLoader } from './loader.ts';

export const nodeWasmLoader: WasmLoader = async (part) => {
  const path = createRequire(import.meta.url).resolve(WASM_FILES[part]);
  return WebAssembly.compile(await readFile(path));
};
