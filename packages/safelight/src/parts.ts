/**
 * The kernels and codecs for the runtime at hand. With SIMD, everything works in one WebAssembly
 * memory; without it, or when `portable` is asked for, in plain TypeScript. Easily got wrong: modules
 * share the start of that memory, so an arena must leave room for all of them.
 * @module
 */

import {
  createAvifCodec,
  createBmpCodec,
  createGifCodec,
  createHeicCodec,
  createJpegCodec,
  createPlanarPngCodec,
  createTiffCodec,
  createWebpCodec,
  nodeDeflater,
  nodeWasmLoader,
  type PngEffort,
  type PngKernels,
  typescriptPngKernels,
} from '@safelight/codecs';
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

/** What is not chosen is not loaded: pngjs alone would take a fifth of a first start. */
export async function chooseParts(
  wanted: 'auto' | 'portable',
  pngEffort: PngEffort,
): Promise<EngineParts> {
  if (wanted === 'portable' || detectKernelSet() === 'portable') {
    const { createPngCodec } = await import('@safelight/codecs/png');
    return {
      kernelSet: 'portable',
      kernels: typescriptKernels,
      codecs: [createJpegCodec(), createPngCodec(), ...plainCodecs(), ...guestCodecs(false)],
    };
  }
  return {
    kernelSet: 'simd',
    // The regions of the JPEG decoder and encoder lie below that of the kernels.
    kernels: { moduleBytes: SIMD_REGION_END, create: createSimdKernels },
    codecs: [
      createJpegCodec({ decoder: 'wasm' }),
      createPlanarPngCodec({
        deflater: nodeDeflater,
        effort: pngEffort,
        kernelsFor: createPngKernels(),
      }),
      ...plainCodecs(),
      ...guestCodecs(true),
    ],
  };
}

/** Plain TypeScript in both sets: what these take is the reading of files. */
function plainCodecs(): Codec[] {
  return [createBmpCodec(), createGifCodec(), createTiffCodec({ deflater: nodeDeflater })];
}

/** Third parties' WebAssembly behind containers of ours; none of it is loaded before it is wanted. */
function guestCodecs(simd: boolean): Codec[] {
  return [
    createWebpCodec({ loadWasm: nodeWasmLoader, simd }),
    createAvifCodec({ loadWasm: nodeWasmLoader }),
    createHeicCodec({ loadWasm: nodeWasmLoader }),
  ];
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
