/**
 * One scan: its MCUs in order, restart markers between them. The position is checked against what is
 * stored once an MCU; the margin behind it covers the greatest MCU, so nothing is checked inside.
 * @module
 */

import {
  ACROSS,
  BAD_CODE,
  BAD_RESTART,
  BLOCK,
  BLOCKS_ACROSS,
  BLOCKS_DOWN,
  BOTTOM,
  COEFFICIENTS,
  COMPONENT_BYTES,
  COMPONENTS,
  AC_TABLE,
  DC_TABLE,
  DONE,
  MAIN,
  DOWN,
  LEFT,
  LOW_POSITIONS,
  NEEDS_INPUT,
  OUTPUT,
  OUT_OF_DATA,
  PAUSED,
  POSITIONS,
  PREDICTION,
  QUANTIZATION,
  RIGHT,
  SCAN_AC_FIRST,
  SCAN_AC_REFINE,
  SCAN_DC_FIRST,
  SCAN_SEQUENTIAL,
  STRIDE,
  TOP,
  WEIGHTS,
  WEIGHTS_BYTES,
} from '../src/decode/memory-map';
import { mainOffset, SLOW } from './huffman';
import {
  end,
  peek,
  fill,
  lastStart,
  marker,
  position,
  segmentEnded,
  setPosition,
  skipToMarker,
  startSegment,
} from './bit-source';
import {
  endedBlocks,
  knownMask,
  readBand,
  refineBand,
  refineDc,
  setEndedBlocks,
} from './progressive';
import { listBlocks, placeBlocks, readMeans } from './reduced';
import { differenceLength, findDifference, lastStored, readAc, readDc, skipAc } from './sequential';
import { fillBlock, transformFull, transformLow, transformSmall } from './transform';

let kind: i32 = 0;
let componentCount: i32 = 0;
let mcusAcross: i32 = 0;
let mcusLeft: i32 = 0;
let mcuX: i32 = 0;
let mcuY: i32 = 0;
/** The row of MCUs before which sequential scans stop. */
let pauseRow: i32 = 0;
let restartInterval: i32 = 0;
/** MCUs until the segment is over. */
let segmentLeft: i32 = 0;
let restarts: i32 = 0;
let skippingSegment: bool = false;

/** N, 1 to 8: samples a block has across and down. */
let size: i32 = 8;
/** Zigzag index of the last coefficient that N x N samples need. */
let lastNeeded: i32 = 63;
let weights: usize = 0;
/** A sequential scan at 1/8, whose blocks are one sample each. */
let meansOnly: bool = false;
/** Progressive: the band, its lowest bit, and how many bytes lie between two stored blocks. */
let bandFirst: i32 = 0;
let bandLast: i32 = 0;
let lowBit: i32 = 0;
let blockBytes: usize = 128;
let nextBlock: usize = 0;

/**
 * Chooses the size of the output, N = 1 to 8, for all that follows, and what a block of coefficients
 * takes: 2 bytes when only DC values are kept, else 128.
 */
export function setSize(n: i32, needed: i32, bytes: i32): void {
  blockBytes = <usize>bytes;
  size = n;
  lastNeeded = needed;
  weights = WEIGHTS + n * WEIGHTS_BYTES;
}

/** The band of a progressive scan, and its lowest bit. */
export function setBand(first: i32, last: i32, low: i32): void {
  bandFirst = first;
  bandLast = last;
  lowBit = low;
}

/** Begins a scan whose components have been described at COMPONENTS. */
export function startScan(scanKind: i32, count: i32, across: i32, mcus: i32, interval: i32): void {
  kind = scanKind;
  componentCount = count;
  mcusAcross = across;
  mcusLeft = mcus;
  mcuX = 0;
  mcuY = 0;
  restartInterval = interval;
  restarts = 0;
  skippingSegment = false;
  nextBlock = load<usize>(COMPONENTS, COEFFICIENTS);
  memory.fill(BLOCK, 0, 256);
  meansOnly = size == 1 && kind == SCAN_SEQUENTIAL;
  if (meansOnly) listBlocks(count);
  startInterval();
}

function startInterval(): void {
  segmentLeft = restartInterval == 0 ? mcusLeft : min(restartInterval, mcusLeft);
  startSegment();
  setEndedBlocks(0);
  for (let i: i32 = 0; i < componentCount; i++) {
    store<i32>(COMPONENTS + i * COMPONENT_BYTES, 0, PREDICTION);
  }
}

