/**
 * Straight RGBA samples without a header as a codec of the engine, so that P7 runs like any
 * picture. Taking the channels apart and putting them together again is part of the job and is
 * timed.
 * @module
 */

import type { Codec, Plane, Raster } from 'safelight';
import type { Size } from '../job.ts';

const CHANNELS = 4;
/** Of the arena's allocations, in bytes. */
const ALIGNMENT = 16;

/** It takes whatever bytes it is given: only for an engine that sees nothing else. */
export function createRawRgbaCodec({ width, height }: Size): Codec {
  const extent = { left: 0, top: 0, width, height };
  return {
    // The language has no name for raw samples; BMP is the nearest to them.
    format: 'bmp',
    sniff: () => true,
    readHeader: () => ({
      format: 'bmp',
      width,
      height,
      frames: 1,
      model: 'rgb',
      hasAlpha: true,
      bitDepth: 8,
      orientation: 1,
      hasIcc: false,
      decoderBytes: 0,
    }),
    planDecode() {
      const plane = { width, height, extent };
      const planeBytes = CHANNELS * ALIGNMENT * Math.ceil((width * height) / ALIGNMENT);
      return { planes: [plane, plane, plane], planeBytes, scratchBytes: planeBytes };
    },
    decode(bytes, _header, _request, { arena, kernels }) {
      if (kernels === undefined) throw new Error('this codec is for an engine');
      const targets = [0, 1, 2, 3].map(() => arena.allocate(width * height));
      const mark = arena.mark();
      // The loops work on planes of the arena: one copy is cheaper than going without them.
      const pixels = arena.allocate(CHANNELS * width * height);
      pixels.set(bytes.subarray(0, pixels.length));
      const [red, green, blue, alpha] = targets.map((data, channel): Plane => {
        const stride = CHANNELS * width;
        kernels.deinterleave(pixels, stride, CHANNELS, channel, data, width, width, height);
        return { data, width, height, stride: width, extent };
      }) as [Plane, Plane, Plane, Plane];
      arena.release(mark);
      return { width, height, model: 'rgb', planes: [red, green, blue], alpha, metadata: {} };
    },
    encode: interleave,
    encodes: { models: ['rgb'], alpha: true },
  };
}

function interleave({ width, height, planes, alpha }: Raster): Uint8Array {
  const target = new Uint8Array(CHANNELS * width * height).fill(255);
  const channels = alpha === undefined ? planes : [...planes, alpha];
  for (const [channel, { data, stride }] of channels.entries()) {
    for (let y = 0; y < height; y++) {
      let at = CHANNELS * y * width + channel;
      const start = y * stride;
      for (let i = start; i < start + width; i++, at += CHANNELS) target[at] = data[i] as number;
    }
  }
  return target;
}
