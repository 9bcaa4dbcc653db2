/**
 * Bands of AC values of progressive scans (ITU-T T.81, G.1.2.2 and G.1.2.3): the twin of the AC coders
 * in `src/progressive-coder.ts`. What is held back from block to block must be said by `endBand`
 * before anything else is.
 * @module
 */

import {
  AC_CODES,
  COEFFICIENTS,
  CORRECTIONS,
  COUNTS,
  LENGTH_BITS,
  MASKS,
  MAX_CORRECTIONS,
  PADDED_ACROSS,
} from '../../src/encode/memory-map';
import { putBits } from './bit-sink';

/** Whether symbols are counted or written is a matter of types, decided when this is compiled. */
export type Counting = u8;
export type Writing = u64;

const LENGTH_MASK: u32 = (1 << LENGTH_BITS) - 1;
/** The longest run of blocks without further values that one symbol can say (G.1.2.2). */
const MAX_RUN: i32 = 0x7fff;
const ZERO_RUN: i32 = 0xf0;

/** Bit k for place k of the band; the band's ends; bits that later scans will add. */
let band: u64 = 0;
let first: i32 = 0;
let last: i32 = 0;
let low: i32 = 0;
let refines: bool = false;
/** 256 codes, and 256 counts. */
let codes: usize = 0;
let counts: usize = 0;
/** Blocks that ended since the last symbol, and the correction bits they left, a byte each. */
let run: i32 = 0;
let runCorrections: i32 = 0;

/** Begins a scan of places `from` to `to`, of which 1..63 are ours; the codes are the component's. */
export function startBand(component: usize, from: i32, to: i32, shift: i32, isFurther: bool): void {
  first = from;
  last = to;
  band = (~(<u64>0) << from) & (~(<u64>0) >>> (63 - to));
  low = shift;
  refines = isFurther;
  codes = load<usize>(component + AC_CODES);
  counts = load<usize>(component + COUNTS);
  run = 0;
  runCorrections = 0;
}

/** Block (x, y) of the one component that a scan of a band has. */
export function codeBand<Mode>(component: usize, x: i32, y: i32): void {
  const index = <usize>(y * load<i32>(component + PADDED_ACROSS) + x);
  const block = load<usize>(component + COEFFICIENTS) + index * 128;
  const found = load<u64>(load<usize>(component + MASKS) + index * 8) & band;
  if (refines) refineBlock<Mode>(block, found);
  else codeBlock<Mode>(block, found);
}

/** Says how many blocks ended, and their corrections. */
export function endBand<Mode>(): void {
  if (run > 0) {
    const size: i32 = 31 - clz(run);
    putSymbol<Mode>(size << 4, 0);
    // Bits that belong to no size: the table's entry has no room for them.
    if (sizeof<Mode>() != sizeof<Counting>()) putBits(run - (1 << size), size);
    run = 0;
  }
  putCorrections<Mode>(0, runCorrections);
  runCorrections = 0;
}

/** A symbol and the bits that its low half calls for. */
function putSymbol<Mode>(symbol: i32, bits: u32): void {
  if (sizeof<Mode>() == sizeof<Counting>()) {
    const at = counts + (symbol << 2);
    store<u32>(at, load<u32>(at) + 1);
  } else {
    const entry = load<u32>(codes + (symbol << 2));
    putBits((entry >>> LENGTH_BITS) | bits, entry & LENGTH_MASK);
  }
}

/** Correction bits `from` to `to - 1`, without a code. */
function putCorrections<Mode>(from: i32, to: i32): void {
  if (sizeof<Mode>() == sizeof<Counting>()) return;
  for (let at = from; at < to; at += 32) {
    const end = min(at + 32, to);
    let bits: u64 = 0;
    for (let i = at; i < end; i++) bits = (bits << 1) | load<u8>(CORRECTIONS + i);
    putBits(bits, end - at);
  }
}

/** The upper bits of a band. */
function codeBlock<Mode>(block: usize, found: u64): void {
  let previous = first - 1;
  for (let mask = found; mask != 0; mask &= mask - 1) {
    const k: i32 = <i32>ctz(mask);
    const level: i32 = load<i16>(block + (k << 1));
    const magnitude = abs(level) >> low;
    if (magnitude == 0) continue;
    if (run > 0) endBand<Mode>();
    let zeros = k - previous - 1;
    previous = k;
    for (; zeros > 15; zeros -= 16) putSymbol<Mode>(ZERO_RUN, 0);
    const size: i32 = 32 - clz(magnitude);
    const bits = level < 0 ? (1 << size) - 1 - magnitude : magnitude;
    putSymbol<Mode>((zeros << 4) | size, bits);
  }
  if (previous < last && ++run == MAX_RUN) endBand<Mode>();
}

/**
 * One further bit of a band. Values that become +-1 are coded like new ones; those already known send
 * a correction, which waits for the symbol that passes over them.
 */
function refineBlock<Mode>(block: usize, found: u64): void {
  const lastNew = lastNewValue(block, found);
  let zeros: i32 = 0;
  let previous = first - 1;
  // Corrections since the last symbol lie in from..to - 1.
  let from = runCorrections;
  let to = from;
  for (let mask = found; mask != 0; mask &= mask - 1) {
    const k: i32 = <i32>ctz(mask);
    const level: i32 = load<i16>(block + (k << 1));
    const magnitude = abs(level) >> low;
    if (magnitude == 0) continue;
    zeros += k - previous - 1;
    previous = k;
    // Beyond the last new value the end-of-band symbol says it all, so no run is spelled out.
    if (k <= lastNew) {
      for (; zeros > 15; zeros -= 16) {
        endBand<Mode>();
        putSymbol<Mode>(ZERO_RUN, 0);
        putCorrections<Mode>(from, to);
        from = to = 0;
      }
    }
    if (magnitude > 1) {
      store<u8>(CORRECTIONS + to++, magnitude & 1);
      continue;
    }
    endBand<Mode>();
    putSymbol<Mode>((zeros << 4) | 1, level < 0 ? 0 : 1);
    putCorrections<Mode>(from, to);
    from = to = 0;
    zeros = 0;
  }
  if (zeros + last == previous && to == runCorrections) return;
  run++;
  runCorrections = to;
  // Room for another block's corrections must remain.
  if (run == MAX_RUN || to > MAX_CORRECTIONS - 63) endBand<Mode>();
}

/** The last place whose value becomes +-1 in this scan; 0 when there is none. */
function lastNewValue(block: usize, found: u64): i32 {
  let place: i32 = 0;
  for (let mask = found; mask != 0; mask &= mask - 1) {
    const k: i32 = <i32>ctz(mask);
    if (abs(<i32>load<i16>(block + (k << 1))) >> low == 1) place = k;
  }
  return place;
}
