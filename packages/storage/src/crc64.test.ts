/**
 * CRC-64/XZ against its check value and its definition.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { combineCrc64, crc64, createCrc64 } from './crc64.ts';

describe('crc64', () => {
  it('gives the check value of CRC-64/XZ', () => {
    // The catalogue of CRC algorithms: 0x995DC9BBDF1939FA for "123456789".
    expect(BigInt(crc64(Buffer.from('123456789')))).toBe(0x995dc9bbdf1939fan);
  });

  it('is 0 for no bytes and unsigned for others', () => {
    expect(crc64(new Uint8Array())).toBe('0');
    for (let byte = 0; byte < 256; byte++) expect(crc64(Uint8Array.of(byte))).toMatch(/^\d+$/);
  });

  it('agrees with the definition, bit by bit', () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * i) ^ (i >> 3));
    expect(crc64(bytes)).toBe(String(bitwise(bytes)));
  });

  it('does not depend on how the bytes are cut', () => {
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => i * 7);
    const checksum = createCrc64();
    for (let at = 0; at < 100; at += 9) checksum.update(bytes.subarray(at, at + 9));
    expect(checksum.decimal()).toBe(crc64(bytes));
  });
});

function bitwise(bytes: Uint8Array): bigint {
  const ones = (1n << 64n) - 1n;
  let crc = ones;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc & 1n) === 1n ? (crc >> 1n) ^ 0xc96c5795d7870f42n : crc >> 1n;
    }
  }
  return crc ^ ones;
}

it('combines checksums of pieces into that of the whole', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7919) >>> 3);
  for (const at of [0, 1, 8, 255, 500, 999, 1000]) {
    const [first, second] = [bytes.subarray(0, at), bytes.subarray(at)];
    const combined = combineCrc64(crc64(first), crc64(second), second.length);
    expect(combined).toBe(crc64(bytes));
  }
});
