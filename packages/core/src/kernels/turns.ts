/**
 * Copies, quarter turns and mirrorings of one plane, and filling it. Samples move unchanged. The
 * four that swap axes write a target that is `height` wide and `width` high.
 * @module
 *
 * Trusted: `source` and `target` do not overlap; both hold the rows that their strides promise.
 */

/**
 * Block side in samples. Two 64 x 64 blocks of bytes are 8 KiB, so both fit in a first-level cache.
 */
const BLOCK = 64;

/** Samples as they are. */
export function copy(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  // `target.set(source.subarray(...))` moves faster but makes two views a row: kernels never
  // allocate.
  for (let y = 0; y < height; y++) {
    const from = y * sourceStride;
    const to = y * targetStride;
    for (let x = 0; x < width; x++) target[to + x] = source[from + x];
  }
}

/** A quarter clockwise: sample (x, y) lands at (height - 1 - y, x). */
export function rotate90(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  // Row by row, every store would open another row of the target; blocks keep both sides in cache.
  for (let top = 0; top < height; top += BLOCK) {
    const bottom = Math.min(top + BLOCK, height);
    for (let left = 0; left < width; left += BLOCK) {
      const right = Math.min(left + BLOCK, width);
      for (let y = top; y < bottom; y++) {
        const from = y * sourceStride;
        let to = left * targetStride + height - 1 - y;
        for (let x = left; x < right; x++) {
          target[to] = source[from + x];
          to += targetStride;
        }
      }
    }
  }
}

/** Half a turn: sample (x, y) lands at (width - 1 - x, height - 1 - y). */
export function rotate180(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    const from = y * sourceStride;
    const to = (height - 1 - y) * targetStride + width - 1;
    for (let x = 0; x < width; x++) target[to - x] = source[from + x];
  }
}

/** A quarter anticlockwise: sample (x, y) lands at (y, width - 1 - x). */
export function rotate270(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  for (let top = 0; top < height; top += BLOCK) {
    const bottom = Math.min(top + BLOCK, height);
    for (let left = 0; left < width; left += BLOCK) {
      const right = Math.min(left + BLOCK, width);
      for (let y = top; y < bottom; y++) {
        const from = y * sourceStride;
        let to = (width - 1 - left) * targetStride + y;
        for (let x = left; x < right; x++) {
          target[to] = source[from + x];
          to -= targetStride;
        }
      }
    }
  }
}

/** Left and right change places: sample (x, y) lands at (width - 1 - x, y). */
export function flipHorizontal(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    const from = y * sourceStride;
    const to = y * targetStride + width - 1;
    for (let x = 0; x < width; x++) target[to - x] = source[from + x];
  }
}

/** Top and bottom change places: sample (x, y) lands at (x, height - 1 - y). */
export function flipVertical(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    const from = y * sourceStride;
    const to = (height - 1 - y) * targetStride;
    for (let x = 0; x < width; x++) target[to + x] = source[from + x];
  }
}

/** Sample (x, y) lands at (y, x). */
export function transpose(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  for (let top = 0; top < height; top += BLOCK) {
    const bottom = Math.min(top + BLOCK, height);
    for (let left = 0; left < width; left += BLOCK) {
      const right = Math.min(left + BLOCK, width);
      for (let y = top; y < bottom; y++) {
        const from = y * sourceStride;
        let to = left * targetStride + y;
        for (let x = left; x < right; x++) {
          target[to] = source[from + x];
          to += targetStride;
        }
      }
    }
  }
}

/** Sample (x, y) lands at (height - 1 - y, width - 1 - x). */
export function transverse(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  for (let top = 0; top < height; top += BLOCK) {
    const bottom = Math.min(top + BLOCK, height);
    for (let left = 0; left < width; left += BLOCK) {
      const right = Math.min(left + BLOCK, width);
      for (let y = top; y < bottom; y++) {
        const from = y * sourceStride;
        let to = (width - 1 - left) * targetStride + height - 1 - y;
        for (let x = left; x < right; x++) {
          target[to] = source[from + x];
          to -= targetStride;
        }
      }
    }
  }
}

/** Every sample becomes `value`, 0 to 255. */
export function fill(
  target: Uint8Array,
  stride: number,
  width: number,
  height: number,
  value: number,
): void {
  for (let y = 0; y < height; y++) target.fill(value, y * stride, y * stride + width);
}
