/**
 * Geometry: what target samples read, in pixels of the source.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { lanczosTable, WEIGHT_ONE } from './filter-table.ts';
import { resampleAxis } from './resample-axis.ts';

describe('resampleAxis', () => {
  it('is the plain ratio where samples are pixels', () => {
    const axis = resampleAxis({
      sourceSize: 300,
      sourceExtentStart: 0,
      sourceExtentSize: 300,
      targetSize: 100,
      targetExtentStart: 0,
      targetExtentSize: 100,
      ratio: 3,
    });
    expect(axis).toEqual({ sourceSize: 300, targetSize: 100, offset: 0, scale: 3 });
  });

  it('doubles chroma with half a sample between the grids', () => {
    const axis = resampleAxis({
      sourceSize: 4,
      sourceExtentStart: 0,
      sourceExtentSize: 8,
      targetSize: 8,
      targetExtentStart: 0,
      targetExtentSize: 8,
      ratio: 1,
    });
    expect(axis).toEqual({ sourceSize: 4, targetSize: 8, offset: 0, scale: 0.5 });
  });

  it('reads chroma of a crop that begins between its samples', () => {
    // 8 px, cropped to 3..7: chroma sample 0 begins one pixel to the left of the picture.
    const axis = resampleAxis({
      sourceSize: 3,
      sourceExtentStart: -1,
      sourceExtentSize: 6,
      targetSize: 4,
      targetExtentStart: 0,
      targetExtentSize: 4,
      ratio: 1,
    });
    expect(axis).toEqual({ sourceSize: 3, targetSize: 4, offset: 0.5, scale: 0.5 });
  });

  it('keeps a picture in place whose samples reach over its edge', () => {
    // 2725 px decoded at 1/2: 1363 samples cover 2726 px; made 545 px, one fifth of the picture.
    const axis = resampleAxis({
      sourceSize: 1363,
      sourceExtentStart: 0,
      sourceExtentSize: 2726,
      targetSize: 545,
      targetExtentStart: 0,
      targetExtentSize: 545,
      ratio: 5,
    });
    const { starts, taps, weights } = lanczosTable(axis);
    let worst = 0;
    for (let j = 4; j < 545 - 4; j++) {
      let centroid = 0;
      for (let i = 0; i < taps; i++) {
        // Sample i lies at 2 (i + 0.5) px of the picture.
        centroid += (weights[j * taps + i] / WEIGHT_ONE) * 2 * (starts[j] + i + 0.5);
      }
      worst = Math.max(worst, Math.abs(centroid - (j + 0.5) * 5));
    }
    // By sample counts alone the right end would be off by a whole pixel.
    expect(worst).toBeLessThan(0.05);
  });
});
