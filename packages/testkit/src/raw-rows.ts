/**
 * Rasters that are there, posing as ones that are still being read: rows in order, some at a time, and
 * never one twice. Rows that a step does not bring are overwritten, as a decoder's last blocks are.
 * @module
 */

import type { DecodeShape, Plane, Raster, RowsShape } from '@safelight/core';

/** Bytes behind each row: few fit in what is read at once, so that small pictures come in many bands. */
const PADDING = 5000;

type RawPicture = Pick<Raster, 'width' | 'height'> & { readonly hasAlpha: boolean };

/** How the rows of a picture come, `rowsAtOnce` of its finest plane. */
export function planRawRows(
  { width, height, hasAlpha }: RawPicture,
  { planes, step = 1 }: Pick<DecodeShape, 'planes' | 'step'>,
  rowsAtOnce: number,
): RowsShape {
  if (step > 1) {
    const rowBytes = (hasAlpha ? 4 : 3) * width + PADDING;
    const steps = Math.ceil(height / rowsAtOnce);
    return { planes: [{ rowBytes, stepRows: rowsAtOnce }], steps };
  }
  const pitches = planes.map((plane) => plane.extent.height / plane.height);
  const most = Math.max(...pitches);
  const layouts = planes.map((plane, i) => {
    return { rowBytes: plane.width + PADDING, stepRows: (rowsAtOnce * most) / pitches[i] };
  });
  const counts = planes.map((plane, i) => Math.ceil(plane.height / layouts[i].stepRows));
  return { planes: layouts, steps: Math.max(...counts) };
}

/** The raster without its samples, which come by `Raster.rows`. */
export function giveRows(raster: Raster, rowsAtOnce: number): Raster {
  const [{ step = 1 }] = raster.planes;
  const shape = { planes: raster.planes, ...(step > 1 && { step }) };
  const hasAlpha = raster.alpha !== undefined;
  const rows = planRawRows({ ...raster, hasAlpha }, shape, rowsAtOnce);
  const hidden = (plane: Plane, index: number): Plane => {
    const { rowBytes } = rows.planes[index] ?? rows.planes[0];
    return { ...plane, data: new Uint8Array(0), stride: rowBytes, start: 0 };
  };
  let done = 0;
  return {
    ...raster,
    planes: raster.planes.map(hidden),
    ...(raster.alpha && { alpha: hidden(raster.alpha, 3) }),
    rows: {
      ...rows,
      read(steps, targets) {
        if (done + steps > rows.steps) throw new Error('expected each row to be read once');
        for (const [i, { rowBytes, stepRows }] of rows.planes.entries()) {
          const { data, stride, height } = raster.planes[i];
          targets[i].fill(0xee, 0, steps * stepRows * rowBytes);
          for (let y = 0; y < steps * stepRows; y++) {
            const from = (done * stepRows + y) * stride;
            if (from >= height * stride) break;
            targets[i].set(data.subarray(from, Math.min(data.length, from + stride)), y * rowBytes);
          }
        }
        done += steps;
      },
    },
  };
}
