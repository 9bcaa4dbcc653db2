/**
 * Encoding by our own encoder, of which there are two with the same bytes: WebAssembly where the
 * planes lie in an arena of that kind, plain TypeScript otherwise. It takes planes as they lie, so a picture that keeps its chroma
 * sampling is written without one colour conversion; bringing other planes into such a form is the
 * engine's part, and planes that are not are a bug of the caller.
 * @module
 */

import {
  type Arena,
  arenaBytes,
  assert,
  type EncodePlan,
  type EncodeSettings,
  type Plane,
  type Raster,
} from '@safelight/core';
import {
  createJpegEncoder,
  encodeJpeg as encode,
  type JpegComponent,
  type JpegEncodeOptions,
  jpegScratchBytes,
} from '@safelight/jpeg';
import { iccFits } from '../icc.ts';

/** A raster without its samples. */
type Shape = Pick<Raster, 'width' | 'height'> & { readonly planes: readonly PlaneGrid[] };
type PlaneGrid = Pick<Plane, 'width' | 'height' | 'extent'>;

/** Writes a raster of model `gray` or `ycbcr`: 4:4:4, 4:2:2, 4:2:0, 4:4:0 or 4:1:1. */
export function portableEncode(raster: Raster, settings: EncodeSettings): Uint8Array {
  return encode(optionsOf(raster, settings));
}

/** The same, with scratch from `arena` and in its memory when the planes lie there. */
export function wasmEncode(raster: Raster, settings: EncodeSettings, arena: Arena): Uint8Array {
  const { memory } = arena;
  const liesThere = raster.planes.every(({ data }) => data.buffer === memory?.buffer);
  if (memory === undefined || !liesThere) return portableEncode(raster, settings);
  const options = optionsOf(raster, settings);
  const mark = arena.mark();
  const scratch = arena.allocate(jpegScratchBytes(options));
  const bytes = createJpegEncoder(memory).encode({ ...options, scratch });
  arena.release(mark);
  return bytes;
}

/** What `wasmEncode` takes from the arena. */
export function planWasmEncode(shape: Shape): EncodePlan {
  const { across, down } = chromaStep(shape);
  const { width, height } = shape;
  const components = shape.planes.map((_, index) => samplingOf(index, across, down));
  return { scratchBytes: arenaBytes(jpegScratchBytes({ width, height, components })) };
}

function optionsOf(raster: Raster, settings: EncodeSettings): JpegEncodeOptions {
  const { width, height, planes, metadata } = raster;
  assert(raster.model === 'gray' || raster.model === 'ycbcr', 'JPEG is written as grey or YCbCr');
  assert(raster.alpha === undefined, 'JPEG has no alpha');
  const { across, down } = chromaStep(raster);
  const { icc, density } = metadata;
  return {
    width,
    height,
    components: planes.map((plane, index) => component(plane, index, across, down)),
    qualityPercent: settings.qualityPercent,
    progressive: settings.progressive,
    ...(density !== undefined && density.x > 0 && density.y > 0 && { density }),
    ...(icc !== undefined && iccFits(icc, raster.model) && { icc }),
  };
}

/** Pixels that a chroma sample covers, 1 x 1 when there is none. */
function chromaStep(shape: Shape): { readonly across: number; readonly down: number } {
  const steps = shape.planes.map((plane) => samplingStep(shape, plane));
  const across = steps[1]?.across ?? 1;
  const down = steps[1]?.down ?? 1;
  for (const [index, step] of steps.entries()) {
    const isLuma = index === 0;
    assert(step.across === (isLuma ? 1 : across), 'luma is whole and both chroma planes are alike');
    assert(step.down === (isLuma ? 1 : down), 'luma is whole and both chroma planes are alike');
  }
  return { across, down };
}

function component(plane: Plane, index: number, across: number, down: number): JpegComponent {
  return {
    data: plane.data,
    width: plane.width,
    height: plane.height,
    stride: plane.stride,
    ...samplingOf(index, across, down),
  };
}

function samplingOf(
  index: number,
  across: number,
  down: number,
): Pick<JpegComponent, 'horizontalSampling' | 'verticalSampling'> {
  return {
    horizontalSampling: factor(index === 0 ? across : 1),
    verticalSampling: factor(index === 0 ? down : 1),
  };
}

/** Pixels that one sample covers; asserts that the plane is a sampling grid of the raster. */
function samplingStep(raster: Shape, plane: PlaneGrid): { across: number; down: number } {
  const { extent } = plane;
  const across = extent.width / plane.width;
  const down = extent.height / plane.height;
  assert(extent.left === 0 && extent.top === 0, 'planes begin at the corner of the raster');
  assert(plane.width === Math.ceil(raster.width / across), 'planes cover the width of the raster');
  assert(plane.height === Math.ceil(raster.height / down), 'planes cover its height');
  return { across, down };
}

function factor(step: number): 1 | 2 | 4 {
  assert(step === 1 || step === 2 || step === 4, `a sample covers 1, 2 or 4 pixels, not ${step}`);
  return step;
}
