/**
 * Another level for each level, the same in red, green and blue; alpha stays. YCbCr becomes RGB
 * first: what is clipped in luma and chroma is another colour than what is clipped in RGB.
 * @module
 */

import { inPlace, type Operation, type Requirement } from './operation.ts';
import type { RasterShape } from './shape.ts';

/** `levelOf` is rounded half up and clipped to 0..255. */
export function createLevels(name: string, levelOf: (level: number) => number): Operation {
  const table = Uint8Array.from({ length: 256 }, (_, level) =>
    Math.min(255, Math.max(0, Math.floor(levelOf(level) + 0.5))),
  );
  return {
    name,
    changesColors: true,
    requires: lightRequirements,
    effect: (shape) => inPlace(shape, 0, shape.planes.length * shape.width * shape.height),
    run(raster, { kernels }) {
      for (const { data, stride, width, height } of raster.planes) {
        kernels.mapSamples(data, stride, width, height, table);
      }
      return raster;
    },
  };
}

function lightRequirements({ model }: RasterShape): readonly Requirement[] {
  return model === 'ycbcr' ? ['full-grid', 'rgb'] : [];
}
