/**
 * How samples of pictures are deflated: by runs alone where they are like noise, by the runtime's
 * deflate everywhere else.
 * @module
 */

import { type Deflater, settle } from './deflater.ts';
import { isNoise } from './repetitions.ts';
import type { RunKernels } from './run-kernels.ts';
import { planRunStream, type SizedStream } from './run-stream.ts';

/** Above it size is what counts. */
const LAST_FAST_LEVEL = 6;

/**
 * A zlib stream of `bytes`, which must not change before it is written. `level` is that of
 * `Deflater.deflate`.
 */
export function deflateSamples(
  bytes: Uint8Array,
  level: number,
  deflater: Deflater,
  kernels: RunKernels,
): SizedStream | Promise<SizedStream> {
  if (level <= LAST_FAST_LEVEL && isNoise(bytes, kernels)) return planRunStream(bytes, kernels);
  return settle(deflater.deflate(bytes, level), sizedStream);
}

/** A stream that is there already. */
export function sizedStream(bytes: Uint8Array): SizedStream {
  return {
    length: bytes.length,
    writeTo(target, at) {
      target.set(bytes, at);
    },
  };
}
