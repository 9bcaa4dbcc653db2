/**
 * The operation that brings a picture's own colours to sRGB, in place. Where it stands in a chain is
 * decided in `measure.ts`.
 * @module
 */

import { mapByGrid, mapByMatrix } from '../kernels/color-map.ts';
import { inPlace, type Operation, planeAt } from '../operation.ts';
import type { Raster } from '../raster.ts';
import { type RasterShape, sampleCount } from '../shape.ts';
import type { TableCache } from '../table-cache.ts';
import type { ColorConversion } from './conversion.ts';

/** Takes grey, RGB with one sample a pixel, or inks with one sample a pixel, as `conversion` does. */
export function createToSrgb(conversion: ColorConversion): Operation {
  const isColor = conversion.kind !== 'levels';
  return {
    name: 'profile to srgb',
    requires: (shape) => {
      if (!isColor) return [];
      return shape.model === 'ycbcr' ? ['full-grid', 'rgb'] : ['full-grid'];
    },
    effect: (shape) => inPlace(convertedShape(shape), 0, 2 * sampleCount(shape)),
    run(raster, { kernels, tables }) {
      if (conversion.kind !== 'levels') return convertColors(raster, conversion, tables);
      const { data, stride, width, height } = planeAt(raster, 0);
      kernels.mapSamples(data, stride, width, height, conversion.levels);
      return raster;
    },
  };
}

function convertedShape(shape: RasterShape): RasterShape {
  if (shape.model === 'gray') return shape;
  return { ...shape, model: 'rgb', planes: shape.planes.slice(0, 3) };
}

/** The memory of a fourth plane lies idle until the next rewrite. */
function convertColors(
  raster: Raster,
  conversion: Exclude<ColorConversion, { readonly kind: 'levels' }>,
  tables: TableCache,
): Raster {
  const { width, height } = raster;
  const [one, two, three] = [planeAt(raster, 0), planeAt(raster, 1), planeAt(raster, 2)];
  if (conversion.kind === 'matrix') {
    mapByMatrix(
      one.data,
      one.stride,
      two.data,
      two.stride,
      three.data,
      three.stride,
      width,
      height,
      conversion.map,
    );
  } else {
    const four = raster.planes[3] ?? three;
    mapByGrid(
      one.data,
      one.stride,
      two.data,
      two.stride,
      three.data,
      three.stride,
      four.data,
      four.stride,
      width,
      height,
      tables.colorGrid(conversion),
    );
  }
  return { ...raster, model: 'rgb', planes: [one, two, three] };
}