/**
 * Reads on with the input that has been given: DONE, NEEDS_INPUT, or a fault (negative). A sequential
 * scan answers PAUSED before row `untilRow` of its MCUs, and reads on from there without new input.
 */
export function advance(untilRow: i32): i32 {
  pauseRow = untilRow;
  while (true) {
    if (skippingSegment) {
      if (!skipToMarker()) return NEEDS_INPUT;
      if (marker != 0xd0 + (restarts & 7)) return marker == 0 ? OUT_OF_DATA : BAD_RESTART;
      restarts++;
      skippingSegment = false;
      startInterval();
    }
    if (!fill()) return NEEDS_INPUT;
    const status =
      kind == SCAN_AC_FIRST || kind == SCAN_AC_REFINE
        ? readBands(lastStart())
        : readMcus(lastStart());
    if (status != DONE) return status;
    if (segmentEnded && position > end) return OUT_OF_DATA;
    if (mcusLeft == 0) return DONE;
    if (segmentLeft == 0) skippingSegment = true;
    if (mcuY >= pauseRow) return PAUSED;
  }
}

/** Reads MCUs until the segment is over, the position has passed `limit` or it is time to pause. */
function readMcus(limit: i32): i32 {
  let at = position;
  while (segmentLeft > 0 && mcuY < pauseRow) {
    if (at > limit) break;
    if (meansOnly) {
      placeBlocks(componentCount, mcuX, mcuY);
      at = readMeans(at);
      if (at < 0) return at;
    } else {
      for (let i: i32 = 0; i < componentCount; i++) {
        const component: usize = COMPONENTS + i * COMPONENT_BYTES;
        at = kind == SCAN_SEQUENTIAL ? readBlocks(component, at) : readProgressive(component, at);
        if (at < 0) return at;
      }
    }
    if (++mcuX == mcusAcross) {
      mcuX = 0;
      mcuY++;
    }
    segmentLeft--;
    mcusLeft--;
  }
  setPosition(at);
  return DONE;
}

/** Reads a component's blocks of one MCU and writes those that are wanted. */
function readBlocks(component: usize, start: i32): i32 {
  const across = load<i32>(component, ACROSS);
  const down = load<i32>(component, DOWN);
  const dcTable = load<usize>(component, DC_TABLE);
  const table = load<usize>(component, AC_TABLE);
  const stride = load<usize>(component, STRIDE);
  const divisors = load<usize>(component, QUANTIZATION);
  const wantedAcross = load<i32>(component, RIGHT) - load<i32>(component, LEFT);
  const wantedDown = load<i32>(component, BOTTOM) - load<i32>(component, TOP);
  const positions = size <= 4 ? LOW_POSITIONS : POSITIONS;
  // In blocks from the first wanted one; what lies before it is negative, and great when unsigned.
  const column = mcuX * across - load<i32>(component, LEFT);
  let row = mcuY * down - load<i32>(component, TOP);
  let dc = load<i32>(component, PREDICTION);
  let at = start;
  for (let y: i32 = 0; y < down; y++, row++) {
    const rowOutput = load<usize>(component, OUTPUT) + <usize>(row * size) * stride;
    for (let x: i32 = 0; x < across; x++) {
      // A DC value takes at most 12 of 56 bits, and AC values begin with what it leaves.
      let bits = peek(at);
      const entry = load<i32>(dcTable + mainOffset(bits), MAIN);
      if ((entry & SLOW) == 0) {
        at += entry & 31;
        dc += entry >> 16;
        bits <<= <u64>(<u32>entry);
      } else {
        dc += findDifference(dcTable, bits);
        if (differenceLength == 0) return BAD_CODE;
        at += differenceLength;
        bits = peek(at);
      }
      if (<u32>row >= <u32>wantedDown || <u32>(column + x) >= <u32>wantedAcross) {
        at = skipAc(table, 0, at);
        if (at < 0) return at;
        continue;
      }
      at = readAc(table, positions, lastNeeded, at, bits);
      if (at < 0) return at;
      const output = rowOutput + (column + x) * size;
      if (lastStored == 0) {
        fillBlock(dc, load<u16>(divisors), output, stride, size);
      } else {
        store<i16>(BLOCK, dc);
        // Zigzag index 9 is the last of the lowest 4 x 4 before the first that is not.
        transformBlock(lastStored <= 9, divisors, output, stride);
      }
    }
  }
  store<i32>(component, dc, PREDICTION);
  return at;
}

/**
 * Reads a component's DC values of one MCU. Blocks of a last MCU that lie outside the component have
 * values but nowhere to keep them.
 */
