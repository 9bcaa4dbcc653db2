/**
 * One coded picture through libwebp. It never sees a file as it came, but a container put together
 * anew from the checked bitstream: no metadata, no animation, nothing behind the end.
 * @module
 */

import { createGuest, type Glue, type Guest, withImageData } from '../wasm/guest.ts';
import type { RgbaPicture } from '../wasm/interleaved.ts';
import type { WasmLoader } from '../wasm/loader.ts';
import { decoded } from '../wasm/refused.ts';
import type { WebpPicture } from './bitstream.ts';
import { decoderMemoryBytes } from './measure.ts';
import { printStill } from './mux.ts';

/** What the module of libwebp offers. */
interface WebpDecoderInstance {
  decode(file: Uint8Array): RgbaPicture | null;
}

export type WebpDecoder = Guest<WebpDecoderInstance>;

export function createWebpDecoder(load: WasmLoader): WebpDecoder {
  return createGuest(async () => {
    const [module, { default: glue }] = await Promise.all([
      load('webp-decoder'),
      import('@jsquash/webp/codec/dec/webp_dec.js'),
    ]);
    return { module, glue: glue as unknown as Glue };
  });
}

/** Decodes a picture and goes on with its samples: at once when the decoder has been loaded. */
export function decodePicture<Result>(
  decoder: WebpDecoder,
  picture: WebpPicture,
  next: (rgba: RgbaPicture) => Result,
): Result | Promise<Result> {
  const file = printStill(picture);
  const run = () =>
    decoder.run(decoderMemoryBytes(picture), (instance) => {
      const rgba = withImageData(() => instance.decode(file));
      if (rgba?.width !== picture.width || rgba.height !== picture.height) {
        throw new Error(`expected ${picture.width}x${picture.height}, got ${rgba?.width}`);
      }
      return rgba;
    });
  return decoded('webp', run, next);
}
