import { GENEROUS_LIMITS, type Raster } from '@safelight/core';
import { corpusFolder } from '@safelight/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createPlanarPngCodec, nodeDeflater } from '../../src/index.ts';
import { createPngCodec } from '../../src/png/codec.ts';
import { decodeWith, outcomeOf, toRgba } from '../decoding.ts';

const corpus = corpusFolder();
const planar = createPlanarPngCodec({ deflater: nodeDeflater });
const pngjs = createPngCodec();
/** PngSuite's names of broken files begin with x. */
const BROKEN = /pngsuite-x/;
/** pngjs is too slow for larger ones. */
const MAX_COMPARED_BYTES = 8_000_000;

function namesOf(folder: string): string[] {
  return corpus === undefined ? ['(no corpus)'] : readdirSync(join(corpus, folder)).toSorted();
}

function bytesOf(folder: string, name: string): Uint8Array {
  return readFileSync(join(corpus ?? '', folder, name));
}

/** Greatest difference where a pixel is seen; colours of transparent ones are no matter. */
function worstDifference(ours: Uint8Array, theirs: Uint8Array): number {
  expect(ours.length).toBe(theirs.length);
  let worst = 0;
  for (let at = 0; at < ours.length; at++) {
    const isHidden = ours[at | 3] === 0 && theirs[at | 3] === 0;
    if (!isHidden) worst = Math.max(worst, Math.abs(ours[at] - theirs[at]));
  }
  return worst;
}

function interleaved({ width, height, planes, alpha }: Raster): Uint8Array {
  const [red, green = red, blue = red] = planes;
  const result = new Uint8Array(4 * width * height).fill(255);
  for (const [channel, plane] of [red, green, blue, alpha].entries()) {
    if (plane === undefined) continue;
    for (let i = 0; i < width * height; i++) result[4 * i + channel] = plane.data[i];
  }
  return result;
}

describe.skipIf(corpus === undefined)('PNG pictures to planes (needs SAFELIGHT_CORPUS)', () => {
  const good = namesOf('png').filter((name) => !BROKEN.test(name));

  it('refuses the 14 broken files of PngSuite, and finds the others', () => {
    const broken = namesOf('png').filter((name) => BROKEN.test(name));
    expect([broken.length, good.length]).toEqual([14, 205]);
    const outcomes = broken.map((name) => outcomeOf(planar, bytesOf('png', name)));
    expect(new Set(outcomes)).toEqual(new Set(['BadImage/damaged']));
  });

  it.each(good)('decodes %s as libpng and pngjs do', async (name) => {
    const bytes = bytesOf('png', name);
    const { header, raster } = decodeWith(planar, bytes);
    const ours = interleaved(raster);
    const libpng = await sharp(bytes, { failOn: 'none', ignoreIcc: true })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer();
    // libvips cuts 16 bits to 8, we round.
    expect(worstDifference(ours, libpng)).toBeLessThanOrEqual(header.bitDepth === 16 ? 1 : 0);
    if (ours.length > MAX_COMPARED_BYTES) return;
    const other = decodeWith(pngjs, bytes);
    expect(worstDifference(ours, toRgba(other.raster))).toBe(0);
    const iccs = [raster, other.raster].map(({ metadata }) => Buffer.from(metadata.icc ?? []));
    expect(iccs[0].equals(iccs[1])).toBe(true);
    expect({ ...raster.metadata, icc: 0 }).toEqual({ ...other.raster.metadata, icc: 0 });
  });

  it('answers hostile files as pngjs behind its guards does', () => {
    const names = namesOf('malformed/png');
    expect(names).toHaveLength(168);
    const limits = { ...GENEROUS_LIMITS, maxMemoryBytes: 256 * 1024 * 1024 };
    for (const name of names) {
      const bytes = bytesOf('malformed/png', name);
      expect([name, outcomeOf(planar, bytes, limits)]).toEqual([
        name,
        outcomeOf(pngjs, bytes, limits),
      ]);
    }
  });
});
