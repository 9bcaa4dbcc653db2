import { GENEROUS_LIMITS, type Raster } from '@safelight/core';
import { corpusFolder } from '@safelight/testkit';
import { load } from 'exifreader';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createWebpCodec, nodeWasmLoader } from '../../src/index.ts';
import { allFrames, decodeLater, toRgba } from '../decoding.ts';

const corpus = corpusFolder();
const codec = createWebpCodec({ loadWasm: nodeWasmLoader, simd: true });
const names = ['webp', 'orientation'].flatMap((folder) =>
  corpus === undefined
    ? []
    : readdirSync(join(corpus, folder))
        .filter((name) => name.endsWith('.webp'))
        .toSorted()
        .map((name) => join(folder, name)),
);

function bytesOf(name: string): Buffer {
  return readFileSync(join(corpus ?? '', name));
}

/** Greatest difference from libvips where a pixel is seen, of alpha as well. */
async function worstDifference(bytes: Buffer, raster: Raster, page = 0): Promise<number> {
  const theirs = await sharp(bytes, { page, ignoreIcc: true }).ensureAlpha().raw().toBuffer();
  const ours = toRgba(raster);
  expect(ours.length).toBe(theirs.length);
  let worst = 0;
  for (let at = 0; at < ours.length; at++) {
    const isHidden = ours[at | 3] === 0 && theirs[at | 3] === 0;
    if (!isHidden) worst = Math.max(worst, Math.abs((ours[at] ?? 0) - (theirs[at] ?? 0)));
  }
  return worst;
}

describe.skipIf(corpus === undefined)('WebP pictures (need SAFELIGHT_CORPUS)', () => {
  it('are all there', () => {
    expect(names).toHaveLength(38 + 7);
  });

  it.each(names)('are decoded as another build of libwebp does: %s', async (name) => {
    const bytes = bytesOf(name);
    const { header, raster } = await decodeLater(codec, bytes);
    expect(await worstDifference(bytes, raster)).toBe(0);
    const { pages = 1, loop, delay, orientation, icc } = await sharp(bytes).metadata();
    expect(header.frames).toBe(pages);
    expect(header.orientation).toBe(orientation ?? 1);
    expect(header.hasIcc).toBe(icc !== undefined);
    if (header.animation === undefined) return;
    expect(header.animation.plays).toBe(loop);
    const frames = await allFrames(codec, bytes);
    expect(frames.map(({ durationMs }) => durationMs)).toEqual(delay);
    for (const [page, frame] of frames.entries()) {
      // libvips cuts what mixing leaves behind the point, we round.
      expect(await worstDifference(bytes, frame.raster, page)).toBeLessThanOrEqual(1);
    }
  });

  it('have the EXIF that another reader finds', () => {
    const bytes = bytesOf('webp/immich-denali.webp');
    const { exif } = codec.readHeader(bytes, GENEROUS_LIMITS);
    const theirs = load(bytes);
    expect(exif?.['Model']).toBe(theirs.Model?.description);
    expect(exif?.['DateTime']).toBe(theirs.DateTime?.description);
  });
});
