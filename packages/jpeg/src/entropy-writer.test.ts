/**
 * Bits to bytes: stuffing, filling and restarts at every alignment.
 * @module
 */
import { describe, expect, it } from 'vitest';
import { ByteSink } from './byte-sink.ts';
import { EntropyWriter, SymbolCounter } from './entropy-writer.ts';
import { AC_TABLES, COUNT_SHIFT, RAW, RESTART, SYMBOL_SHIFT, SYMBOL_SLOTS } from './token.ts';

function raw(count: number, bits: number): number {
  return RAW | (count << COUNT_SHIFT) | bits;
}

function write(batches: readonly (readonly number[])[]): number[] {
  const output = new ByteSink(1);
  const codes = new Int32Array(SYMBOL_SLOTS);
  const sizes = new Uint8Array(SYMBOL_SLOTS);
  // One symbol with the code 101.
  codes[256 * 3 + 0x42] = 5;
  sizes[256 * 3 + 0x42] = 3;
  const writer = new EntropyWriter(output, codes, sizes);
  for (const batch of batches) writer.consume(Int32Array.from(batch), batch.length);
  writer.finish();
  return [...output.toBytes()];
}

describe('EntropyWriter', () => {
  it('writes a code, then its extra bits, and fills the last byte with ones', () => {
    const token = AC_TABLES[1] | (0x42 << SYMBOL_SHIFT) | (2 << COUNT_SHIFT) | 0b01;
    expect(write([[token]])).toEqual([0b10101_111]);
  });

  it('writes nothing when there is nothing', () => {
    expect(write([])).toEqual([]);
    expect(write([[]])).toEqual([]);
  });

  it('puts a zero byte behind a byte of ones, at every place of a word', () => {
    for (let place = 0; place < 8; place++) {
      const bytes = [1, 2, 3, 4, 5, 6, 7, 8];
      bytes[place] = 0xff;
      const expected = bytes.flatMap((byte) => (byte === 0xff ? [255, 0] : [byte]));
      expect(write([bytes.map((byte) => raw(8, byte))])).toEqual(expected);
    }
  });

  it('stuffs a last byte that only the filling made all ones', () => {
    expect(write([[raw(3, 7)]])).toEqual([255, 0]);
  });

  it('carries bits over from one batch to the next', () => {
    expect(write([[raw(4, 0xa)], [raw(4, 0xb), raw(15, 0)], [raw(1, 1)]])).toEqual([0xab, 0, 1]);
  });

  it('fills a word whatever number of bits was pending', () => {
    for (let pending = 0; pending < 32; pending++) {
      const tokens = Array.from({ length: pending }, () => raw(1, 0));
      tokens.push(raw(15, 0x4001), raw(15, 0x2002), raw(15, 0x1003));
      const text = `${'0'.repeat(pending)}100000000000001010000000000010001000000000011`;
      const padded = text.padEnd(Math.ceil(text.length / 8) * 8, '1');
      const expected = padded.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2));
      expect(write([tokens])).toEqual(expected?.flatMap((b) => (b === 255 ? [255, 0] : [b])));
    }
  });

  it('ends an interval on a byte and numbers the restarts 0 to 7', () => {
    const tokens = Array.from({ length: 9 }, () => [raw(1, 0), RESTART]).flat();
    const expected = [0, 1, 2, 3, 4, 5, 6, 7, 0].flatMap((n) => [0x7f, 0xff, 0xd0 + n]);
    expect(write([tokens])).toEqual(expected);
  });
});

describe('SymbolCounter', () => {
  it('counts symbols by table and leaves restarts out', () => {
    const counter = new SymbolCounter();
    const token = AC_TABLES[0] | (7 << SYMBOL_SHIFT) | (3 << COUNT_SHIFT) | 5;
    counter.consume(Int32Array.of(token, RESTART, token, token), 3);
    expect(counter.frequencies[2 * 256 + 7]).toBe(2);
    expect(counter.frequencies.reduce((sum, count) => sum + count, 0)).toBe(2);
  });
});
