/**
 * The colour that most pixels lean to: the mean of those whose hue is near the mean hue. The mean is
 * that of the numbers, not of the directions, so reds on either side of 0 degrees pull it to cyan.
 * The service's published answer was reproduced so, and not by its wording (far hues instead of near).
 * @module
 */

import { planeAt } from './operation.ts';
import type { Color, Raster } from './raster.ts';

/** Pixels farther from the mean hue than this do not count, degrees. */
const NEAR_HUE_DEG = 46;

/**
 * Of an opaque RGB raster with one sample a pixel. Where no pixel is near the mean hue, as between two
 * opposite colours, all of them count.
 */
export function dominantHue(raster: Raster): Color {
  const mean = meanHueDeg(raster);
  return meanColor(raster, mean, NEAR_HUE_DEG) ?? (meanColor(raster, mean, 360) as Color);
}

function meanHueDeg(raster: Raster): number {
  const [red, green, blue] = [0, 1, 2].map((index) => planeAt(raster, index));
  let sum = 0;
  for (let y = 0; y < raster.height; y++) {
    for (let x = 0; x < raster.width; x++) {
      sum += hueDeg(
        red.data[y * red.stride + x],
        green.data[y * green.stride + x],
        blue.data[y * blue.stride + x],
      );
    }
  }
  return sum / (raster.width * raster.height);
}

/** Channel by channel, rounded down; nothing when no hue is that near. */
function meanColor(raster: Raster, meanDeg: number, nearDeg: number): Color | undefined {
  const [red, green, blue] = [0, 1, 2].map((index) => planeAt(raster, index));
  // Below 2^53: 255 times the pixels of any picture.
  let [sumRed, sumGreen, sumBlue, count] = [0, 0, 0, 0];
  for (let y = 0; y < raster.height; y++) {
    for (let x = 0; x < raster.width; x++) {
      const r = red.data[y * red.stride + x];
      const g = green.data[y * green.stride + x];
      const b = blue.data[y * blue.stride + x];
      if (Math.abs(hueDeg(r, g, b) - meanDeg) > nearDeg) continue;
      sumRed += r;
      sumGreen += g;
      sumBlue += b;
      count++;
    }
  }
  if (count === 0) return undefined;
  return {
    red: Math.floor(sumRed / count),
    green: Math.floor(sumGreen / count),
    blue: Math.floor(sumBlue / count),
  };
}

/** Of HSV, 0 up to 360; that of grays is 0. */
function hueDeg(red: number, green: number, blue: number): number {
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  if (range === 0) return 0;
  if (most === red) return ((60 * (green - blue)) / range + 360) % 360;
  if (most === green) return (60 * (blue - red)) / range + 120;
  return (60 * (red - green)) / range + 240;
}
