import { randomFrom } from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import { codeLengths, codesOf } from './huffman-code.ts';

function costOf(counts: readonly number[], lengths: ArrayLike<number>): number {
  return counts.reduce((sum, count, i) => sum + count * lengths[i], 0);
}

/** The least cost of all lengths up to `maxBits` that leave no code unused, by trying them. */
function leastCost(counts: readonly number[], maxBits: number): number {
  let least = Infinity;
  const lengths: number[] = [];
  const tryRest = (room: number): void => {
    if (lengths.length === counts.length) {
      if (room === 0) least = Math.min(least, costOf(counts, lengths));
      return;
    }
    for (let bits = 1; bits <= maxBits; bits++) {
      const taken = 2 ** (maxBits - bits);
      if (taken > room) continue;
      lengths.push(bits);
      tryRest(room - taken);
      lengths.pop();
    }
  };
  tryRest(2 ** maxBits);
  return least;
}

describe('lengths of codes', () => {
  it('are the best there are under the limit', () => {
    const random = randomFrom(11);
    for (let trial = 0; trial < 60; trial++) {
      const symbols = 2 + Math.floor(5 * random());
      const counts = Array.from({ length: symbols }, () => 1 + Math.floor(2 ** (9 * random())));
      for (const maxBits of [3, 4]) {
        const lengths = codeLengths(Uint32Array.from(counts), maxBits);
        expect(costOf(counts, lengths)).toBe(leastCost(counts, maxBits));
      }
    }
  });

  it('are 15 at most for counts that ask for 40', () => {
    const counts = new Uint32Array(40).fill(1);
    for (let i = 2; i < counts.length; i++) counts[i] = counts[i - 1] + counts[i - 2];
    const lengths = codeLengths(counts, 15);
    expect(Math.max(...lengths)).toBe(15);
    expect(lengths.reduce((sum, bits) => sum + 2 ** -bits, 0)).toBe(1);
  });

  it('are none for nothing, one for a single symbol', () => {
    expect([...codeLengths(Uint32Array.of(0, 0), 15)]).toEqual([0, 0]);
    expect([...codeLengths(Uint32Array.of(0, 9, 0), 15)]).toEqual([0, 1, 0]);
  });
});

describe('codes', () => {
  it('are those of the example in RFC 1951, first bit lowest', () => {
    // 010 011 100 101 110 00 1110 1111
    const codes = codesOf(Uint8Array.of(3, 3, 3, 3, 3, 2, 4, 4));
    expect([...codes]).toEqual([0b010, 0b110, 0b001, 0b101, 0b011, 0b00, 0b0111, 0b1111]);
  });
});
