/**
 * Encoding by our own encoder. It takes planes as they lie, so a picture that keeps its chroma
 * sampling is written without one colour conversion; bringing other planes into such a form is the
 * engine's part, and planes that are not are a bug of the caller.
 * @module
 */

import { assert, type EncodeSettings, type Plane, type Raster } from '@safelight/core';
import { encodeJpeg as encode, type JpegComponent } from '@safelight/jpeg';
import { iccFits } from '../icc.ts';

/** Writes a raster of model `gray` or `ycbcr`: 4:4:4, 4:2:2, 4:2:0, 4:4:0 or 4:1:1. */
export function encodeJpeg(raster: Raster, settings: EncodeSettings): Uint8Array {
  const { width, height, planes, metadata } = raster;
  assert(raster.model === 'gray' || raster.model === 'ycbcr', 'JPEG is written as grey or YCbCr');
  assert(raster.alpha === undefined, 'JPEG has no alpha');
  const steps = planes.map((plane) => samplingStep(raster, plane));
  const across = steps[1]?.across ?? 1;
  const down = steps[1]?.down ?? 1;
  for (const [index, step] of steps.entries()) {
    const isLuma = index === 0;
    assert(step.across === (isLuma ? 1 : across), 'luma is whole and both chroma planes are alike');
    assert(step.down === (isLuma ? 1 : down), 'luma is whole and both chroma planes are alike');
  }
  const { icc, density } = metadata;
  return encode({
    width,
    height,
    components: planes.map((plane, index) => component(plane, index, across, down)),
    qualityPercent: settings.qualityPercent,
    progressive: settings.progressive,
    ...(density !== undefined && density.x > 0 && density.y > 0 && { density }),
    ...(icc !== undefined && iccFits(icc, raster.model) && { icc }),
  });
}

function component(plane: Plane, index: number, across: number, down: number): JpegComponent {
  return {
    data: plane.data,
    width: plane.width,
    height: plane.height,
    stride: plane.stride,
    horizontalSampling: factor(index === 0 ? across : 1),
    verticalSampling: factor(index === 0 ? down : 1),
  };
}

/** Pixels that one sample covers; asserts that the plane is a sampling grid of the raster. */
function samplingStep(raster: Raster, plane: Plane): { across: number; down: number } {
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
