/**
 * Our files against those that libjpeg writes for the same pixels, through sharp: not only the same
 * size, but the same tables, coefficients and scans. (sharp leaves out the JFIF header and may put
 * several tables into one segment, so files are compared part by part.)
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodeJpeg } from '../src/encode-jpeg.ts';
import type { JpegComponent } from '../src/options.ts';
import { readJpeg } from './jpeg-reader.ts';
import {
  componentOf,
  componentsOf,
  generateNoise,
  generatePicture,
  rgbToPlanes,
} from './picture.ts';
import type { RgbPicture } from './picture.ts';

type Mode = 'grey' | '4:4:4' | '4:2:0';
const MODES: readonly Mode[] = ['grey', '4:4:4', '4:2:0'];

interface Job {
  readonly picture: RgbPicture;
  readonly mode: Mode;
  readonly qualityPercent: number;
  readonly progressive: boolean;
}

function encodeOurs({ picture, mode, qualityPercent, progressive }: Job): Uint8Array {
  const { width, height } = picture;
  const components: JpegComponent[] =
    mode === 'grey'
      ? [componentOf(rgbToPlanes(picture)[0], width, height)]
      : componentsOf(picture, mode === '4:2:0' ? [2, 2] : [1, 1]);
  return encodeJpeg({ width, height, components, qualityPercent, progressive });
}

async function encodeTheirs({
  picture,
  mode,
  qualityPercent,
  progressive,
}: Job): Promise<Uint8Array> {
  const { width, height } = picture;
  const options = {
    quality: qualityPercent,
    progressive,
    optimizeCoding: true,
    mozjpeg: false,
    chromaSubsampling: mode === 'grey' ? '4:4:4' : mode,
  };
  if (mode === 'grey') {
    const plane = rgbToPlanes(picture)[0];
    const source = sharp(plane, { raw: { width, height, channels: 1 } });
    return source.toColourspace('b-w').jpeg(options).toBuffer();
  }
  return sharp(picture.data, { raw: { width, height, channels: 3 } })
    .jpeg(options)
    .toBuffer();
}

/** What differs between the two files in tables, coefficients, scans or size: nothing, it is hoped. */
async function findDifferences(job: Job): Promise<string[]> {
  const ours = encodeOurs(job);
  const theirs = new Uint8Array(await encodeTheirs(job));
  const [mine, reference] = [readJpeg(ours), readJpeg(theirs)];
  const found: string[] = [];
  const compare = (part: string, a: unknown, b: unknown): void => {
    if (!isDeepStrictEqual(a, b)) found.push(`${part} of ${nameOf(job)}`);
  };
  compare('quantisation', mine.quantization, reference.quantization);
  mine.components.forEach((component, index) => {
    compare(`coefficients ${index}`, component, reference.components[index]);
  });
  compare('number of scans', mine.scans.length, reference.scans.length);
  mine.scans.forEach((scan, index) => {
    compare(`header of scan ${index}`, scan.header, reference.scans[index].header);
    compare(`tables of scan ${index}`, scan.tables, reference.scans[index].tables);
    compare(`data of scan ${index}`, scan.data, reference.scans[index].data);
  });
  // Our JFIF header, and a marker and length for each of three tables that sharp may have joined.
  const markerBytes = ours.length - theirs.length - 18;
  if (markerBytes < 0 || markerBytes > 3 * 4) found.push(`size of ${nameOf(job)}`);
  return found;
}

function nameOf({ picture, mode, qualityPercent, progressive }: Job): string {
  const kind = progressive ? 'progressive' : 'baseline';
  return `${kind} ${mode} q${qualityPercent} ${picture.width} x ${picture.height}`;
}

describe.each(MODES)('a %s file', (mode) => {
  it.each([1, 10, 25, 49, 50, 51, 75, 80, 90, 95, 99, 100])(
    'holds what libjpeg writes at quality %i, baseline and progressive',
    async (qualityPercent) => {
      const picture = generatePicture(253, 187, qualityPercent);
      for (const progressive of [false, true]) {
        expect(await findDifferences({ picture, mode, qualityPercent, progressive })).toEqual([]);
      }
    },
  );

  it('holds what libjpeg writes at every size around a block and an MCU', async () => {
    for (const width of [1, 2, 7, 8, 9, 15, 16, 17, 24, 31, 33]) {
      for (const height of [1, 3, 8, 9, 16, 17, 25]) {
        const picture = generatePicture(width, height, 100 * width + height);
        const progressive = (width + height) % 2 === 0;
        expect(await findDifferences({ picture, mode, qualityPercent: 85, progressive })).toEqual(
          [],
        );
      }
    }
  });

  it('holds what libjpeg writes for noise, which fills every coefficient', async () => {
    const data = generateNoise(3 * 96, 80, 5);
    const picture = { width: 96, height: 80, data };
    for (const qualityPercent of [5, 60, 100]) {
      for (const progressive of [false, true]) {
        expect(await findDifferences({ picture, mode, qualityPercent, progressive })).toEqual([]);
      }
    }
  });

  it('holds what libjpeg writes for a flat picture, whose band runs are long', async () => {
    // 40,000 blocks: more than the 32,767 that one end-of-band symbol can say.
    const [width, height] = [1600, 1600];
    const data = new Uint8Array(3 * width * height).fill(99);
    const picture = { width, height, data };
    for (const progressive of [false, true]) {
      expect(await findDifferences({ picture, mode, qualityPercent: 75, progressive })).toEqual([]);
    }
  });
});

it('has the size of a libjpeg file within 1 %', async () => {
  const picture = generatePicture(640, 480, 8);
  for (const mode of MODES) {
    for (const progressive of [false, true]) {
      const job = { picture, mode, qualityPercent: 80, progressive };
      const ratio = encodeOurs(job).length / (await encodeTheirs(job)).length;
      expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
    }
  }
});

it('is the same when the tokens of a scan do not fit into their buffer', async () => {
  const picture = generatePicture(1100, 900, 3);
  for (const progressive of [false, true]) {
    expect(
      await findDifferences({ picture, mode: '4:4:4', qualityPercent: 97, progressive }),
    ).toEqual([]);
  }
});

const corpus = process.env['SAFELIGHT_CORPUS'];
const required = process.env['SAFELIGHT_REQUIRE_ALL'] === '1';

describe('photographs', () => {
  it.skipIf(corpus === undefined && !required)(
    'give the files that libjpeg writes (needs the folder photos in SAFELIGHT_CORPUS)',
    { timeout: 600_000 },
    async () => {
      if (corpus === undefined) throw new Error('SAFELIGHT_CORPUS: expected a folder, got nothing');
      const folder = join(corpus, 'photos');
      const names = readdirSync(folder);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        const source = sharp(readFileSync(join(folder, name))).toColourspace('srgb');
        // A middle size keeps the run short; the blocks of a full photograph are no different.
        const { data, info } = await source
          .removeAlpha()
          .resize({ width: 1201, withoutEnlargement: true })
          .raw()
          .toBuffer({ resolveWithObject: true });
        const picture = { width: info.width, height: info.height, data };
        for (const mode of MODES) {
          for (const progressive of [false, true]) {
            expect(
              await findDifferences({ picture, mode, qualityPercent: 80, progressive }),
            ).toEqual([]);
          }
        }
      }
    },
  );
});
