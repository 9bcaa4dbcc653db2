/**
 * Huffman tables for small alphabets, and for those that ask for codes of more than 16 bits.
 * @module
 */
import { describe, expect, it } from 'vitest';
import { assignCodes, optimalHuffmanTable } from './huffman-table.ts';
import type { HuffmanTable } from './huffman-table.ts';

function frequenciesOf(entries: Readonly<Record<number, number>>): Uint32Array {
  const frequencies = new Uint32Array(256);
  for (const [symbol, count] of Object.entries(entries)) frequencies[Number(symbol)] = count;
  return frequencies;
}

/** The share of all code words that a table uses: below 1 when one is left over. */
function kraftSum(table: HuffmanTable): number {
  return table.counts.reduce((sum, count, index) => sum + count / 2 ** (index + 1), 0);
}

describe('optimalHuffmanTable', () => {
  it('gives a lone symbol the code 0', () => {
    const table = optimalHuffmanTable(frequenciesOf({ 7: 1000 }));
    expect([...table.counts.subarray(0, 2)]).toEqual([1, 0]);
    expect([...table.symbols]).toEqual([7]);
  });

  it('gives frequent symbols the short codes', () => {
    const table = optimalHuffmanTable(frequenciesOf({ 1: 8, 2: 4, 3: 2, 4: 1 }));
    expect([...table.counts.subarray(0, 5)]).toEqual([1, 1, 1, 1, 0]);
    expect([...table.symbols]).toEqual([1, 2, 3, 4]);
  });

  it('leaves the code of all ones free', () => {
    const all = new Uint32Array(256).fill(3);
    const table = optimalHuffmanTable(all);
    expect(table.symbols.length).toBe(256);
    expect(kraftSum(table)).toBeLessThan(1);
    expect(kraftSum(optimalHuffmanTable(frequenciesOf({ 0: 1, 1: 1 })))).toBeLessThan(1);
  });

  it('keeps codes within 16 bits when the frequencies ask for more', () => {
    // Fibonacci numbers make the deepest tree: a level a symbol.
    const frequencies = new Uint32Array(256);
    let [a, b] = [1, 1];
    for (let symbol = 0; symbol < 45; symbol++) {
      frequencies[symbol] = a;
      [a, b] = [b, a + b];
    }
    const table = optimalHuffmanTable(frequencies);
    expect(table.counts.reduce((sum, count) => sum + count, 0)).toBe(45);
    expect(table.symbols.length).toBe(45);
    expect(table.counts[15]).toBeGreaterThan(0);
    expect(kraftSum(table)).toBe(1 - 2 ** -16);
    expect([...table.symbols.subarray(0, 2)]).toEqual([43, 44]);
  });

  it('does not overflow on counts near 2^32', () => {
    const table = optimalHuffmanTable(frequenciesOf({ 0: 2 ** 32 - 1, 1: 2 ** 32 - 1, 2: 5 }));
    expect([...table.symbols]).toEqual([0, 1, 2]);
  });
});

describe('assignCodes', () => {
  it('counts up within a length and doubles between lengths', () => {
    const counts = new Uint8Array(16);
    counts.set([0, 2, 2, 1]);
    const table = { counts, symbols: Uint8Array.of(5, 9, 1, 2, 200) };
    const codes = new Int32Array(512);
    const sizes = new Uint8Array(512);
    assignCodes(table, 256, codes, sizes);
    const words = [5, 9, 1, 2, 200].map((symbol) =>
      codes[256 + symbol].toString(2).padStart(sizes[256 + symbol], '0'),
    );
    expect(words).toEqual(['00', '01', '100', '101', '1100']);
    expect(sizes.subarray(0, 256).every((size) => size === 0)).toBe(true);
  });
});
