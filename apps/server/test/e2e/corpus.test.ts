/**
 * The picture corpus through HTTP: photographs resized as exactly as the filter allows, orientations
 * alike, and an answer for every hostile file from a server that stays up.
 * @module
 */

import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { corpusFolder, lanczosReference, psnr } from '@safelight/testkit';
import OSS from 'ali-oss';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { download } from './download.ts';
import {
  KEY_ID,
  SECRET,
  type ServerProcess,
  startProcess,
  temporaryFolder,
} from './server-process.ts';

const corpus = corpusFolder();

const BUCKET = 'corpus-box';

/** The floor for luma against the float64 filter. */
const LANCZOS_DB = 45;

/** Resident memory of the idle server after all hostile files. */
const MAX_RESIDENT_KIB = 1536 * 1024;

describe.skipIf(corpus === undefined)('the corpus (needs SAFELIGHT_CORPUS)', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: ServerProcess;
  let oss: OSS;

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startProcess({
      SAFELIGHT_DATA: folder.path,
      SAFELIGHT_STORE: 'memory',
      SAFELIGHT_DEMO: '0',
      SAFELIGHT_LOG_LEVEL: 'error',
    });
    oss = new OSS({
      accessKeyId: KEY_ID,
      accessKeySecret: SECRET,
      bucket: BUCKET,
      endpoint: `http://127.0.0.1:${server.port}`,
      timeout: 120_000,
    });
    await oss.putBucket(BUCKET);
    await oss.putBucketACL(BUCKET, 'public-read');
  }, 60_000);

  afterAll(async () => {
    await server?.stop();
    await folder?.remove();
  });

  const render = async (file: string, process: string) => {
    await oss.put('picture', await readFile(file));
    return download(`${server.url}/${BUCKET}/picture?x-oss-process=${process}`);
  };

  /** The luma of a picture that the server made. */
  const lumaOf = async (file: string, process: string): Promise<Luma> => {
    const answer = await render(file, process);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/png']);
    return decodeLuma(answer.body);
  };

  it('resizes every photograph like the filter in float64', async () => {
    const files = [
      ...(await picturesIn('photos')),
      ...(await picturesIn('orientation')).filter((file) => file.endsWith('.jpg')),
    ];
    const worst: Record<string, number> = {};
    for (const file of files) {
      const result = await lumaOf(file, 'image/resize,w_320/format,png');
      const full = await lumaOf(file, 'image/format,png');
      const reference = lanczosReference(
        full.samples,
        full.width,
        full.height,
        result.width,
        result.height,
      );
      const decibels = psnr(result.samples, reference);
      if (decibels < LANCZOS_DB) worst[relative(corpus ?? '', file)] = decibels;
    }
    expect([files.length > 30, worst]).toEqual([true, {}]);
  }, 900_000);

  it.each(['recurser-Landscape', 'sharp-Portrait'])(
    'shows %s upright in all eight orientations',
    async (name) => {
      const process = 'image/resize,w_160/format,png';
      const paths = Array.from({ length: 8 }, (_, i) =>
        join(corpus ?? '', 'orientation', `${name}_${i + 1}.jpg`),
      );
      const pictures = [];
      for (const path of paths) pictures.push(await lumaOf(path, process));
      const [first] = pictures as [Luma];
      for (const picture of pictures) {
        expect([picture.width, picture.height]).toEqual([first.width, first.height]);
        expect(psnr(picture.samples, first.samples)).toBeGreaterThan(22);
      }
    },
    120_000,
  );

  it('answers every hostile file with a picture or a refusal, and lives on', async () => {
    const files = await picturesIn('malformed');
    const wrong: Record<string, string> = {};
    for (const file of files) {
      const answer = await render(file, 'image/resize,w_320/format,png');
      const isAnswer = answer.status === 200 || (answer.status >= 400 && answer.status < 500);
      if (!isAnswer) wrong[relative(corpus ?? '', file)] = answer.body.toString().slice(0, 300);
    }
    expect([files.length > 700, wrong]).toEqual([true, {}]);
    expect((await download(`${server.url}/-/health`)).status).toBe(200);
    expect(await residentKib(server.child.pid ?? 0)).toBeLessThan(MAX_RESIDENT_KIB);
  }, 900_000);
});

interface Luma {
  readonly samples: Float64Array;
  readonly width: number;
  readonly height: number;
}

/** BT.601 luma, not rounded. */
async function decodeLuma(png: Buffer): Promise<Luma> {
  // A profile would be applied to both pictures, and bend what the filter weighed.
  const { data, info } = await sharp(png, { ignoreIcc: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const samples = new Float64Array(width * height);
  for (let i = 0, at = 0; i < samples.length; i++, at += channels) {
    const red = data[at] ?? 0;
    const green = channels < 3 ? red : (data[at + 1] ?? 0);
    const blue = channels < 3 ? red : (data[at + 2] ?? 0);
    samples[i] = 0.299 * red + 0.587 * green + 0.114 * blue;
  }
  return { samples, width, height };
}

async function picturesIn(name: string): Promise<string[]> {
  const entries = await readdir(join(corpus ?? '', name), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** Linux tells it; elsewhere there is nothing to check. */
async function residentKib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
}
