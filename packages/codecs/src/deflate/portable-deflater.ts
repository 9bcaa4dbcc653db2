/**
 * A deflater whose streams are the same bytes in every runtime: deflate is plain JavaScript, fflate's.
 * What a stream inflates to is no matter of taste, so that stays the runtime's.
 * @module
 */

import type { Deflater } from './deflater.ts';

export type { Deflater } from './deflater.ts';

/**
 * Size of fflate's tables, 2^12 and up. Given, because its own choice takes a logarithm, whose last
 * digit is the runtime's.
 */
const TABLES = 12;

/** The given deflater inflates and checks. fflate is loaded with the first stream that is written. */
export function createPortableDeflater({ inflate, crc32 }: Deflater): Deflater {
  return {
    inflate,
    crc32,
    async deflate(bytes, level) {
      const { zlibSync } = await import('fflate');
      return zlibSync(bytes, { level: asLevel(level), mem: TABLES });
    },
  };
}

const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

function asLevel(level: number): (typeof LEVELS)[number] {
  return LEVELS.find((known) => known === level) ?? 6;
}
