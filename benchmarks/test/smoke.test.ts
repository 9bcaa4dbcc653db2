/**
 * Every engine does every case of the benchmark once, on a small picture: right format, right size,
 * and pixels that the reference knows again. No time is looked at.
 * @module
 */

import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type BenchCase, CASES } from '../src/bench-case.ts';
import { type EngineName, NotAvailable, openEngine } from '../src/engines/engine.ts';
import { type Job, losslessTwin, outputSizeOf } from '../src/job.ts';
import { compare, readLuma, referenceOf } from '../src/quality.ts';
import { makePicture, type PictureSpec } from '../src/source-picture.ts';

/** What is expected to be refused, until it is built: then this list must shrink. */
const NOT_YET: readonly (readonly [id: string, engine: EngineName])[] = [];

/** Decibels of luma that a result must have. Noise that JPEG drops is what keeps the bounds low. */
const LEAST_DB = 25;
const LEAST_LOSSLESS_DB = 30;

const SMALL_WIDTH = 240;

/** The case's first picture as small as its job lets it be: none enlarges. */
function smallPicture({ pictures: [spec], job }: BenchCase): PictureSpec {
  if (spec === undefined) throw new Error('a case has at least one picture');
  const toWidth = (width: number): PictureSpec => ({
    ...spec,
    width,
    height: Math.round((spec.height * width) / spec.width),
  });
  const small = toWidth(SMALL_WIDTH);
  const wanted = outputSizeOf(job(small), small).width;
  return wanted > SMALL_WIDTH ? toWidth(Math.ceil(wanted * 1.2)) : small;
}

async function run(engine: EngineName, job: Job, source: Uint8Array): Promise<Uint8Array> {
  const runner = await openEngine(engine, job);
  try {
    return await runner.run(source);
  } finally {
    runner.close?.();
  }
}

describe.each(CASES)('$id $title', (benchCase) => {
  const spec = smallPicture(benchCase);
  const job = benchCase.job(spec);
  const size = outputSizeOf(job, spec);
  const rawSize = job.output.format === 'raw' ? size : undefined;
  const source = makePicture(spec);
  const isMissing = (engine: EngineName) =>
    NOT_YET.some(([id, name]) => id === benchCase.id && name === engine);

  it('has a target about its first engine', () => {
    expect(benchCase.engines[0]).toMatch(/^safelight/);
    const { target } = benchCase;
    if (target.kind === 'ratio') expect(benchCase.engines).toContain(target.peer);
  });

  it.each(benchCase.engines.filter((engine) => !isMissing(engine)))(
    'is done by %s',
    async (engine) => {
      const result = await run(engine, job, await source);
      if (rawSize === undefined) {
        const { format, width, height } = await sharp(result).metadata();
        expect({ format, width, height }).toEqual({ format: job.output.format, ...size });
      }
      const original = await readLuma(
        await source,
        job.input === 'file' ? undefined : job.input.raw,
      );
      const reference = referenceOf(original, job);
      const { psnrDb, ssim } = compare(reference, await readLuma(result, rawSize));
      expect(psnrDb).toBeGreaterThan(LEAST_DB);
      expect(ssim).toBeGreaterThan(0.5);
      const lossless = await run(engine, losslessTwin(job), await source);
      const pixels = compare(reference, await readLuma(lossless, rawSize));
      expect(pixels.psnrDb).toBeGreaterThan(LEAST_LOSSLESS_DB);
    },
  );

  it.each(benchCase.engines.filter(isMissing))('is refused by %s, so far', async (engine) => {
    await expect(run(engine, job, await source)).rejects.toBeInstanceOf(NotAvailable);
  });
});

describe('the cases', () => {
  it('are those of the targets', () => {
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 17, 18, 19];
    expect(CASES.map(({ id }) => id)).toEqual(numbers.map((number) => `P${number}`));
  });
});
