/**
 * The JPEG codec behind the engine's interface: our own decoder and encoder, and jpeg-js where
 * WebAssembly is missing. Neutral to the runtime, like everything in this folder.
 * @module
 */

import type { Codec } from '@safelight/core';
import { isJpeg } from '../sniff.ts';
import { portableDecode } from './decode.ts';
import { planWasmEncode, portableEncode, wasmEncode } from './encode.ts';
import type { DecoderKind } from './frame.ts';
import { readJpegHeader } from './header.ts';
import { readStructure } from './structure.ts';
import { planWasmDecode, wasmDecode } from './wasm-decode.ts';

/** Longest side the format can name. */
const MAX_SIDE = 65_535;

export interface JpegCodecOptions {
  /**
   * `wasm` is our own decoder: it needs arenas in a WebAssembly memory, decodes at N/8 and regions.
   * `portable` is jpeg-js, which needs neither and does neither, and makes RGB of inks. Encoding follows: with `wasm` it is
   * done in the arena's memory, with the same bytes as by the plain encoder of `portable`.
   * @default 'portable'
   */
  readonly decoder?: DecoderKind;
}

/**
 * Reads baseline, extended and progressive pictures of 8 bits: grey, YCbCr and RGB in every sampling,
 * CMYK and YCCK. Writes grey and YCbCr.
 */
export function createJpegCodec({ decoder = 'portable' }: JpegCodecOptions = {}): Codec {
  return {
    format: 'jpeg',
    sniff: isJpeg,
    readHeader: (bytes, limits) => readJpegHeader(bytes, limits, decoder),
    ...(decoder === 'wasm' && { planDecode: planWasmDecode }),
    decode(bytes, header, request, context) {
      if (decoder === 'wasm') return wasmDecode(bytes, header, request, context);
      return portableDecode(bytes, readStructure(bytes, context.limits, decoder), context);
    },
    ...(decoder === 'wasm' && { planEncode: planWasmEncode }),
    encode: (raster, settings, { arena }) =>
      decoder === 'wasm' ? wasmEncode(raster, settings, arena) : portableEncode(raster, settings),
    encodes: { models: ['ycbcr', 'gray'], alpha: false },
    maxEncodeSide: MAX_SIDE,
  };
}
