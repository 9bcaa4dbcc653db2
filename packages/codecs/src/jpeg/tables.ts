/**
 * Quantisation and Huffman table segments (ITU-T T.81, B.2.4.1 and B.2.4.2). Both may hold several
 * tables and must end exactly where their segment ends: the decoder does not look.
 * @module
 */

import { damaged, unsupported } from '../refusal.ts';

/** Natural position (8 * row + column) of each place in the zigzag order (T.81, figure A.6). */
// oxfmt-ignore
const ZIGZAG = Uint8Array.of(
   0,  1,  8, 16,  9,  2,  3, 10,
  17, 24, 32, 25, 18, 11,  4,  5,
  12, 19, 26, 33, 40, 48, 41, 34,
  27, 20, 13,  6,  7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36,
  29, 22, 15, 23, 30, 37, 44, 51,
  58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
);

/**
 * Reads a DQT segment into `target`, by table number. A table that changes after the first scan is
 * refused: jpeg-js dequantises everything at the end, with the last table it has seen.
 */
export function parseQuantizationTables(
  payload: Uint8Array,
  target: (Uint16Array | undefined)[],
  isAfterScan: boolean,
): void {
  let at = 0;
  while (at < payload.length) {
    const wide = payload[at] >> 4;
    const number = payload[at] & 15;
    if (wide > 1 || number > 3) {
      throw damaged('jpeg', `expected a quantisation table of 0..3, got byte ${payload[at]}`);
    }
    const bytes = 64 << wide;
    if (at + 1 + bytes > payload.length) throw damaged('jpeg', 'a quantisation table is cut off');
    const table = new Uint16Array(64);
    for (let i = 0; i < 64; i++) {
      const from = at + 1 + (i << wide);
      table[ZIGZAG[i]] = wide === 0 ? payload[from] : (payload[from] << 8) | payload[from + 1];
    }
    if (isAfterScan && !isSameTable(table, target[number])) {
      throw unsupported(
        'jpeg',
        'expected one set of quantisation tables, got another after a scan',
      );
    }
    target[number] = table;
    at += 1 + bytes;
  }
}

/** Walks over a DHT segment's tables; throws when one is out of range or ends elsewhere. */
export function checkHuffmanTables(payload: Uint8Array): void {
  let at = 0;
  while (at < payload.length) {
    const kind = payload[at] >> 4;
    const number = payload[at] & 15;
    if (kind > 1 || number > 3) {
      throw damaged('jpeg', `expected a Huffman table of 0..3, got byte ${payload[at]}`);
    }
    if (at + 17 > payload.length) throw damaged('jpeg', 'a Huffman table is cut off');
    let count = 0;
    // Codes of length n that are free; a table may not use more than there are.
    let free = 1;
    for (let i = 1; i <= 16; i++) {
      count += payload[at + i];
      free = 2 * free - payload[at + i];
      if (free < 0) throw damaged('jpeg', `a Huffman table has too many codes of ${i} bits`);
    }
    if (count > 256) throw damaged('jpeg', `expected at most 256 Huffman codes, got ${count}`);
    at += 17 + count;
    if (at > payload.length) throw damaged('jpeg', 'a Huffman table is cut off');
  }
}

function isSameTable(table: Uint16Array, other: Uint16Array | undefined): boolean {
  return other !== undefined && table.every((value, index) => value === other[index]);
}
