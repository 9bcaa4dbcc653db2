/**
 * CRC-64/XZ (ECMA-182 polynomial, reflected), which OSS calls crc64ecma. Easily got wrong: clients
 * compare the *unsigned* decimal.
 * @module
 */

/** A running checksum. */
export interface Crc64 {
  update(bytes: Uint8Array): void;
  /** Of all bytes so far, as an unsigned decimal. */
  decimal(): string;
}

/**
 * Starts a checksum. State and table are two 32-bit halves, since a BigInt for every byte would
 * allocate.
 */
export function createCrc64(): Crc64 {
  // Initial value and final inversion are all ones.
  let high = -1;
  let low = -1;
  return {
    update(bytes: Uint8Array): void {
      let h = high;
      let l = low;
      for (let i = 0; i < bytes.length; i++) {
        const at = (l ^ bytes[i]!) & 255;
        l = ((l >>> 8) | (h << 24)) ^ tableLow[at]!;
        h = (h >>> 8) ^ tableHigh[at]!;
      }
      high = h;
      low = l;
    },
    decimal(): string {
      return ((BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0)).toString();
    },
  };
}

/** Of one piece of bytes. */
export function crc64(bytes: Uint8Array): string {
  const checksum = createCrc64();
  checksum.update(bytes);
  return checksum.decimal();
}

/**
 * The checksum of two pieces after each other from the checksum of each: appending bytes to a message
 * is linear over GF(2) in its checksum, so the first is carried past the second's length by squaring
 * (the method of zlib's `crc32_combine`). Costs a few thousand word operations whatever the length.
 */
export function combineCrc64(first: string, second: string, secondBytes: number): string {
  let crc = BigInt(first);
  // The operator of one zero bit, squared three times: of one zero byte.
  let operator = squareOperator(squareOperator(squareOperator(zeroBitOperator())));
  for (let rest = secondBytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) crc = applyOperator(operator, crc);
    operator = squareOperator(operator);
  }
  return (crc ^ BigInt(second)).toString();
}

/** A linear map of 64 bits, as the images of its single bits, lowest first. */
type Operator = readonly bigint[];

function zeroBitOperator(): Operator {
  const polynomial = (BigInt(POLYNOMIAL_HIGH) << 32n) | BigInt(POLYNOMIAL_LOW);
  return Array.from({ length: 64 }, (_, bit) => (bit === 0 ? polynomial : 1n << BigInt(bit - 1)));
}

function squareOperator(operator: Operator): Operator {
  return operator.map((image) => applyOperator(operator, image));
}

function applyOperator(operator: Operator, bits: bigint): bigint {
  let result = 0n;
  let rest = bits;
  for (let bit = 0; rest !== 0n; bit++) {
    if ((rest & 1n) === 1n) result ^= operator[bit]!;
    rest >>= 1n;
  }
  return result;
}

/** 0x42F0E1EBA9EA3693 with its bits in reverse order. */
const POLYNOMIAL_HIGH = 0xc96c5795;
const POLYNOMIAL_LOW = 0xd7870f42;

const tableHigh = new Int32Array(256);
const tableLow = new Int32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let high = 0;
  let low = byte;
  for (let bit = 0; bit < 8; bit++) {
    const carry = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (carry === 1) {
      low ^= POLYNOMIAL_LOW;
      high ^= POLYNOMIAL_HIGH;
    }
  }
  tableHigh[byte] = high;
  tableLow[byte] = low;
}
