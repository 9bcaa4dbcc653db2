/**
 * Sources that are refused, most of them by their header alone: no pixel of a 250-megapixel picture
 * is ever made here.
 * @module
 */

import { crc32, deflateSync } from 'node:zlib';
import { flat } from '@safelight/testkit';
import sharp from 'sharp';

export interface SourceErrorRow {
  readonly name: string;
  readonly process: string;
  readonly make: () => Uint8Array | Promise<Uint8Array>;
  readonly status?: number;
  readonly code: string;
  readonly ec: number | undefined;
  readonly message?: string;
}

const SMALL = 'image/resize,w_100';

export const SOURCE_ERRORS: readonly SourceErrorRow[] = [
  {
    name: 'bytes that are no picture',
    process: SMALL,
    make: () => new TextEncoder().encode('<html>not a picture</html>'),
    code: 'BadRequest',
    ec: 5,
  },
  {
    name: 'a damaged WebP',
    process: SMALL,
    make: () => new TextEncoder().encode('RIFF\0\0\0\0WEBPVP8 '),
    code: 'BadWebPImage',
    ec: 10,
    message: 'The webp image file may be damaged.',
  },
  {
    name: 'a picture too wide for WebP',
    process: 'image/format,webp',
    make: () => emptyPng(16_384, 10),
    code: 'ImageTooLarge',
    ec: 11,
    message: 'Maximum width and height allowed is 16383 pixels for converting webp',
  },
  {
    name: 'a picture too wide for AVIF',
    process: 'image/format,avif',
    make: () => emptyPng(4097, 10),
    code: 'ImageTooLarge',
    ec: undefined,
  },
  {
    name: 'a picture of too many pixels for AVIF',
    process: 'image/format,avif',
    make: () => emptyPng(4096, 2305),
    code: 'ImageTooLarge',
    ec: undefined,
  },
  {
    name: 'an empty object',
    process: SMALL,
    make: () => new Uint8Array(0),
    code: 'BadRequest',
    ec: 5,
  },
  {
    name: 'a truncated JPEG header',
    process: SMALL,
    make: async () => (await jpegOf(64, 64)).subarray(0, 40),
    code: 'BadRequest',
    ec: undefined,
  },
  {
    name: 'a source over 20 MB',
    process: SMALL,
    make: () => new Uint8Array(20 * 1024 ** 2 + 1),
    code: 'ImageTooLarge',
    ec: 1,
  },
  {
    name: 'a source of more than 250 megapixels',
    process: SMALL,
    make: () => emptyPng(30_000, 8_334),
    code: 'MemLimitExceeded',
    ec: 12,
  },
  {
    name: 'a side of more than 30,000 px',
    process: SMALL,
    make: () => emptyPng(30_001, 10),
    code: 'ImageTooLarge',
    ec: undefined,
  },
  {
    name: 'a JPEG with a side of more than 30,000 px',
    process: SMALL,
    make: () => resizedHeader(30_001, 10),
    code: 'ImageTooLarge',
    ec: 19,
  },
  {
    name: 'turning a picture with a side of more than 4,096 px',
    process: 'image/rotate,90',
    make: () => emptyPng(4_097, 10),
    code: 'InvalidArgument',
    ec: undefined,
  },
];

async function jpegOf(width: number, height: number): Promise<Uint8Array> {
  const { rgb } = flat(width, height, [90, 120, 150]);
  return Uint8Array.from(
    await sharp(rgb, { raw: { width, height, channels: 3 } })
      .jpeg()
      .toBuffer(),
  );
}

/** A small JPEG whose frame header claims another size. */
async function resizedHeader(width: number, height: number): Promise<Uint8Array> {
  const bytes = await jpegOf(16, 16);
  const at = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
  new DataView(bytes.buffer).setUint16(at + 5, height);
  new DataView(bytes.buffer).setUint16(at + 7, width);
  return bytes;
}

/** A PNG with a valid header of this size and hardly any data. */
function emptyPng(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(Buffer.alloc(16));
  return Uint8Array.from(
    Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND')]),
  );
}

function chunk(type: string, data: Uint8Array = new Uint8Array(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
