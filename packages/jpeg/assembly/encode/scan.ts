/**
 * Scans: the twin of `src/scan-walk.ts`, of `sequential-coder.ts`, and of the DC coders in
 * `progressive-coder.ts`. The coded bytes go to a window; when it is nearly full the walk stops
 * between two MCUs, to be resumed.
 * @module
 */

import {
  AC_CODES,
  ACROSS,
  COEFFICIENTS,
  COMPONENT_BYTES,
  COMPONENTS,
  DC_CODES,
  BAND,
  BASELINE,
  COUNTS,
  DC_FIRST,
  DC_FURTHER,
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
import { codeBand, Counting, endBand, startBand, Writing } from './band';
import {
  free,
  pending,
  putBits,
  setBits,
  startBits,
  startWindow,
  target,
  writeRestart,
  writeTail,
  writeWord,
} from './bit-sink';

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
/** What the blocks are coded as; bits of DC values that later scans will add. */
let kind: i32 = 0;
let low: i32 = 0;

/** Begins a baseline scan of the first `count` descriptors; `across` x `down` MCUs are its own. */
export function startScan(count: i32, across: i32, down: i32, interval: i32): void {
  kind = BASELINE;
  low = 0;
  components = COMPONENTS + count * COMPONENT_BYTES;
  mcusAcross = across;
  mcusDown = down;
  restartInterval = interval;
  mcuX = 0;
  mcuY = 0;
  untilRestart = interval;
  restarts = 0;
  startBits();
  resetPredictions();
}

/**
 * Makes the scan just started a progressive one, of zigzag places `first` to `last` without their
 * `shift` lowest bits; `isFurther` says that it adds a bit to what earlier scans said.
 */
export function makeProgressive(first: i32, last: i32, shift: i32, isFurther: bool): void {
  low = shift;
  kind = first > 0 ? BAND : isFurther ? DC_FURTHER : DC_FIRST;
  if (kind == BAND) startBand(COMPONENTS, first, last, shift, isFurther);
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

/**
 * Counts the symbols of a scan: of a baseline one its DC symbols, of a progressive one all. Start it
 * anew afterwards.
 */
export function countScan(): void {
  if (kind == DC_FURTHER) return;
  for (let y: i32 = 0; y < mcusDown; y++) {
    for (let x: i32 = 0; x < mcusAcross; x++) {
      if (restartInterval > 0 && untilRestart-- == 0) {
        if (kind == BAND) endBand<Counting>();
        resetPredictions();
        untilRestart = restartInterval - 1;
      }
      if (kind == BAND) {
        codeBand<Counting>(COMPONENTS, x, y);
        continue;
      }
      for (let at: usize = COMPONENTS; at < components; at += COMPONENT_BYTES) {
        countDcOfMcu(at, x, y);
      }
    }
  }
  if (kind == BAND) endBand<Counting>();
}

function countDcOfMcu(component: usize, x: i32, y: i32): void {
  const across = load<i32>(component + ACROSS);
  const down = load<i32>(component + DOWN);
  const counts = load<usize>(component + COUNTS);
  const paddedAcross = load<i32>(component + PADDED_ACROSS);
  let last = load<i32>(component + PREDICTION);
  for (let v: i32 = 0; v < down; v++) {
    const first = <usize>((y * down + v) * paddedAcross + x * across);
    const values = load<usize>(component + DC_VALUES) + (first << 1);
    for (let h: i32 = 0; h < across; h++) {
      const dc = <i32>load<i16>(values + (h << 1)) >> low;
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
  startWindow();
  const limit: usize = WINDOW + WINDOW_BYTES - MARGIN_BYTES;
  for (; mcuY < mcusDown; mcuY++, mcuX = 0) {
    for (; mcuX < mcusAcross; mcuX++) {
      if (target > limit) return WINDOW_FULL;
      if (restartInterval > 0 && untilRestart-- == 0) restart();
      if (kind == BAND) {
        codeBand<Writing>(COMPONENTS, mcuX, mcuY);
        continue;
      }
      for (let at: usize = COMPONENTS; at < components; at += COMPONENT_BYTES) {
        if (kind == BASELINE) codeMcu(at);
        else codeDcOfMcu(at);
      }
    }
  }
  if (kind == BAND) endBand<Writing>();
  writeTail();
  return DONE;
}

function restart(): void {
  if (kind == BAND) endBand<Writing>();
  writeTail();
  writeRestart(restarts++);
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

/** The DC values that one component has in the MCU at hand: upper bits, or one further bit each. */
function codeDcOfMcu(component: usize): void {
  const across = load<i32>(component + ACROSS);
  const down = load<i32>(component + DOWN);
  const dcCodes = load<usize>(component + DC_CODES);
  const paddedAcross = load<i32>(component + PADDED_ACROSS);
  let last = load<i32>(component + PREDICTION);
  for (let v: i32 = 0; v < down; v++) {
    const first = <usize>((mcuY * down + v) * paddedAcross + mcuX * across);
    const values = load<usize>(component + DC_VALUES) + (first << 1);
    for (let h: i32 = 0; h < across; h++) {
      const dc = <i32>load<i16>(values + (h << 1)) >> low;
      if (kind == DC_FURTHER) {
        putBits(dc & 1, 1);
        continue;
      }
      const difference = dc - last;
      const size: i32 = 32 - clz(abs(difference));
      const entry = load<u32>(dcCodes + (size << 2));
      putBits((entry >>> LENGTH_BITS) | extraBits(difference, size), entry & LENGTH_MASK);
      last = dc;
    }
  }
  store<i32>(component + PREDICTION, last);
}

/** One block. The bits stay in locals until it is done. */
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
  setBits(bits, room, at);
}

/** The bits that follow the code of a value of `size` bits. */
function extraBits(value: i32, size: i32): u32 {
  return (value + (value >> 31)) & ((1 << size) - 1);
}
