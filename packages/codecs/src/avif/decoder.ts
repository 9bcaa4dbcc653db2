/**
 * One coded picture through libavif, which gets a file put together anew and never sees grids, alpha
 * or turns: those are ours.
 * @module
 */

import type { HeifTile } from '../isobmff/picture.ts';
import { printStillFile } from '../isobmff/still.ts';
import { createGuest, type Glue, type Guest, withImageData } from '../wasm/guest.ts';
import type { RgbaPicture } from '../wasm/interleaved.ts';
import type { WasmLoader } from '../wasm/loader.ts';
import { decoded } from '../wasm/refused.ts';
import { decoderMemoryBytes, readAvifConfig } from './config.ts';

/** What the module of libavif offers. */
interface AvifDecoderInstance {
  decode(file: Uint8Array, bitDepth: 8): RgbaPicture | null;
}

export type AvifDecoder = Guest<AvifDecoderInstance>;

export function createAvifDecoder(load: WasmLoader): AvifDecoder {
  return createGuest(async () => {
    const [module, { default: glue }] = await Promise.all([
      load('avif-decoder'),
      import('@jsquash/avif/codec/dec/avif_dec.js'),
    ]);
    return { module, glue: glue as unknown as Glue };
  });
}

/** Decodes a tile and goes on with its samples: at once when the decoder has been loaded. */
export function decodeAvifTile<Result>(
  decoder: AvifDecoder,
  tile: HeifTile,
  next: (rgba: RgbaPicture) => Result,
): Result | Promise<Result> {
  const { bitDepth, isGray } = readAvifConfig(tile);
  const file = printStillFile(tile, {
    brands: ['avif', 'mif1', 'miaf'],
    config: 'av1C',
    depths: isGray ? [bitDepth] : [bitDepth, bitDepth, bitDepth],
  });
  const run = () =>
    decoder.run(decoderMemoryBytes(tile), (instance) => {
      const rgba = withImageData(() => instance.decode(file, 8));
      if (rgba?.width !== tile.width || rgba.height !== tile.height) {
        throw new Error(`expected ${tile.width}x${tile.height}, got ${rgba?.width}`);
      }
      return rgba;
    });
  return decoded('avif', run, next);
}
