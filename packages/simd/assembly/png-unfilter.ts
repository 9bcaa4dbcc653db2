/**
 * Undoing PNG's filters in place, on interleaved rows of 8-bit samples with 1 to 4 bytes a pixel; the
 * twin of the codecs' `unfilter.ts`. The trap: a pixel is loaded as four bytes, so up to seven bytes
 * behind a row must be readable; and it is loaded before its left neighbour is stored, since a load
 * that overlaps a store still under way costs as much as a whole pixel.
 * @module
 */

/**
 * Rows lie one after the other, each a filter byte and `rowBytes` bytes; the row in front of the first
 * one is there too, unfiltered. Returns the rows done: fewer than `rows` at an unknown filter.
 */
export function unfilterRows(first: usize, rowBytes: i32, pixelBytes: i32, rows: i32): i32 {
  const stride: usize = rowBytes + 1;
  let at = first;
  for (let y = 0; y < rows; y++) {
    const filter: i32 = load<u8>(at);
    if (filter > 4) return y;
    const row = at + 1;
    const prior = row - stride;
    if (filter === 2) undoUp(row, prior, rowBytes);
    else if (filter !== 0) undoByPixel(filter, row, prior, rowBytes, pixelBytes);
    at += stride;
  }
  return rows;
}

function undoUp(row: usize, prior: usize, rowBytes: i32): void {
  let x = 0;
  for (; x + 16 <= rowBytes; x += 16) {
    v128.store(row + x, i8x16.add(v128.load(row + x), v128.load(prior + x)));
  }
  for (; x < rowBytes; x++) store<u8>(row + x, load<u8>(row + x) + load<u8>(prior + x));
}

/** A loop for each pixel size: the size is a constant in what is inlined. */
function undoByPixel(filter: i32, row: usize, prior: usize, rowBytes: i32, pixelBytes: i32): void {
  if (pixelBytes === 4) Undo.filter(filter, row, prior, rowBytes, 4);
  else if (pixelBytes === 3) Undo.filter(filter, row, prior, rowBytes, 3);
  else if (pixelBytes === 2) Undo.filter(filter, row, prior, rowBytes, 2);
  else Undo.filter(filter, row, prior, rowBytes, 1);
}

abstract class Undo {
  @inline static filter(filter: i32, row: usize, prior: usize, rowBytes: i32, size: i32): void {
    if (filter === 1) Undo.sub(row, rowBytes, size);
    else if (filter === 3) Undo.average(row, prior, rowBytes, size);
    else Undo.paeth(row, prior, rowBytes, size);
  }

  @inline static sub(row: usize, rowBytes: i32, size: i32): void {
    const mask = Pixel.mask(size);
    const end = row + rowBytes;
    let left = i32x4.splat(0);
    let next = Pixel.load(row);
    for (let at = row; at < end; at += size) {
      const residual = next;
      next = Pixel.load(at + size);
      left = i8x16.add(residual, v128.and(left, mask));
      Pixel.store(at, left, size);
    }
  }

  @inline static average(row: usize, prior: usize, rowBytes: i32, size: i32): void {
    const mask = Pixel.mask(size);
    const ones = v128.and(i8x16.splat(1), mask);
    const end = row + rowBytes;
    let left = i32x4.splat(0);
    let next = Pixel.load(row);
    for (let at = row; at < end; at += size) {
      const residual = next;
      next = Pixel.load(at + size);
      const above = v128.and(Pixel.load(prior), mask);
      left = v128.and(left, mask);
      // `avgr` rounds up, PNG rounds down.
      const odd = v128.and(v128.xor(left, above), ones);
      left = i8x16.add(residual, i8x16.sub(i8x16.avgr_u(left, above), odd));
      Pixel.store(at, left, size);
      prior += size;
    }
  }

  /** In lanes of 16 bits; the formula and its proof stand in the codecs' `unfilter.ts`. */
  @inline static paeth(row: usize, prior: usize, rowBytes: i32, size: i32): void {
    const mask = Pixel.mask(size);
    const zero = i32x4.splat(0);
    const end = row + rowBytes;
    let left = zero;
    let corner = zero;
    let next = Pixel.load(row);
    for (let at = row; at < end; at += size) {
      const residual = next;
      next = Pixel.load(at + size);
      const above = i16x8.extend_low_i8x16_u(v128.and(Pixel.load(prior), mask));
      // Known before `left` is: off the path from pixel to pixel.
      const triple = i16x8.sub(i16x8.add(corner, i16x8.add(corner, corner)), above);
      const third = i16x8.sub(triple, left);
      const low = i16x8.min_s(left, above);
      const high = i16x8.max_s(left, above);
      const inner = v128.bitselect(low, corner, i16x8.le_s(high, third));
      const predictor = v128.bitselect(high, inner, i16x8.le_s(third, low));
      const bytes = i8x16.add(residual, i8x16.narrow_i16x8_u(predictor, zero));
      Pixel.store(at, bytes, size);
      left = i16x8.extend_low_i8x16_u(v128.and(bytes, mask));
      corner = above;
      prior += size;
    }
  }
}

abstract class Pixel {
  /** The lanes of one pixel: all others of a predictor are zero, so that bytes behind it stay. */
  @inline static mask(size: i32): v128 {
    return i32x4.replace_lane(i32x4.splat(0), 0, <i32>(0xffff_ffff >>> (32 - 8 * size)));
  }

  @inline static load(at: usize): v128 {
    return v128.load32_zero(at);
  }

  /** Three bytes are stored as four, the last one as it was loaded: two stores would cost more. */
  @inline static store(at: usize, pixel: v128, size: i32): void {
    if (size === 1) v128.store_lane<u8>(at, pixel, 0);
    else if (size === 2) v128.store_lane<u16>(at, pixel, 0);
    else v128.store_lane<u32>(at, pixel, 0);
  }
}
