/**
 * Straight RGBA samples without a header as a codec of the engine, so that P7 runs like any
 * picture. Taking the channels apart and putting them together again is part of the job and is
 * timed.
 * @module
 */

import type { Codec, CodecContext, Plane, Raster } from 'safelight';
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
    planDecode(_header, { interleaved = false }) {
      const plane = { width, height, extent };
      const planes = [plane, plane, plane];
      // Interleaved samples stay where they are: in the source.
      if (interleaved) return { planes, planeBytes: 0, scratchBytes: 0, step: CHANNELS };
      const planeBytes = CHANNELS * aligned(width * height);
      return { planes, planeBytes, scratchBytes: planeBytes };
    },
    decode(bytes, _header, { interleaved = false }, { arena, kernels }) {
      if (kernels === undefined) throw new Error('this codec is for an engine');
      const stride = CHANNELS * width;
      const datas = interleaved ? [] : [0, 1, 2, 3].map(() => arena.allocate(width * height));
      const mark = arena.mark();
      // The loops work in the arena: one copy is cheaper than going without them.
      const pixels = interleaved ? bytes : arena.allocate(CHANNELS * width * height);
      if (!interleaved) pixels.set(bytes.subarray(0, pixels.length));
      const planeOf = (channel: number): Plane => {
        const shape = { width, height, extent };
        const step = CHANNELS;
        const data = datas[channel];
        if (data === undefined) return { ...shape, data: pixels.subarray(channel), stride, step };
        kernels.deinterleave(pixels, stride, CHANNELS, channel, data, width, width, height);
        return { ...shape, data, stride: width };
      };
      const planes = [0, 1, 2].map(planeOf);
      const alpha = planeOf(3);
      arena.release(mark);
      return { width, height, model: 'rgb', planes, alpha, metadata: {} };
    },
    planEncode: (shape) => ({ scratchBytes: aligned(CHANNELS * shape.width * shape.height) }),
    encode: interleave,
    encodes: { models: ['rgb'], alpha: true },
  };
}

/** In the arena, where the loops work, and then out of it. */
function interleave(
  { width, height, planes, alpha }: Raster,
  _settings: unknown,
  { arena, kernels }: CodecContext,
): Uint8Array {
  if (kernels === undefined) throw new Error('this codec is for an engine');
  const mark = arena.mark();
  const pixels = arena.allocate(CHANNELS * width * height);
  if (alpha === undefined) pixels.fill(255);
  const stride = CHANNELS * width;
  const channels = alpha === undefined ? planes : [...planes, alpha];
  for (const [channel, plane] of channels.entries()) {
    const { data } = plane;
    kernels.interleave(data, plane.stride, pixels, stride, CHANNELS, channel, width, height);
  }
  const result = pixels.slice();
  arena.release(mark);
  return result;
}

function aligned(bytes: number): number {
  return ALIGNMENT * Math.ceil(bytes / ALIGNMENT);
}
