/**
 * Deflate that looks for runs alone: counting, writing, and the checksum; the twin of the codecs'
 * `run-kernels.ts`, where runs, places and codes are explained. Sixteen bytes are compared with their
 * left neighbours at once: three equal ones in a row begin a run.
 * @module
 */

/** Bytes of a table with a 32-bit number for each byte. */
const TABLE: usize = 1024;

/**
 * Adds to `counts`: four tables of bytes, by their place modulo four, so that equal neighbours do not
 * wait for each other, then one of runs. The byte in front of `source` is read.
 */
export function countRuns(source: usize, length: i32, counts: usize): void {
  if (length === 0) return;
  const end = source + length;
  const runs = counts + 4 * TABLE;
  Count.one(counts, load<u8>(source));
  let at = source + 1;
  let near: u32 = at + 32 <= end ? Run.mask(at) : 0;
  while (at + 32 <= end) {
    const far = Run.mask(at + 16);
    const starts = Run.starts(near, far);
    if (starts === 0) {
      Count.eight(counts, load<u64>(at));
      Count.eight(counts, load<u64>(at, 8));
      at += 16;
      near = far;
      continue;
    }
    const first = at + ctz(starts);
    for (; at < first; at++) Count.one(counts, load<u8>(at));
    const run = Run.length(at, end);
    Count.one(runs, <u32>run - 3);
    at += run;
    if (at + 32 <= end) near = Run.mask(at);
  }
  while (at < end) {
    const run = Run.length(at, end);
    if (run >= 3) {
      Count.one(runs, <u32>run - 3);
      at += run;
    } else {
      Count.one(counts, load<u8>(at++));
    }
  }
}

/**
 * Writes codes and the block's end to `target`, whose first byte keeps its lowest `filledBits`.
 * Returns all bits there are, these included. Up to 8 bytes behind them are written.
 */
export function writeRuns(
  source: usize,
  length: i32,
  codes: usize,
  target: usize,
  filledBits: i32,
): i32 {
  const end = source + length;
  const runs = codes + TABLE;
  let to = target;
  let filled: u64 = filledBits;
  let bits: u64 = <u64>load<u8>(target) & (((<u64>1) << filled) - 1);
  let at = source;
  // Nothing stands in front of the first byte.
  let near: u32 = at + 32 <= end ? Run.mask(at) & ~1 : 0;
  while (at + 32 <= end) {
    const far = Run.mask(at + 16);
    const starts = Run.starts(near, far);
    if (starts === 0) {
      for (let i = 0; i < 4; i++) {
        const word = load<u32>(at);
        const a = load<u32>(codes + ((word & 255) << 2));
        const b = load<u32>(codes + (((word >> 8) & 255) << 2));
        const c = load<u32>(codes + (((word >> 16) & 255) << 2));
        const d = load<u32>(codes + ((word >> 24) << 2));
        const half = Code.bits(a) + Code.bits(b);
        const low = Code.value(a) | (Code.value(b) << Code.bits(a));
        const high = Code.value(c) | (Code.value(d) << Code.bits(c));
        // At most 7 and 4 times 14 bits.
        bits |= (low | (high << half)) << filled;
        filled += half + Code.bits(c) + Code.bits(d);
        store<u64>(to, bits);
        to += <usize>(filled >> 3);
        bits >>= filled & 56;
        filled &= 7;
        at += 4;
      }
      near = far;
      continue;
    }
    const first = at + ctz(starts);
    const run = Run.length(first, end);
    for (; at <= first; at++) {
      const isByte = at < first;
      const place = isByte ? codes + ((<usize>load<u8>(at)) << 2) : runs + ((run - 3) << 2);
      const code = load<u32>(place);
      bits |= Code.value(code) << filled;
      filled += Code.bits(code);
      store<u64>(to, bits);
      to += <usize>(filled >> 3);
      bits >>= filled & 56;
      filled &= 7;
    }
    at = first + run;
    if (at + 32 <= end) near = Run.mask(at);
  }
  while (at <= end) {
    const run: usize = at === source || at === end ? 1 : Run.length(at, end);
    let code = load<u32>(runs, TABLE);
    if (run >= 3) code = load<u32>(runs + ((run - 3) << 2));
    else if (at < end) code = load<u32>(codes + ((<u32>load<u8>(at)) << 2));
    bits |= Code.value(code) << filled;
    filled += Code.bits(code);
    store<u64>(to, bits);
    to += <usize>(filled >> 3);
    bits >>= filled & 56;
    filled &= 7;
    at += run >= 3 ? run : 1;
  }
  return ((<i32>(to - target)) << 3) + <i32>filled;
}