function readProgressive(component: usize, start: i32): i32 {
  const across = load<i32>(component, ACROSS);
  const down = load<i32>(component, DOWN);
  const blocksAcross = load<i32>(component, BLOCKS_ACROSS);
  const blocksDown = load<i32>(component, BLOCKS_DOWN);
  let at = start;
  for (let y = mcuY * down; y < (mcuY + 1) * down; y++) {
    for (let x = mcuX * across; x < (mcuX + 1) * across; x++) {
      let block: usize = BLOCK;
      if (x < blocksAcross && y < blocksDown) {
        block =
          load<usize>(component, COEFFICIENTS) +
          (<usize>y * <usize>blocksAcross + <usize>x) * blockBytes;
      }
      if (kind == SCAN_DC_FIRST) {
        at = readDc(component, at);
        if (at < 0) return at;
        store<i16>(block, load<i32>(component, PREDICTION) << lowBit);
      } else {
        refineDc(block, at, lowBit);
        at++;
      }
    }
  }
  return at;
}

/** Reads an AC scan's blocks, which lie one behind the other, as `readMcus` does. */
function readBands(limit: i32): i32 {
  const table = load<usize>(COMPONENTS, AC_TABLE);
  while (segmentLeft > 0) {
    if (position > limit) break;
    let count: i32 = 1;
    let status: i32 = 0;
    if (kind == SCAN_AC_REFINE) {
      status = refineBand(table, nextBlock, bandFirst, bandLast, lowBit);
    } else if (endedBlocks > 0) {
      count = min(endedBlocks, segmentLeft);
      setEndedBlocks(endedBlocks - count);
    } else {
      status = readBand(table, nextBlock, bandFirst, bandLast, lowBit);
    }
    if (status != 0) return status;
    nextBlock += <usize>count * blockBytes;
    segmentLeft -= count;
    mcusLeft -= count;
  }
  return DONE;
}

/** Writes the wanted blocks of a component from its stored coefficients. */
export function writeComponent(component: usize): void {
  const across = load<usize>(component, BLOCKS_ACROSS);
  const stride = load<usize>(component, STRIDE);
  const divisors = load<usize>(component, QUANTIZATION);
  const left = load<i32>(component, LEFT);
  const right = load<i32>(component, RIGHT);
  const top = load<i32>(component, TOP);
  const bottom = load<i32>(component, BOTTOM);
  for (let y = top; y < bottom; y++) {
    let block =
      load<usize>(component, COEFFICIENTS) + (<usize>y * across + <usize>left) * blockBytes;
    let output = load<usize>(component, OUTPUT) + <usize>((y - top) * size) * stride;
    for (let x = left; x < right; x++) {
      writeBlock(block, divisors, output, stride);
      block += blockBytes;
      output += size;
    }
  }
}

function writeBlock(block: usize, divisors: usize, output: usize, stride: usize): void {
  if (size == 1) {
    fillBlock(load<i16>(block), load<u16>(divisors), output, stride, 1);
    return;
  }
  let known = knownMask(block) & ~(<u64>1);
  if (known == 0) {
    fillBlock(load<i16>(block), load<u16>(divisors), output, stride, size);
    return;
  }
  const low = known < 1 << 10;
  const positions = size <= 4 ? LOW_POSITIONS : POSITIONS;
  store<i16>(BLOCK, load<i16>(block));
  while (known != 0) {
    const k = <usize>ctz(known);
    store<i16>(BLOCK + <i32>load<u8>(positions + k), load<i16>(block + (k << 1)));
    known &= known - 1;
  }
  transformBlock(low, divisors, output, stride);
}

/** Transforms BLOCK and clears what has been written of it. */
function transformBlock(low: bool, divisors: usize, output: usize, stride: usize): void {
  const zero = i64x2.splat(0);
  if (size <= 4) {
    transformSmall(BLOCK, divisors, weights, output, stride, size);
  } else if (low) {
    transformLow(BLOCK, divisors, weights, output, stride, size);
  } else {
    transformFull(BLOCK, divisors, weights, output, stride, size);
    v128.store(BLOCK, zero, 32);
    v128.store(BLOCK, zero, 48);
    v128.store(BLOCK, zero, 64);
    v128.store(BLOCK, zero, 80);
    v128.store(BLOCK, zero, 96);
    v128.store(BLOCK, zero, 112);
  }
  v128.store(BLOCK, zero);
  v128.store(BLOCK, zero, 16);
}
