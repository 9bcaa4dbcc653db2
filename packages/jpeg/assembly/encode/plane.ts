/**
 * The blocks of one component: the twin of `src/coefficient-plane.ts`. AC symbols are counted while
 * the block is in the cache; their number does not depend on the order of a scan.
 * @module
 */

import { EDGE } from '../../src/encode/memory-map';
import { transformBlock } from './block';

/**
 * Transforms and quantises the blocks that hold samples, `across` x `down` of them, and adds their AC
 * symbols to `counts`. Coefficients, masks and DC values are stored in rows of `paddedAcross` blocks.
 */
export function transformPlane(
  source: usize,
  width: i32,
  height: i32,
  stride: usize,
  coefficients: usize,
  masks: usize,
  dcValues: usize,
  across: i32,
  down: i32,
  paddedAcross: i32,
  divisors: usize,
  counts: usize,
): void {
  for (let y: i32 = 0; y < down; y++) {
    const isWholeRow = 8 * y + 8 <= height;
    let block: usize = coefficients + <usize>y * <usize>paddedAcross * 128;
    let mask: usize = masks + <usize>y * <usize>paddedAcross * 8;
    let dc: usize = dcValues + <usize>y * <usize>paddedAcross * 2;
    for (let x: i32 = 0; x < across; x++, block += 128, mask += 8, dc += 2) {
      let found: u64;
      if (isWholeRow && 8 * x + 8 <= width) {
        found = transformBlock(source + <usize>(8 * y) * stride + 8 * x, stride, divisors, block);
      } else {
        copyEdgeBlock(source, width, height, stride, 8 * x, 8 * y);
        found = transformBlock(EDGE, 8, divisors, block);
      }
      store<u64>(mask, found);
      store<i16>(dc, load<i16>(block));
      countAc(block, found, counts);
    }
  }
}

/** Copies the 8 x 8 samples at (left, top), repeating the plane's last column and row beyond it. */
function copyEdgeBlock(
  source: usize,
  width: i32,
  height: i32,
  stride: usize,
  left: i32,
  top: i32,
): void {
  for (let y: i32 = 0; y < 8; y++) {
    const row = source + <usize>min(top + y, height - 1) * stride;
    for (let x: i32 = 0; x < 8; x++) {
      store<u8>(EDGE + 8 * y + x, load<u8>(row + min(left + x, width - 1)));
    }
  }
}

/** Adds the AC symbols of a block to 256 counts. */
function countAc(block: usize, found: u64, counts: usize): void {
  let mask = found & ~1;
  let previous: i32 = 0;
  while (mask != 0) {
    const k: i32 = <i32>ctz(mask);
    mask &= mask - 1;
    let run = k - previous - 1;
    previous = k;
    while (run > 15) {
      add(counts, 0xf0);
      run -= 16;
    }
    const value: i32 = load<i16>(block + (k << 1));
    add(counts, (run << 4) | (32 - <i32>clz(abs(value))));
  }
  if (previous < 63) add(counts, 0);
}

function add(counts: usize, symbol: i32): void {
  const at = counts + (symbol << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/**
 * Gives the blocks that only fill up an MCU the DC value of the block coded before them in that MCU
 * and nothing else, as `padBlocks` of coefficient-plane.ts.
 */
export function padBlocks(
  coefficients: usize,
  masks: usize,
  dcValues: usize,
  across: i32,
  down: i32,
  paddedAcross: i32,
  paddedDown: i32,
  horizontalSampling: i32,
): void {
  for (let y: i32 = 0; y < down; y++) {
    for (let x = across; x < paddedAcross; x++) {
      const block = y * paddedAcross + x;
      copyDc(coefficients, masks, dcValues, block - 1, block);
    }
  }
  for (let y = down; y < paddedDown; y++) {
    for (let x: i32 = 0; x < paddedAcross; x++) {
      // The last block of the row above within the same MCU: that is what was coded last.
      const lastOfMcu = x - (x % horizontalSampling) + horizontalSampling - 1;
      const from = (y - 1) * paddedAcross + lastOfMcu;
      copyDc(coefficients, masks, dcValues, from, y * paddedAcross + x);
    }
  }
}

function copyDc(coefficients: usize, masks: usize, dcValues: usize, from: i32, to: i32): void {
  const dc = load<i16>(dcValues + <usize>from * 2);
  store<i16>(dcValues + <usize>to * 2, dc);
  const block: usize = coefficients + <usize>to * 128;
  memory.fill(block, 0, 128);
  store<i16>(block, dc);
  store<u64>(masks + <usize>to * 8, dc != 0 ? 1 : 0);
}
