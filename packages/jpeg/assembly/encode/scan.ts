/**
 * Baseline scans: the twin of `src/scan-walk.ts`, `sequential-coder.ts` and `entropy-writer.ts`. The
 * coded bytes go to a window; when it is nearly full the walk stops between two MCUs, to be resumed.
 * @module
 */

import {
  AC_CODES,
  ACROSS,
  COEFFICIENTS,
  COMPONENT_BYTES,
  COMPONENTS,
  DC_CODES,
  DC_COUNTS,
  DC_VALUES,
  DONE,
  DOWN,
  LENGTH_BITS,
  MARGIN_BYTES,
  MASKS,
  PADDED_ACROSS,
  PREDICTION,
  WINDOW,
  WINDOW_BYTES,
  WINDOW_FULL,
} from '../../src/encode/memory-map';

const LENGTH_MASK: u32 = (1 << LENGTH_BITS) - 1;

let components: usize = 0;
let mcusAcross: i32 = 0;
let mcusDown: i32 = 0;
let restartInterval: i32 = 0;
/** The next MCU, how many are left until a restart, and the number of restarts. */
let mcuX: i32 = 0;
let mcuY: i32 = 0;
let untilRestart: i32 = 0;
let restarts: i32 = 0;
/** Bits not yet written are the low 64 - free ones of `pending`; what is above them is waste. */
let pending: u64 = 0;
let free: i64 = 64;
/** Where the next byte goes. */
let target: usize = 0;

/** Begins a scan of the first `count` descriptors; `mcusAcross` x `mcusDown` are its own. */
export function startScan(count: i32, across: i32, down: i32, interval: i32): void {
  components = COMPONENTS + count * COMPONENT_BYTES;
  mcusAcross = across;
  mcusDown = down;
  restartInterval = interval;
  mcuX = 0;
  mcuY = 0;
  untilRestart = interval;
  restarts = 0;
  pending = 0;
  free = 64;
  target = WINDOW;
  resetPredictions();
}

/** Bytes in the window. */
export function windowLength(): i32 {
  return <i32>(target - WINDOW);
}

function resetPredictions(): void {
  for (let at: usize = COMPONENTS; at < components; at += COMPONENT_BYTES) {
    store<i32>(at + PREDICTION, 0);
  }
}

/** Counts the DC symbols of the scan. Start it anew afterwards. */
export function countDc(): void {
  for (let y: i32 = 0; y < mcusDown; y++) {
    for (let x: i32 = 0; x < mcusAcross; x++) {
      if (restartInterval > 0 && untilRestart-- == 0) {
        resetPredictions();
        untilRestart = restartInterval - 1;
      }
      for (let at: usize = COMPONENTS; at < components; at += COMPONENT_BYTES) {
        countDcOfMcu(at, x, y);
      }
    }
  }
}

function countDcOfMcu(component: usize, x: i32, y: i32): void {
  const across = load<i32>(component + ACROSS);
  const down = load<i32>(component + DOWN);
  const counts = load<usize>(component + DC_COUNTS);
  const paddedAcross = load<i32>(component + PADDED_ACROSS);
  let last = load<i32>(component + PREDICTION);
  for (let v: i32 = 0; v < down; v++) {
    const first = <usize>((y * down + v) * paddedAcross + x * across);
    const values = load<usize>(component + DC_VALUES) + (first << 1);
    for (let h: i32 = 0; h < across; h++) {
      const dc: i32 = load<i16>(values + (h << 1));
      const at = counts + ((32 - clz(abs(dc - last))) << 2);
      store<u32>(at, load<u32>(at) + 1);
      last = dc;
    }
  }
  store<i32>(component + PREDICTION, last);
}

/**
 * Codes on until the scan is done or the window nearly full. The caller takes the bytes and calls
 * again; each call begins with an empty window.
 */
export function codeScan(): i32 {
  target = WINDOW;
  const limit: usize = WINDOW + WINDOW_BYTES - MARGIN_BYTES;
  for (; mcuY < mcusDown; mcuY++, mcuX = 0) {
    for (; mcuX < mcusAcross; mcuX++) {
      if (target > limit) return WINDOW_FULL;
      if (restartInterval > 0 && untilRestart-- == 0) restart();
      for (let at: usize = COMPONENTS; at < components; at += COMPONENT_BYTES) codeMcu(at);
    }
  }
  writeTail();
  return DONE;
}

