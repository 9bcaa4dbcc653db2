/**
 * Copies, quarter turns and mirrorings of one plane; twins of core's `turns.ts`. The four that swap
 * axes are one transposition walked from other corners, by negative strides.
 * @module
 */

import { Lanes } from './lanes';

/** Block side in samples: what both sides touch of a block fits in a first-level cache. */
const BLOCK: i32 = 64;

export function copy(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  flipRows(source, sourceStride, target, targetStride, width, height);
}

export function flipVertical(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  const last = target + (height - 1) * targetStride;
  flipRows(source, sourceStride, last, -targetStride, width, height);
}

function flipRows(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  for (let y = 0; y < height; y++) {
    memory.copy(target + y * targetStride, source + y * sourceStride, width);
  }
}

export function flipHorizontal(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  mirror(source, sourceStride, target, targetStride, width, height);
}

export function rotate180(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  const last = target + (height - 1) * targetStride;
  mirror(source, sourceStride, last, -targetStride, width, height);
}

function mirror(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  for (let y = 0; y < height; y++) {
    const from = source + y * sourceStride;
    const to = target + y * targetStride;
    if (width >= 16) {
      for (let left = 0; left < width; left += 16) {
        const x = min(left, width - 16);
        const bytes = v128.load(from + x);
        v128.store(
          to + (width - 16 - x),
          v128.shuffle<u8>(bytes, bytes, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
        );
      }
    } else {
      for (let x = 0; x < width; x++) store<u8>(to + (width - 1 - x), load<u8>(from + x));
    }
  }
}

export function rotate90(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  const bottom = source + (height - 1) * sourceStride;
  swapAxes(bottom, -sourceStride, target, targetStride, width, height);
}

export function rotate270(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  const bottom = target + (width - 1) * targetStride;
  swapAxes(source, sourceStride, bottom, -targetStride, width, height);
}

export function transpose(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  swapAxes(source, sourceStride, target, targetStride, width, height);
}

export function transverse(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  const sourceBottom = source + (height - 1) * sourceStride;
  const targetBottom = target + (width - 1) * targetStride;
  swapAxes(sourceBottom, -sourceStride, targetBottom, -targetStride, width, height);
}

/** (x, y) lands at (y, x); strides may be negative. */
function swapAxes(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  if (width < 8 || height < 16) {
    for (let y = 0; y < height; y++) {
      const from = source + y * sourceStride;
      for (let x = 0; x < width; x++) {
        store<u8>(target + x * targetStride + y, load<u8>(from + x));
      }
    }
    return;
  }
  for (let top = 0; top < height; top += BLOCK) {
    const bottom = min(top + BLOCK, height);
    for (let left = 0; left < width; left += BLOCK) {
      const right = min(left + BLOCK, width);
      // Tiles at the far edges are moved back inside and move some samples twice.
      for (let tileX = left; tileX < right; tileX += 8) {
        const x = min(tileX, width - 8);
        for (let tileY = top; tileY < bottom; tileY += 16) {
          const y = min(tileY, height - 16);
          swapTile(
            source + y * sourceStride + x,
            sourceStride,
            target + x * targetStride + y,
            targetStride,
          );
        }
      }
    }
  }
}

abstract class Tile {
  /** The eight samples of two rows as pairs. */
  @inline static rows(at: usize, stride: i32): v128 {
    return Lanes.pairLow(v128.load64_zero(at), v128.load64_zero(at + stride));
  }

  @inline static low32(a: v128, b: v128): v128 {
    return v128.shuffle<u32>(a, b, 0, 4, 1, 5);
  }

  @inline static high32(a: v128, b: v128): v128 {
    return v128.shuffle<u32>(a, b, 2, 6, 3, 7);
  }

  /** Two columns of sixteen samples, from their halves. */
  @inline static columns(at: usize, stride: i32, top: v128, bottom: v128): void {
    v128.store(at, v128.shuffle<u64>(top, bottom, 0, 2));
    v128.store(at + stride, v128.shuffle<u64>(top, bottom, 1, 3));
  }
}

/**
 * Sixteen rows of eight samples become eight rows of sixteen. Not 16 x 16: sixteen live vectors and a
 * spare one are more registers than x86 has.
 */
function swapTile(source: usize, sourceStride: i32, target: usize, targetStride: i32): void {
  const two = sourceStride << 1;
  let at = source;
  const p0 = Tile.rows(at, sourceStride);
  const p1 = Tile.rows((at += two), sourceStride);
  const p2 = Tile.rows((at += two), sourceStride);
  const p3 = Tile.rows((at += two), sourceStride);
  const p4 = Tile.rows((at += two), sourceStride);
  const p5 = Tile.rows((at += two), sourceStride);
  const p6 = Tile.rows((at += two), sourceStride);
  const p7 = Tile.rows((at += two), sourceStride);
  // Four rows each: columns 0 to 3 (a) and 4 to 7 (b).
  const a0 = Lanes.pairWordsLow(p0, p1);
  const b0 = Lanes.pairWordsHigh(p0, p1);
  const a1 = Lanes.pairWordsLow(p2, p3);
  const b1 = Lanes.pairWordsHigh(p2, p3);
  const a2 = Lanes.pairWordsLow(p4, p5);
  const b2 = Lanes.pairWordsHigh(p4, p5);
  const a3 = Lanes.pairWordsLow(p6, p7);
  const b3 = Lanes.pairWordsHigh(p6, p7);
  // Eight rows each: two columns.
  const next = targetStride << 1;
  let to = target;
  Tile.columns(to, targetStride, Tile.low32(a0, a1), Tile.low32(a2, a3));
  Tile.columns((to += next), targetStride, Tile.high32(a0, a1), Tile.high32(a2, a3));
  Tile.columns((to += next), targetStride, Tile.low32(b0, b1), Tile.low32(b2, b3));
  Tile.columns((to += next), targetStride, Tile.high32(b0, b1), Tile.high32(b2, b3));
}
