/**
 * Run lengths of BMP, of 4 and 8 bits, to one index a pixel. Pixels that a file skips stay unset;
 * the caller marks them. Every step of the loop reads at least two bytes, so it ends with the file.
 * @module
 */

import { damaged, truncated } from '../refusal.ts';

/** What a pixel holds that no run has painted: no index reaches it. */
export const UNPAINTED = 0xffff;

export interface RunPicture {
  readonly width: number;
  readonly height: number;
  readonly bits: 4 | 8;
}

/**
 * Paints `target`, `width * height` indices from the bottom row up, filled with `UNPAINTED` before.
 * Throws for runs that leave the picture and for a file without an end mark.
 */
export function paintRuns(
  bytes: Uint8Array,
  start: number,
  picture: RunPicture,
  target: Uint16Array,
): void {
  const { width, height, bits } = picture;
  let at = start;
  let x = 0;
  let y = 0;
  for (;;) {
    if (at + 2 > bytes.length) throw truncated('bmp', 'the runs have no end mark');
    const count = bytes[at];
    const value = bytes[at + 1];
    at += 2;
    if (count > 0) {
      checkRun(x, y, count, picture);
      paintRun(target, y * width + x, count, value, bits);
      x += count;
    } else if (value === 0) {
      x = 0;
      y++;
    } else if (value === 1) {
      return;
    } else if (value === 2) {
      if (at + 2 > bytes.length) throw truncated('bmp', 'a move ends early');
      x += bytes[at];
      y += bytes[at + 1];
      at += 2;
      if (x > width || y > height) throw damaged('bmp', `a move leaves the picture to ${x}, ${y}`);
    } else {
      checkRun(x, y, value, picture);
      const dataBytes = bits === 8 ? value : (value + 1) >> 1;
      if (at + dataBytes > bytes.length) throw truncated('bmp', 'literal indices end early');
      paintLiterals(bytes, at, target, y * width + x, value, bits);
      x += value;
      // Literals end on 16 bits.
      at += dataBytes + (dataBytes & 1);
    }
  }
}

function checkRun(x: number, y: number, count: number, { width, height }: RunPicture): void {
  if (y >= height || x + count > width) {
    throw damaged('bmp', `a run of ${count} at ${x}, ${y} leaves the ${width} x ${height} pixels`);
  }
}

function paintRun(
  target: Uint16Array,
  to: number,
  count: number,
  value: number,
  bits: number,
): void {
  if (bits === 8) {
    target.fill(value, to, to + count);
    return;
  }
  for (let i = 0; i < count; i++) target[to + i] = (i & 1) === 0 ? value >> 4 : value & 15;
}

function paintLiterals(
  bytes: Uint8Array,
  from: number,
  target: Uint16Array,
  to: number,
  count: number,
  bits: number,
): void {
  for (let i = 0; i < count; i++) {
    if (bits === 8) target[to + i] = bytes[from + i];
    else target[to + i] = (bytes[from + (i >> 1)] >> ((i & 1) === 0 ? 4 : 0)) & 15;
  }
}