function restart(): void {
  writeTail();
  store<u8>(target, 0xff);
  store<u8>(target + 1, 0xd0 + (restarts++ & 7));
  target += 2;
  untilRestart = restartInterval - 1;
  resetPredictions();
}

/** The blocks that one component has in the MCU at hand. */
function codeMcu(component: usize): void {
  const across = load<i32>(component + ACROSS);
  const down = load<i32>(component + DOWN);
  const dcCodes = load<usize>(component + DC_CODES);
  const acCodes = load<usize>(component + AC_CODES);
  const paddedAcross = load<i32>(component + PADDED_ACROSS);
  let last = load<i32>(component + PREDICTION);
  for (let v: i32 = 0; v < down; v++) {
    const first = <usize>((mcuY * down + v) * paddedAcross + mcuX * across);
    let block = load<usize>(component + COEFFICIENTS) + first * 128;
    let mask = load<usize>(component + MASKS) + first * 8;
    for (let h: i32 = 0; h < across; h++, block += 128, mask += 8) {
      const dc: i32 = load<i16>(block);
      codeBlock(block, load<u64>(mask) & ~1, dc - last, dcCodes, acCodes);
      last = dc;
    }
  }
  store<i32>(component + PREDICTION, last);
}

/** One block. The bits stay in locals: a global would be a store and a load for every symbol. */
function codeBlock(
  block: usize,
  found: u64,
  difference: i32,
  dcCodes: usize,
  acCodes: usize,
): void {
  let mask = found;
  let bits = pending;
  let room = free;
  let at = target;

  let size: i32 = 32 - clz(abs(difference));
  let entry = load<u32>(dcCodes + (size << 2));
  let length: i64 = entry & LENGTH_MASK;
  let value: u64 = (entry >>> LENGTH_BITS) | extraBits(difference, size);
  let previous: i32 = 0;
  for (;;) {
    room -= length;
    if (room >= 0) {
      bits = (bits << length) | value;
    } else {
      at = writeWord(at, (bits << (length + room)) | (value >>> -room));
      bits = value;
      room += 64;
    }
    if (mask == 0) {
      if (previous >= 63) break;
      // The end of the block; 63 then ends the loop.
      previous = 63;
      entry = load<u32>(acCodes);
      length = entry & LENGTH_MASK;
      value = entry >>> LENGTH_BITS;
      continue;
    }
    const k: i32 = <i32>ctz(mask);
    const run = k - previous - 1;
    if (run > 15) {
      previous += 16;
      entry = load<u32>(acCodes, 4 * 0xf0);
      length = entry & LENGTH_MASK;
      value = entry >>> LENGTH_BITS;
      continue;
    }
    mask &= mask - 1;
    previous = k;
    const level: i32 = load<i16>(block + (k << 1));
    size = 32 - clz(abs(level));
    entry = load<u32>(acCodes + (((run << 4) | size) << 2));
    length = entry & LENGTH_MASK;
    value = (entry >>> LENGTH_BITS) | extraBits(level, size);
  }
  pending = bits;
  free = room;
  target = at;
}

/** The bits that follow the code of a value of `size` bits. */
function extraBits(value: i32, size: i32): u32 {
  return (value + (value >> 31)) & ((1 << size) - 1);
}

/** Writes 64 bits, highest first, and returns the new place. */
function writeWord(at: usize, word: u64): usize {
  const ones: u64 = ((<u64>0x01010101) << 32) | 0x01010101;
  // A byte is 0xff when adding one to it carries out of its top bit, which was set: rare.
  if ((word & (ones << 7) & ~(word + ones)) == 0) {
    store<u64>(at, bswap(word));
    return at + 8;
  }
  for (let shift: i64 = 56; shift >= 0; shift -= 8) at = writeByte(at, <u32>(word >>> shift));
  return at;
}

function writeByte(at: usize, value: u32): usize {
  const byte = value & 0xff;
  store<u8>(at, byte);
  if (byte != 0xff) return at + 1;
  store<u8>(at + 1, 0);
  return at + 2;
}

/** Writes the pending bits, filled up with ones to a whole byte. */
function writeTail(): void {
  for (let left = 64 - free; left > 0; left -= 8) {
    const byte = left >= 8 ? pending >>> (left - 8) : (pending << (8 - left)) | (0xff >> left);
    target = writeByte(target, <u32>byte);
  }
  pending = 0;
  free = 64;
}
