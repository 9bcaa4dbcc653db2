/**
 * The kernels and codecs for the runtime at hand. With SIMD, everything works in one WebAssembly
 * memory; without it, or when `portable` is asked for, in plain TypeScript. Easily got wrong: modules
 * share the start of that memory, so an arena must leave room for all of them.
 * @module
 */

import { createAvifCodec } from '@safelight/codecs/avif';
import { createBmpCodec } from '@safelight/codecs/bmp';
import { createGifCodec } from '@safelight/codecs/gif';
import { createJpegCodec } from '@safelight/codecs/jpeg';
import {
  createPlanarPngCodec,
  type PngEffort,
  type PngKernels,
  typescriptPngKernels,
} from '@safelight/codecs/png-planar';
import { createPortableDeflater, type Deflater } from '@safelight/codecs/portable-deflater';
import { createTiffCodec } from '@safelight/codecs/tiff';
import type { WasmLoader } from '@safelight/codecs/wasm-loader';
import { createWebpCodec } from '@safelight/codecs/webp';
import {
  type Arena,
  type Codec,
  type Kernels,
  type MemoryKernels,
  typescriptKernels,
} from '@safelight/core';
import {
  createPngTwins,
  createSimdKernels,
  isSimdSupported,
  SIMD_REGION_END,
} from '@safelight/simd';

/** `simd`: WebAssembly twins of the pixel loops; `portable`: plain TypeScript, the same pixels. */
export type KernelSet = 'simd' | 'portable';

/** What `auto` chooses in this runtime. */
export function detectKernelSet(): KernelSet {
  return isSimdSupported() ? 'simd' : 'portable';
}

export interface EngineParts {
  readonly kernelSet: KernelSet;
  readonly kernels: Kernels | MemoryKernels;
  readonly codecs: readonly Codec[];
}

/** What runtimes differ in. */
export interface Platform {
  readonly deflater: Deflater;
  readonly loadWasm: WasmLoader;
  /** PNG of the portable set. @default the codec of the other set, on plain TypeScript */
  readonly loadPortablePng?: () => Promise<Codec>;
  /** Codecs that only this platform brings along. */
  createOwnCodecs(loadWasm: WasmLoader): readonly Codec[];
}

export interface PartOptions {
  readonly kernels: 'auto' | 'portable';
  readonly pngEffort: PngEffort;
  readonly deflate: 'runtime' | 'portable';
  /** @default the platform's */
  readonly loadWasm?: WasmLoader | undefined;
}

export async function chooseParts(platform: Platform, options: PartOptions): Promise<EngineParts> {
  const { pngEffort: effort, loadWasm = platform.loadWasm } = options;
  const isPortable = options.kernels === 'portable' || detectKernelSet() === 'portable';
  const isRuntimes = options.deflate === 'runtime';
  const deflater = isRuntimes ? platform.deflater : createPortableDeflater(platform.deflater);
  const kernelsFor = createPngKernels();
  const planarPng = createPlanarPngCodec({ deflater, effort, kernelsFor });
  const portablePng = isPortable && isRuntimes ? await platform.loadPortablePng?.() : undefined;
  return {
    kernelSet: isPortable ? 'portable' : 'simd',
    // The regions of the JPEG decoder and encoder lie below that of the kernels.
    kernels: isPortable
      ? typescriptKernels
      : { moduleBytes: SIMD_REGION_END, create: createSimdKernels },
    codecs: [
      createJpegCodec({ decoder: isPortable ? 'portable' : 'wasm' }),
      portablePng ?? planarPng,
      // Plain TypeScript in both sets: what these take is the reading of files.
      createBmpCodec(),
      createGifCodec(),
      createTiffCodec({ deflater, kernelsFor }),
      // Third parties' WebAssembly behind containers of ours, not loaded before it is wanted.
      createWebpCodec({ loadWasm, simd: !isPortable }),
      createAvifCodec({ loadWasm }),
      ...platform.createOwnCodecs(loadWasm),
    ],
  };
}

/** One set for each memory, for as long as the memory lives. */
function createPngKernels(): (arena: Arena) => PngKernels {
  const made = new WeakMap<NonNullable<Arena['memory']>, PngKernels>();
  return ({ memory }) => {
    if (memory === undefined) return typescriptPngKernels;
    const kernels = made.get(memory) ?? createPngTwins(memory, typescriptPngKernels);
    made.set(memory, kernels);
    return kernels;
  };
}
