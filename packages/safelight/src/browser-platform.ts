/**
 * What the engine takes from browsers and workers: compression streams and files that a bundler put
 * somewhere. HEIC is left to the user, since a bundler cannot leave out a package that is not there.
 * @module
 */

import { bundledWasmLoader } from '@safelight/codecs/bundled-loader';
import { webDeflater } from '@safelight/codecs/web-deflater';
import type { Platform } from './parts.ts';

export const browserPlatform: Platform = {
  deflater: webDeflater,
  loadWasm: bundledWasmLoader,
  createOwnCodecs: () => [],
};
