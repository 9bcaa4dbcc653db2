/**
 * Entropy-coded bytes as one run of bits: stuffing removed, markers found, and turned round so that
 * one load and one shift give the next 56 bits. Whoever reads keeps `MARGIN_BYTES` between the
 * position and the last valid bit, or has seen the end of the segment, behind which zeros lie.
 * @module
 */

import { BITS_BOTTOM, BITS_TOP, INPUT, MARGIN_BYTES } from '../src/decode/memory-map';

/** The next bit to read, and one past the last valid one. */
export let position: i32 = 0;
export let end: i32 = 0;
/** Whether the segment's end has been seen; then the second byte of its marker, 0 if the file ended. */
export let segmentEnded: bool = false;
export let marker: i32 = 0;

let inputAt: usize = 0;
let inputEnd: usize = 0;
let inputIsLast: bool = false;

/** Most bytes that can be stored: below them lie the margin and 16 bytes for whole-vector stores. */
const CAPACITY: i32 = BITS_TOP - BITS_BOTTOM - MARGIN_BYTES - 64;

/** The bits from `at` on, of which 56 are valid; at most the margin past the last valid one. */
export function peek(at: i32): u64 {
  return load<u64>(BITS_TOP - 8 - (at >>> 3)) << (<u64>at & 7);
}

export function setPosition(at: i32): void {
  position = at;
}

/** Forgets everything; the next bytes are those given by `giveInput`. */
export function startSegment(): void {
  position = 0;
  end = 0;
  segmentEnded = false;
  marker = 0;
}

/** The file goes on with `length` bytes at INPUT. Bytes not yet taken must be given again. */
export function giveInput(length: i32, isLast: bool): void {
  inputAt = INPUT;
  inputEnd = INPUT + length;
  inputIsLast = isLast;
}

/** Bytes of the input that have been taken. */
export function inputTaken(): i32 {
  return <i32>(inputAt - INPUT);
}

/** The position up to which an MCU may begin. */
export function lastStart(): i32 {
  return segmentEnded ? end : end - (MARGIN_BYTES << 3);
}

/**
 * Takes input until the buffer is full or the segment ends. False when input is missing, which can
 * only be when less than a full margin is stored.
 */
export function fill(): bool {
  if (segmentEnded) return true;
  const used = position >>> 3;
  let length = (end >>> 3) - used;
  memory.copy(BITS_TOP - length, BITS_TOP - length - used, length);
  position &= 7;
  length = unstuff(length);
  end = length << 3;
  if (segmentEnded) memory.fill(BITS_TOP - length - MARGIN_BYTES - 16, 0, MARGIN_BYTES + 16);
  return segmentEnded || length > MARGIN_BYTES;
}

/** Drops what is left of the segment. False when input is missing. */
export function skipToMarker(): bool {
  while (!segmentEnded) {
    position = 0;
    end = 0;
    end = unstuff(0) << 3;
    if (!segmentEnded && inputAt + 1 >= inputEnd && !inputIsLast) return false;
  }
  return true;
}

/** Appends input to `length` stored bytes and returns the new length. */
function unstuff(start: i32): i32 {
  let length = start;
  let at = inputAt;
  const all = i8x16.splat(-1);
  while (length < CAPACITY) {
    if (at >= inputEnd) {
      if (inputIsLast) segmentEnded = true;
      break;
    }
    // Reads up to 15 bytes past the input, into the slack behind it; they are not counted.
    const bytes = v128.load(at);
    const reversed = v128.shuffle<u8>(
      bytes,
      bytes,
      15,
      14,
      13,
      12,
      11,
      10,
      9,
      8,
      7,
      6,
      5,
      4,
      3,
      2,
      1,
      0,
    );
    v128.store(BITS_TOP - 16 - length, reversed);
    const stuffed = i8x16.bitmask(i8x16.eq(bytes, all)) | 0x10000;
    const left = <i32>(inputEnd - at);
    const found = ctz(stuffed);
    const plain = found < left ? found : left;
    length += plain;
    at += plain;
    if (plain == 16 || at >= inputEnd) continue;
    // At 0xff. Further ones are fill bytes; 0 makes it data; anything else is a marker.
    let next = at + 1;
    while (next < inputEnd && load<u8>(next) == 0xff) next++;
    if (next >= inputEnd) {
      if (inputIsLast) {
        segmentEnded = true;
        at = inputEnd;
      } else {
        // Fill bytes before the last one need not come again.
        at = next - 1;
      }
      break;
    }
    const code: i32 = load<u8>(next);
    if (code != 0) {
      segmentEnded = true;
      marker = code;
      at = next + 1;
      break;
    }
    store<u8>(BITS_TOP - 1 - length, 0xff);
    length++;
    at = next + 1;
  }
  inputAt = at;
  return length;
}
