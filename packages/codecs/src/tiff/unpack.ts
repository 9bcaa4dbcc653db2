/**
 * Compressions of TIFF without a runtime's help: LZW and PackBits. Both stop when the target is full
 * and read each byte once, so time grows with the two lengths.
 * @module
 */

import { damaged, unsupported } from '../refusal.ts';

const CLEAR = 256;
const END = 257;
const MAX_CODES = 4096;
/** Codes grow one code early: TIFF 6.0, section 13. */
const EARLY = 1;

/** Fills `target` from LZW codes, highest bit first. Returns the bytes that there were. */
export function expandTiffLzw(data: Uint8Array, target: Uint8Array): number {
  // Old-style LZW begins with a clear code from the low end: 0x00, then an odd byte.
  if (data.length > 1 && data[0] === 0 && (data[1] & 1) === 1) {
    throw unsupported('tiff', 'old-style LZW');
  }
  const starts = new Uint32Array(MAX_CODES);
  const lengths = new Uint32Array(MAX_CODES);
  let codeBits = 9;
  let next = END + 1;
  let previousAt = -1;
  let previousLength = 0;
  let bits = 0;
  let held = 0;
  let at = 0;
  let to = 0;
  while (to < target.length) {
    while (held < codeBits) {
      if (at === data.length) return to;
      // At most 11 + 8 bits count; older ones are shifted out.
      bits = (bits << 8) | data[at++];
      held += 8;
    }
    held -= codeBits;
    const code = (bits >>> held) & ((1 << codeBits) - 1);
    if (code === END) return to;
    if (code === CLEAR) {
      codeBits = 9;
      next = END + 1;
      previousAt = -1;
      continue;
    }
    if (code > next || (code > CLEAR && previousAt < 0) || next > MAX_CODES) {
      throw damaged('tiff', `expected an LZW code up to ${next}, got ${code}`);
    }
    // A string ends one byte behind the one before it: its text is in the target already.
    if (previousAt >= 0 && next < MAX_CODES) {
      starts[next] = previousAt;
      lengths[next] = previousLength + 1;
    }
    const from = code < CLEAR ? -1 : starts[code];
    const length = code < CLEAR ? 1 : lengths[code];
    const end = Math.min(to + length, target.length);
    if (from < 0) target[to] = code;
    else for (let i = to, j = from; i < end; i++, j++) target[i] = target[j];
    if (previousAt >= 0 && next < MAX_CODES) {
      next++;
      if (next + EARLY >= 1 << codeBits && codeBits < 12) codeBits++;
    }
    previousAt = to;
    previousLength = length;
    to += length;
  }
  return target.length;
}

/** Fills `target` from PackBits (TIFF 6.0, section 9). Returns the bytes that there were. */
export function expandPackBits(data: Uint8Array, target: Uint8Array): number {
  let at = 0;
  let to = 0;
  while (at < data.length && to < target.length) {
    const head = data[at++];
    if (head === 128) continue;
    if (head < 128) {
      const run = data.subarray(at, Math.min(at + head + 1, at + target.length - to));
      target.set(run, to);
      to += run.length;
      at += head + 1;
    } else {
      if (at === data.length) break;
      const end = Math.min(to + 257 - head, target.length);
      target.fill(data[at++], to, end);
      to = end;
    }
  }
  return to;
}
