import { randomFrom } from '@safelight/testkit';
import { createHash } from 'node:crypto';
import { crc32 as nodeCrc32, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../crc32.ts';
import { type Deflater, settle } from './deflater.ts';
import { nodeDeflater } from './node-deflater.ts';
import { createPortableDeflater } from './portable-deflater.ts';
import { webDeflater } from './web-deflater.ts';

const random = randomFrom(7);
const noise = Uint8Array.from({ length: 300_000 }, () => Math.floor(256 * random()));

describe.each([
  ['node:zlib', nodeDeflater, 'truncated'],
  ['streams of the web', webDeflater, 'damaged'],
  ['plain JavaScript over node:zlib', createPortableDeflater(nodeDeflater), 'truncated'],
] as const)('%s', (_name, deflater: Deflater, failureOfCut) => {
  /** Rejects for what is thrown at once as well. */
  const inflate = async (bytes: Uint8Array, maxBytes: number) => deflater.inflate(bytes, maxBytes);

  it.each([2, 63, 64, 65, 1000, 300_000])('gives back %i bytes', async (length) => {
    const bytes = noise.subarray(0, length);
    const stream = await deflater.deflate(bytes, 6);
    expect(Buffer.from(bytes).equals(await inflate(stream, length))).toBe(true);
    expect(Buffer.from(bytes).equals(await inflate(stream, length + 1))).toBe(true);
    await expect(inflate(stream, length - 1)).rejects.toMatchObject({ failure: 'too-long' });
  });

  it('stops a bomb soon after its bound', async () => {
    const bomb = deflateSync(Buffer.alloc(64 * 1024 * 1024));
    const before = process.memoryUsage().arrayBuffers;
    await expect(inflate(bomb, 10)).rejects.toMatchObject({ failure: 'too-long' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
  });

  it('refuses a cut stream', async () => {
    const stream = deflateSync(noise.subarray(0, 1000));
    for (const length of [0, 1, 2, 500]) {
      const cut = inflate(stream.subarray(0, length), 1000);
      await expect(cut).rejects.toMatchObject({ failure: failureOfCut });
    }
  });

  it('refuses a damaged checksum', async () => {
    const stream = Uint8Array.from(deflateSync(noise.subarray(0, 1000)));
    stream[stream.length - 1] ^= 1;
    await expect(inflate(stream, 1000)).rejects.toMatchObject({ failure: 'damaged' });
  });

  it('knows the checksum of PNG', () => {
    // PNG, D: the CRC of an empty IEND.
    expect(deflater.crc32(new TextEncoder().encode('IEND'))).toBe(0xae42_6082);
    expect(deflater.crc32(noise)).toBe(nodeCrc32(noise));
  });
});

describe('the portable checksum', () => {
  it('is the native one for every length', () => {
    for (let length = 0; length < 100; length++) {
      const bytes = noise.subarray(length, 2 * length);
      expect(crc32(bytes)).toBe(nodeCrc32(bytes));
    }
  });
});

describe('the portable deflater', () => {
  /** Half noise, half runs. */
  const mixed = noise.map((value, i) => (i & 4096 ? value : 0));

  it('writes the same stream over every runtime, as it did when this was written', async () => {
    for (const [level, digest] of [
      [0, '02722542e41f5e8c70cafae15484fb4354dda21dbe5e8e2dd61917cb71400d49'],
      [6, 'e79a15f725232d4b6df2062d025c848806d613ed6f500049e5b460fc9da3febf'],
      [9, 'c270a5ede1b79a939c69563fdc6ea8f91f8e0d6f0b7c27f8e452fab6228ab1a4'],
    ] as const) {
      const one = await createPortableDeflater(nodeDeflater).deflate(mixed, level);
      const other = await createPortableDeflater(webDeflater).deflate(mixed, level);
      expect(Buffer.compare(one, other)).toBe(0);
      expect(createHash('sha256').update(one).digest('hex')).toBe(digest);
      expect(Buffer.compare(inflateSync(one), mixed)).toBe(0);
    }
  });
});

describe('settle', () => {
  it('goes on at once with a value, later with a promise', async () => {
    expect(settle(1, (value) => value + 1)).toBe(2);
    const later = settle(Promise.resolve(1), (value) => value + 1);
    expect(later).toBeInstanceOf(Promise);
    expect(await later).toBe(2);
  });
});
