/**
 * Generated pictures as rasters of every model, converted in float64 and rounded once: what a codec
 * would deliver, without one.
 * @module
 */

import type { Plane, Raster } from '@safelight/core';
import type { Picture } from './pictures.ts';

export function rgbRaster(picture: Picture): Raster {
  const { width, height } = picture;
  const planes = [0, 1, 2].map((channel) =>
    makePlane(width, height, 1, 1, (x, y) => sample(picture, x, y, channel)),
  );
  return { width, height, model: 'rgb', planes, metadata: {} };
}

export function grayRaster(picture: Picture): Raster {
  const { width, height } = picture;
  const plane = makePlane(width, height, 1, 1, (x, y) => ycbcrAt(picture, x, y)[0]);
  return { width, height, model: 'gray', planes: [plane], metadata: {} };
}

/** Chroma is the mean under `across` x `down` pixels, edges repeated. */
export function ycbcrRaster(picture: Picture, across: number, down: number): Raster {
  const { width, height } = picture;
  const planes = [0, 1, 2].map((channel) => {
    const [stepX, stepY] = channel === 0 ? [1, 1] : [across, down];
    return makePlane(width, height, stepX, stepY, (x, y) => {
      let sum = 0;
      for (let j = 0; j < stepY; j++) {
        for (let i = 0; i < stepX; i++) {
          const column = Math.min(width - 1, x * stepX + i);
          const row = Math.min(height - 1, y * stepY + j);
          sum += ycbcrAt(picture, column, row)[channel] as number;
        }
      }
      return sum / (stepX * stepY);
    });
  });
  return { width, height, model: 'ycbcr', planes, metadata: {} };
}

/** The samples of a plane without its padding. */
export function planeSamples({ data, width, height, stride }: Plane): Uint8Array {
  const samples = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    samples.set(data.subarray(y * stride, y * stride + width), y * width);
  }
  return samples;
}

function makePlane(
  width: number,
  height: number,
  across: number,
  down: number,
  valueAt: (x: number, y: number) => number,
): Plane {
  const columns = Math.ceil(width / across);
  const rows = Math.ceil(height / down);
  const data = new Uint8Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    // Pure blue has a Cb of 255.5, which would wrap.
    for (let x = 0; x < columns; x++) {
      data[y * columns + x] = Math.min(255, Math.round(valueAt(x, y)));
    }
  }
  const extent = { left: 0, top: 0, width: columns * across, height: rows * down };
  return { data, width: columns, height: rows, stride: columns, extent };
}

/** Full-range BT.601 as JFIF has it. */
function ycbcrAt(picture: Picture, x: number, y: number): readonly [number, number, number] {
  const [red, green, blue] = [0, 1, 2].map((channel) => sample(picture, x, y, channel)) as [
    number,
    number,
    number,
  ];
  const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
  return [luma, 128 + (blue - luma) / 1.772, 128 + (red - luma) / 1.402];
}

function sample({ width, rgb }: Picture, x: number, y: number, channel: number): number {
  return rgb[3 * (y * width + x) + channel] as number;
}
