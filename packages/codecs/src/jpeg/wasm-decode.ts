/**
 * Decoding by our own codec: planes land in the arena's WebAssembly memory at the sampling, scale and
 * region that are wanted. Grey and regular YCbCr or RGB only; four components and odd samplings go to
 * `decode.ts`. The raster keeps the picture's size: extents tell what the samples cover.
 * @module
 */

import {
  assert,
  type CodecContext,
  type DecodeRequest,
  type DecodeShape,
  arenaBytes,
  type ImageHeader,
  type Plane,
  type Raster,
} from '@safelight/core';
import {
  createJpegDecoder,
  type JpegDecodePlan,
  type JpegLayout,
  planJpegDecode,
  readJpegLayout,
} from '@safelight/jpeg';
import { deliveredModel, metadataOf } from './header.ts';
import type { JpegStructure } from './structure.ts';

/** Sizes of a decode, from what the header says; nothing for what the portable decoder does. */
export function planWasmDecode(
  header: ImageHeader,
  request: DecodeRequest,
): DecodeShape | undefined {
  // The portable decoder is the one that takes memory of its own: see `readJpegHeader`.
  if (header.decoderBytes > 0) return undefined;
  return shapeOfPlan(planJpegDecode(layoutOfHeader(header), request));
}

/** Decodes into planes of `context.arena`, whose memory must be a WebAssembly one. */
export function wasmDecode(
  bytes: Uint8Array,
  structure: JpegStructure,
  request: DecodeRequest,
  context: CodecContext,
): Raster {
  const { arena, limits } = context;
  assert(arena.memory !== undefined, 'the arena lies in a WebAssembly memory');
  const plan = planJpegDecode(readJpegLayout(bytes), request);
  const targets = plan.planes.map(({ rowBytes, rows }) => ({
    data: arena.allocate(rowBytes * rows),
    stride: rowBytes,
  }));
  const mark = arena.mark();
  createJpegDecoder(arena.memory).decode(
    bytes,
    plan,
    { planes: targets, coefficients: arena.allocate(plan.coefficientBytes) },
    { maxScans: limits.maxScans },
  );
  arena.release(mark);
  const planes = plan.planes.map(({ width, height, extent }, index): Plane => {
    const { data, stride } = targets[index];
    return { data, width, height, stride, extent };
  });
  const { width, height } = structure.frame;
  const model = deliveredModel(structure);
  return { width, height, model, planes, metadata: metadataOf(structure) };
}

/** As far as sizes depend on it: which component is called what does not matter to them. */
function layoutOfHeader({ width, height, progressive, sampling, model }: ImageHeader): JpegLayout {
  const one = { horizontal: 1, vertical: 1 };
  const factors = sampling ?? (model === 'gray' ? [one] : [one, one, one]);
  return {
    width,
    height,
    progressive: progressive ?? false,
    adobeTransform: undefined,
    components: factors.map(({ horizontal, vertical }, id) => ({
      id,
      horizontalSampling: horizontal,
      verticalSampling: vertical,
      quantization: 0,
    })),
  };
}

function shapeOfPlan({ planes, coefficientBytes }: JpegDecodePlan): DecodeShape {
  return {
    planes: planes.map(({ width, height, extent }) => ({ width, height, extent })),
    planeBytes: planes.reduce((sum, { rowBytes, rows }) => sum + arenaBytes(rowBytes * rows), 0),
    scratchBytes: arenaBytes(coefficientBytes),
  };
}
