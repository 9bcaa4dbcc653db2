/**
 * What the engine takes from Node: zlib, files of installed packages, and HEIC where its package is.
 * @module
 */

import { createHeicCodec, nodeDeflater, nodeWasmLoader } from '@safelight/codecs';
import type { Platform } from './parts.ts';

export const nodePlatform: Platform = {
  deflater: nodeDeflater,
  loadWasm: nodeWasmLoader,
  /** Loaded only when it is chosen: pngjs alone would take a fifth of a first start. */
  async loadPortablePng() {
    const { createPngCodec } = await import('@safelight/codecs/png');
    return createPngCodec();
  },
  createOwnCodecs: (loadWasm) => [createHeicCodec({ loadWasm })],
};
