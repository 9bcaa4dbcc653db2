/**
 * Decodes every file of a folder and prints one line of JSON: outcomes by file and the greatest
 * resident size. A process of its own, so that an abort or a hang is seen and does not spread.
 * Usage: node malformed-child.mjs FOLDER; needs the built packages.
 * @module
 */

import { createArena, createBudget, GENEROUS_LIMITS, isImageError } from '@safelight/core';
import {
  createAvifCodec,
  createBmpCodec,
  createGifCodec,
  createHeicCodec,
  createJpegCodec,
  createTiffCodec,
  createWebpCodec,
  nodeDeflater,
  nodeWasmLoader,
  sniffFormat,
} from '@safelight/codecs';
import { createPngCodec } from '@safelight/codecs/png';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const codecs = [
  createJpegCodec(),
  createPngCodec(),
  createBmpCodec(),
  createGifCodec(),
  createTiffCodec({ deflater: nodeDeflater }),
  createWebpCodec({ loadWasm: nodeWasmLoader, simd: true }),
  createAvifCodec({ loadWasm: nodeWasmLoader }),
  createHeicCodec({ loadWasm: nodeWasmLoader }),
];
const limits = { ...GENEROUS_LIMITS, maxMemoryBytes: 256 * 1024 * 1024 };
/** @type {Record<string, string>} */
const outcomes = {};
for (const name of readdirSync(folder).toSorted()) {
  outcomes[name] = await outcomeOf(readFileSync(join(folder, name)));
}
process.stdout.write(JSON.stringify({ outcomes, maxRssKiB: maxRssKiB() }));

/** Of this program alone: on Linux, `maxRSS` begins with what the process was that started it. */
function maxRssKiB() {
  const status = '/proc/self/status';
  const [, own] =
    (existsSync(status) && /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))) || [];
  return own === undefined ? process.resourceUsage().maxRSS : Number(own);
}

/** @param {Uint8Array} bytes */
async function outcomeOf(bytes) {
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
    const raster = await codec.decode(bytes, header, {}, context);
    if (raster.width !== header.width) return 'raster of another size';
    if (header.animation === undefined || codec.readFrames === undefined) return 'raster';
    if (header.animation.decoderBytes > limits.maxMemoryBytes) return 'raster of too much memory';
    return await outcomeOfFrames(codec.readFrames(bytes, header, context), arena);
  } catch (error) {
    return isImageError(error) ? `${error.code}/${error.reason}` : `threw ${error}`;
  }
}

/**
 * @param {Iterable<import('@safelight/core').Frame> | AsyncIterable<import('@safelight/core').Frame>} frames
 * @param {import('@safelight/core').Arena} arena
 */
async function outcomeOfFrames(frames, arena) {
  try {
    arena.clear();
    let count = 0;
    for await (const { raster } of frames) {
      if (raster.planes.length > 0) count++;
      arena.clear();
    }
    return count > 1 ? 'raster and frames' : 'raster and no frames';
  } catch (error) {
    return isImageError(error) ? `raster, ${error.code}/${error.reason}` : `threw ${error}`;
  }
}
