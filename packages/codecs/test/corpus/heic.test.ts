import { GENEROUS_LIMITS } from '@safelight/core';
import { corpusFolder, decodeByLibheif } from '@safelight/testkit';
import { load } from 'exifreader';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHeicCodec, nodeWasmLoader } from '../../src/index.ts';
import { decodeLater, toRgba } from '../decoding.ts';

const corpus = corpusFolder();
const codec = createHeicCodec({ loadWasm: nodeWasmLoader });
const names = corpus === undefined ? [] : readdirSync(join(corpus, 'heic')).toSorted();

function bytesOf(name: string): Buffer {
  return readFileSync(join(corpus ?? '', 'heic', name));
}

describe.skipIf(corpus === undefined)('HEIC pictures (need SAFELIGHT_CORPUS)', () => {
  it('are all there', () => expect(names).toHaveLength(25));

  it.each(names)('are put together as libheif does with the whole file: %s', async (name) => {
    const bytes = bytesOf(name);
    const { raster } = await decodeLater(codec, bytes);
    const { width, height, rgba } = decodeByLibheif(bytes);
    expect([raster.width, raster.height]).toEqual([width, height]);
    expect(Buffer.from(toRgba(raster)).equals(Buffer.from(rgba))).toBe(true);
  });

  it('have the EXIF that another reader finds, and no orientation left to apply', () => {
    const bytes = bytesOf('immich-IMG_2682.heic');
    const { exif, orientation, hasIcc, width, height } = codec.readHeader(bytes, GENEROUS_LIMITS);
    expect(exif?.['Model']).toBe(load(bytes).Model?.description);
    expect({ orientation, hasIcc, width, height }).toEqual({
      orientation: 1,
      hasIcc: true,
      width: 4032,
      height: 3024,
    });
  });
});
