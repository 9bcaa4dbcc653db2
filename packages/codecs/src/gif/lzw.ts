/**
 * LZW as GIF has it: codes from the lowest bit up, 12 bits at most, a full table kept until the
 * encoder clears it. The trap is the code that is only just being made: it ends as it begins.
 * @module
 */

import { damaged } from '../refusal.ts';

const MAX_CODES = 4096;
const MAX_CODE_BITS = 12;

/**
 * Fills `target` with the indices of `data`, whose indices have `indexBits`, 1 to 8. Returns how many
 * there were, which may be too few; more are left out. Throws for codes that do not exist.
 *
 * Every step of the loop reads a code, and every code that makes output makes at least one index, so
 * time grows with both lengths and nothing else.
 */
export function expandLzw(data: Uint8Array, indexBits: number, target: Uint8Array): number {
  const clearCode = 1 << indexBits;
  const endCode = clearCode + 1;
  const prefixes = new Uint16Array(MAX_CODES);
  const lasts = new Uint8Array(MAX_CODES);
  const lengths = new Uint16Array(MAX_CODES).fill(1, 0, clearCode);
  for (let i = 0; i < clearCode; i++) lasts[i] = i;
  let codeBits = indexBits + 1;
  let next = endCode + 1;
  let previous = -1;
  let previousAt = 0;
  let bits = 0;
  let held = 0;
  let at = 0;
  let to = 0;
  while (to < target.length) {
    while (held < codeBits) {
      if (at === data.length) return to;
      bits |= data[at++] << held;
      held += 8;
    }
    const code = bits & ((1 << codeBits) - 1);
    // At most 11 + 8 bits are held.
    bits >>>= codeBits;
    held -= codeBits;
    if (code === clearCode) {
      codeBits = indexBits + 1;
      next = endCode + 1;
      previous = -1;
      continue;
    }
    if (code === endCode) return to;
    const isNew = code === next && previous >= 0;
    if (code > next || (code === next && !isNew) || (previous < 0 && code > endCode)) {
      throw damaged('gif', `expected a code up to ${next}, got ${code}`);
    }
    const length = isNew ? lengths[previous] + 1 : lengths[code];
    let place = to + length - 1;
    let link = code;
    if (isNew) {
      if (place < target.length) target[place] = target[previousAt];
      place--;
      link = previous;
    }
    for (; place >= to; place--) {
      if (place < target.length) target[place] = lasts[link];
      link = prefixes[link];
    }
    if (previous >= 0 && next < MAX_CODES) {
      prefixes[next] = previous;
      lasts[next] = target[to];
      lengths[next] = lengths[previous] + 1;
      next++;
      if (next === 1 << codeBits && codeBits < MAX_CODE_BITS) codeBits++;
    }
    previous = code;
    previousAt = to;
    to += length;
  }
  return target.length;
}
