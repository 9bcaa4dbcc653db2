/**
 * MCUs of sequential scans of which only DC values matter, for 1/8. What an MCU consists of is listed
 * once, and one load of bits serves a DC value and two lookups of AC symbols.
 *
 * Declined: following the end of a block by masks instead of branches. It ends all mispredictions and
 * costs more instructions than they do (5.7 ms instead of 5.0 for 6 MP of 4:2:0).
 * @module
 */

import {
  ACROSS,
  BAD_CODE,
  BLOCK_AC_ENTRIES,
  BLOCK_COMPONENT,
  BLOCK_DC_ENTRIES,
  BLOCK_OUTPUT,
  BOTTOM,
  COMPONENT_BYTES,
  COMPONENTS,
  AC_TABLE,
  DC_TABLE,
  DOWN,
  LEFT,
  MCU_BLOCK_BYTES,
  MCU_BLOCKS,
  OUTPUT,
  PREDICTION,
  QUANTIZATION,
  RIGHT,
  SKIP,
  STRIDE,
  TOP,
} from '../src/decode/memory-map';
import { peek } from './bit-source';
import { SKIP_MOVE, skipOffset } from './huffman';
import { differenceLength, findDifference, skipAc } from './sequential';
import { Mean } from './transform';

/** One past the last block of an MCU. */
let blocksEnd: usize = 0;
/** MCUs of a row between these have all their blocks within what is wanted across. */
let insideFrom: i32 = 0;
let insideTo: i32 = 0;

/** Lists the blocks of an MCU of a scan. */
export function listBlocks(componentCount: i32): void {
  blocksEnd = MCU_BLOCKS;
  insideFrom = 0;
  insideTo = i32.MAX_VALUE;
  for (let i: i32 = 0; i < componentCount; i++) {
    const component: usize = COMPONENTS + i * COMPONENT_BYTES;
    const across = load<i32>(component, ACROSS);
    const count = across * load<i32>(component, DOWN);
    insideFrom = max(insideFrom, (load<i32>(component, LEFT) + across - 1) / across);
    insideTo = min(insideTo, load<i32>(component, RIGHT) / across);
    for (let n: i32 = 0; n < count; n++) {
      store<usize>(blocksEnd, load<usize>(component, DC_TABLE) + SKIP, BLOCK_DC_ENTRIES);
      store<usize>(blocksEnd, load<usize>(component, AC_TABLE) + SKIP, BLOCK_AC_ENTRIES);
      store<usize>(blocksEnd, component, BLOCK_COMPONENT);
      blocksEnd += MCU_BLOCK_BYTES;
    }
  }
}

/** Says where the samples of an MCU go; 0 for those that nobody wants. MCUs come in order. */
export function placeBlocks(componentCount: i32, mcuX: i32, mcuY: i32): void {
  // Behind an MCU that lies inside, `readMeans` has moved all of them on.
  if (mcuX > insideFrom && mcuX < insideTo) return;
  let block: usize = MCU_BLOCKS;
  for (let i: i32 = 0; i < componentCount; i++) {
    const component: usize = COMPONENTS + i * COMPONENT_BYTES;
    const across = load<i32>(component, ACROSS);
    const down = load<i32>(component, DOWN);
    const left = load<i32>(component, LEFT);
    const top = load<i32>(component, TOP);
    const output = load<usize>(component, OUTPUT);
    const stride = load<usize>(component, STRIDE);
    const wantedAcross = load<i32>(component, RIGHT) - left;
    const wantedDown = load<i32>(component, BOTTOM) - top;
    for (let y = mcuY * down - top; y < (mcuY + 1) * down - top; y++) {
      for (let x = mcuX * across - left; x < (mcuX + 1) * across - left; x++) {
        const isWanted = <u32>y < <u32>wantedDown && <u32>x < <u32>wantedAcross;
        store<usize>(block, isWanted ? output + <usize>y * stride + x : 0, BLOCK_OUTPUT);
        block += MCU_BLOCK_BYTES;
      }
    }
  }
}

/** Reads an MCU whose blocks have been placed. Returns the new position or a fault. */
export function readMeans(start: i32): i32 {
  let at = start;
  for (let block: usize = MCU_BLOCKS; block < blocksEnd; block += MCU_BLOCK_BYTES) {
    const dcEntries = load<usize>(block, BLOCK_DC_ENTRIES);
    const component = load<usize>(block, BLOCK_COMPONENT);
    const output = load<usize>(block, BLOCK_OUTPUT);
    let bits = peek(at);
    let dc = load<i32>(component, PREDICTION);
    const entry: i32 = load<i16>(dcEntries + skipOffset(bits));
    if (entry != 0) {
      at += entry & 63;
      bits <<= <u64>(<u32>entry);
      dc += (entry << 17) >> 23;
    } else {
      dc += findDifference(dcEntries - SKIP, bits);
      if (differenceLength == 0) return BAD_CODE;
      at += differenceLength;
      bits = peek(at);
    }
    store<i32>(component, dc, PREDICTION);
    at = skipBlock(load<usize>(block, BLOCK_AC_ENTRIES), bits, at);
    if (at < 0) return at;
    if (output != 0) {
      store<u8>(output, Mean.of(dc, load<u16>(load<usize>(component, QUANTIZATION))));
      store<usize>(block, output + load<usize>(component, ACROSS), BLOCK_OUTPUT);
    }
  }
  return at;
}

/**
 * Steps over the AC coefficients of a block, whose first bits are given: at least 43, for a lookup looks
 * at 13 and takes at most 28, so that a second one has its bits too.
 */
function skipBlock(entries: usize, first: u64, start: i32): i32 {
  let bits = first;
  let at = start;
  let entry: i32 = load<i16>(entries + skipOffset(bits));
  // No entry at all takes no bits and moves nothing.
  at += entry & 63;
  if (entry < 0) return at;
  let k = (entry >> SKIP_MOVE) & 0x7f;
  if (entry != 0 && k < 63) {
    bits <<= <u64>(<u32>entry);
    entry = load<i16>(entries + skipOffset(bits));
    const reach = k + ((entry >> SKIP_MOVE) & 0x7f);
    if (entry != 0 && reach <= 63) {
      at += entry & 63;
      if (entry < 0) return at;
      k = reach;
    }
  }
  return k < 63 ? skipAc(entries - SKIP, k, at) : at;
}
