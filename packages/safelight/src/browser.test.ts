/**
 * The two doors of the package: the same names, and settings that both of them know.
 * @module
 */

import { photoLike } from '@safelight/testkit';
import { nodeWasmLoader } from '@safelight/codecs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import * as browserDoor from './browser.ts';
import * as nodeDoor from './index.ts';

const [width, height] = [120, 80];
const source = sharp(photoLike(width, height).rgb, { raw: { width, height, channels: 3 } })
  .png()
  .toBuffer();

describe('the doors for Node and for browsers', () => {
  it('offer the same names', () => {
    expect(Object.keys(browserDoor).toSorted()).toEqual(Object.keys(nodeDoor).toSorted());
  });

  it.each(['image/resize,w_60', 'image/resize,w_60/format,tiff'])(
    'write the same bytes by portable deflate, and the pixels of the other: %s',
    async (chain) => {
      const portable = { deflate: 'portable' } as const;
      const files = await Promise.all(
        [
          nodeDoor.createSafelight(portable),
          browserDoor.createSafelight(portable),
          nodeDoor.createSafelight({ ...portable, kernels: 'portable' }),
          nodeDoor.createSafelight(),
        ].map(async (made) => (await (await made).render(await source, chain)).bytes),
      );
      const [first, ...others] = files as [Uint8Array, ...Uint8Array[]];
      expect(others.map((file) => Buffer.compare(file, first) === 0)).toEqual([true, true, false]);
      const pixels = files.map((file) => sharp(file).raw().toBuffer());
      const [one, , , runtimes] = await Promise.all(pixels);
      expect(Buffer.compare(one as Buffer, runtimes as Buffer)).toBe(0);
    },
  );

  it.each([nodeDoor, browserDoor])('take WebAssembly from where they are told to', async (door) => {
    const asked: string[] = [];
    const safelight = await door.createSafelight({
      loadWasm(part) {
        asked.push(part);
        return nodeWasmLoader(part);
      },
    });
    const { bytes } = await safelight.render(await source, 'image/format,webp');
    expect((await sharp(bytes).metadata()).format).toBe('webp');
    expect(asked).toEqual([safelight.kernelSet === 'simd' ? 'webp-encoder-simd' : 'webp-encoder']);
  });

  it('leave HEIC in browsers to whoever installs it', async () => {
    const heic = new TextEncoder().encode('\0\0\0\x18ftypheic\0\0\0\0mif1heic');
    const readHeader = async (door: typeof nodeDoor | typeof browserDoor): Promise<unknown> =>
      (await door.createSafelight()).render(heic, 'image/info');
    // Known to Node, which finds that the file ends early.
    await expect(readHeader(nodeDoor)).rejects.toMatchObject({ code: 'BadImage' });
    await expect(readHeader(browserDoor)).rejects.toMatchObject({ reason: 'unknown-format' });
  });
});
