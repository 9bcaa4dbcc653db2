/**
 * Where the SIMD probe fails, as the `portable` project of the tests has it: the plain TypeScript set
 * is chosen without being asked for.
 * @module
 */

import { photoLike } from '@safelight/testkit';
import { createSafelight, detectKernelSet } from '../src/index.ts';
import sharp from 'sharp';
import { expect, it } from 'vitest';

it('chooses the portable set, and it works', async () => {
  const { rgb, width, height } = photoLike(300, 200);
  const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
  expect(detectKernelSet()).toBe('portable');
  const safelight = await createSafelight();
  expect(safelight.kernelSet).toBe('portable');
  const result = await safelight.render(jpeg, 'image/resize,w_100/sharpen,100');
  expect(result).toMatchObject({ format: 'jpeg', width: 100, height: 67 });
});

it('lets no module of WebAssembly through by another way', async () => {
  const { createSimdKernels } = await import('@safelight/simd');
  const memory = new WebAssembly.Memory({ initial: 128 });
  expect(() => createSimdKernels(memory)).toThrow(WebAssembly.CompileError);
});
