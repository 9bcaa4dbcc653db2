/**
 * Quantisation and Huffman tables as segments define them. They may be redefined between scans, so a
 * scan takes what is defined when it begins.
 * @module
 */

import { positionOf } from './block-layout.ts';
import { damaged } from './markers.ts';
import type { Segment } from './markers.ts';

/** A Huffman table as it stands in the file: 16 counts, then the symbols. */
export interface HuffmanTable {
  readonly bytes: Uint8Array;
  /** The same bytes as text, so that equal tables can be found. */
  readonly key: string;
}

export class JpegTables {
  /** Divisors in block layout, 64 each. */
  readonly quantization: (Uint16Array | undefined)[] = [];
  readonly dc: (HuffmanTable | undefined)[] = [];
  readonly ac: (HuffmanTable | undefined)[] = [];
  /** MCUs between restart markers; 0 for none. */
  restartInterval = 0;

  /** Reads DQT (T.81, B.2.4.1). */
  readQuantization(file: Uint8Array, { start, end }: Segment): void {
    let at = start;
    while (at < end) {
      const number = file[at] & 15;
      const wide = file[at] >> 4;
      at++;
      if (number > 3) throw damaged(`DQT: expected a table 0 to 3, got ${number}`);
      if (wide > 1) throw damaged(`DQT: expected a precision of 0 or 1, got ${wide}`);
      if (at + 64 * (wide + 1) > end)
        throw damaged(`DQT: expected 64 values, got ${end - at} bytes`);
      const values = new Uint16Array(64);
      for (let k = 0; k < 64; k++) {
        values[positionOf(k)] =
          wide === 0 ? file[at + k] : (file[at + 2 * k] << 8) | file[at + 2 * k + 1];
      }
      this.quantization[number] = values;
      at += 64 * (wide + 1);
    }
  }

  /** Reads DHT (T.81, B.2.4.2). Codes are checked when a scan needs the table. */
  readHuffman(file: Uint8Array, { start, end }: Segment): void {
    let at = start;
    while (at < end) {
      const number = file[at] & 15;
      const kind = file[at] >> 4;
      at++;
      if (number > 3) throw damaged(`DHT: expected a table 0 to 3, got ${number}`);
      if (kind > 1) throw damaged(`DHT: expected a class of 0 or 1, got ${kind}`);
      if (at + 16 > end) throw damaged(`DHT: expected 16 counts, got ${end - at} bytes`);
      let symbols = 0;
      for (let i = 0; i < 16; i++) symbols += file[at + i];
      if (symbols > 256) throw damaged(`DHT: expected at most 256 symbols, got ${symbols}`);
      if (at + 16 + symbols > end) {
        throw damaged(`DHT: expected ${symbols} symbols, got ${end - at - 16}`);
      }
      const bytes = file.slice(at, at + 16 + symbols);
      (kind === 0 ? this.dc : this.ac)[number] = { bytes, key: String.fromCharCode(...bytes) };
      at += bytes.length;
    }
  }

  /** Reads DRI (T.81, B.2.4.4). */
  readRestartInterval(file: Uint8Array, { start, end }: Segment): void {
    if (end - start !== 2) throw damaged(`DRI: expected 2 bytes, got ${end - start}`);
    this.restartInterval = (file[start] << 8) | file[start + 1];
  }
}