/** The longest piece whose sums fit in 32 bits is 5552 bytes (zlib's NMAX), a multiple of sixteen. */
const PIECE: usize = 5552;
const BASE: u32 = 65521;

export function adler32(source: usize, length: i32): u32 {
  const weights = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const lighter = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  const end = source + length;
  let sum: u32 = 1;
  let sumOfSums: u32 = 0;
  let at = source;
  while (at + 16 <= end) {
    const count = min(PIECE, (end - at) & ~15);
    const pieceEnd = at + count;
    let sums = i32x4.splat(0);
    let before = i32x4.splat(0);
    let weighted = i32x4.splat(0);
    for (; at < pieceEnd; at += 16) {
      const bytes = v128.load(at);
      before = i32x4.add(before, sums);
      const low = i16x8.extend_low_i8x16_u(bytes);
      const high = i16x8.extend_high_i8x16_u(bytes);
      const pairs = i16x8.extadd_pairwise_i8x16_u(bytes);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(pairs));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(low, weights));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(high, lighter));
    }
    sumOfSums += <u32>count * sum + (Lane.total(before) << 4) + Lane.total(weighted);
    sum += Lane.total(sums);
    sum %= BASE;
    sumOfSums %= BASE;
  }
  for (; at < end; at++) {
    sum += load<u8>(at);
    sumOfSums += sum;
  }
  return ((sumOfSums % BASE) << 16) | (sum % BASE);
}

abstract class Run {
  /** A bit for each of sixteen bytes that equals the one in front of it. */
  @inline static mask(at: usize): u32 {
    return i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(at - 1)));
  }

  /** Where among the sixteen of `near` three such bytes in a row begin. */
  @inline static starts(near: u32, far: u32): u32 {
    const both = near | (far << 16);
    return both & (both >> 1) & (both >> 2) & 0xffff;
  }

  /** Bytes from `at` on that equal the one in front of them, at most 258. */
  @inline static length(at: usize, end: usize): usize {
    const value = load<u8>(at - 1);
    const last = min(end, at + 258);
    const all = i8x16.splat(value);
    let next = at;
    while (next + 16 <= last) {
      const others: u32 = ~i8x16.bitmask(i8x16.eq(v128.load(next), all)) & 0xffff;
      if (others !== 0) return next + ctz(others) - at;
      next += 16;
    }
    while (next < last && load<u8>(next) === value) next++;
    return next - at;
  }
}

abstract class Count {
  @inline static one(table: usize, place: u32): void {
    const at = table + (place << 2);
    store<u32>(at, load<u32>(at) + 1);
  }

  @inline static eight(tables: usize, bytes: u64): void {
    Count.one(tables, <u32>(bytes & 255));
    Count.one(tables + TABLE, <u32>((bytes >> 8) & 255));
    Count.one(tables + 2 * TABLE, <u32>((bytes >> 16) & 255));
    Count.one(tables + 3 * TABLE, <u32>((bytes >> 24) & 255));
    Count.one(tables, <u32>((bytes >> 32) & 255));
    Count.one(tables + TABLE, <u32>((bytes >> 40) & 255));
    Count.one(tables + 2 * TABLE, <u32>((bytes >> 48) & 255));
    Count.one(tables + 3 * TABLE, <u32>(bytes >> 56));
  }
}

abstract class Code {
  @inline static value(code: u32): u64 {
    return code & 0xffffff;
  }

  @inline static bits(code: u32): u64 {
    return code >> 24;
  }
}

abstract class Lane {
  @inline static total(lanes: v128): u32 {
    return (
      i32x4.extract_lane(lanes, 0) +
      i32x4.extract_lane(lanes, 1) +
      i32x4.extract_lane(lanes, 2) +
      i32x4.extract_lane(lanes, 3)
    );
  }
}
