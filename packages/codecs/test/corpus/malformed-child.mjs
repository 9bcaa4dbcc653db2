/**
 * Decodes every file of a folder and prints one line of JSON: outcomes by file and the greatest
 * resident size. A process of its own, so that an abort or a hang is seen and does not spread.
 * Usage: node malformed-child.mjs FOLDER; needs the built packages.
 * @module
 */

import { createArena, createBudget, GENEROUS_LIMITS, isImageError } from '@safelight/core';
import {
  createBmpCodec,
  createGifCodec,
  createJpegCodec,
  createTiffCodec,
  nodeDeflater,
  sniffFormat,
} from '@safelight/codecs';
import { createPngCodec } from '@safelight/codecs/png';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const codecs = [
  createJpegCodec(),
  createPngCodec(),
  createBmpCodec(),
  createGifCodec(),
  createTiffCodec({ deflater: nodeDeflater }),
];
const limits = { ...GENEROUS_LIMITS, maxMemoryBytes: 256 * 1024 * 1024 };
const outcomes = Object.fromEntries(
  readdirSync(folder)
    .toSorted()
    .map((name) => [name, outcomeOf(readFileSync(join(folder, name)))]),
);
process.stdout.write(JSON.stringify({ outcomes, maxRssKiB: process.resourceUsage().maxRSS }));

/** @param {Uint8Array} bytes */
function outcomeOf(bytes) {
  const format = sniffFormat(bytes.subarray(0, 64));
  const codec = codecs.find((candidate) => candidate.format === format);
  if (codec === undefined) return 'unknown-format';
  try {
    const header = codec.readHeader(bytes, limits);
    const arena = createArena({ keptBytes: 0 });
    // Four planes at most, each rounded up to 16 bytes.
    if (header.decoderBytes <= limits.maxMemoryBytes) {
      arena.reserve(4 * (header.width * header.height + 16));
    }
    const context = { arena, budget: createBudget(limits.maxMemoryBytes), limits };
    const raster = codec.decode(bytes, header, {}, context);
    return raster.width === header.width ? 'raster' : 'raster of another size';
  } catch (error) {
    return isImageError(error) ? `${error.code}/${error.reason}` : `threw ${error}`;
  }
}
