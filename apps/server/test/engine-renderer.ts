/**
 * The real engine in this process: what the worker pool does, without the workers.
 * @module
 */

import type { Limits } from '@safelight/core';
import { createSafelight } from 'safelight';
import type { Renderer } from '../src/index.ts';

export async function createEngineRenderer(limits: Limits): Promise<Renderer> {
  const safelight = await createSafelight({ limits });
  return {
    version: 'test',
    async render({ chain, readSource, readMarks }) {
      const marks = await readMarks?.();
      const readMark = (key: string) => marks?.get(key);
      const source = await readSource();
      const { bytes, mediaType } = await safelight.render(source, chain, { readMark });
      return { bytes: Uint8Array.from(bytes), mediaType };
    },
  };
}
