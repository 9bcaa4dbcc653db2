/**
 * Real and hostile files through the running service. The photographs are held against a float64
 * Lanczos of what the same decoder makes of the full picture; the broken files only need an answer.
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpusFolder, lanczosReference, psnr } from '@safelight/testkit';
import OSS from 'ali-oss';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { download, httpAgent } from './download.ts';
import {
  KEY_ID,
  SECRET,
  type ServerProcess,
  startProcess,
  temporaryFolder,
} from './server-process.ts';

const corpus = corpusFolder();
const BUCKET = 'corpus';
const WIDTH = 320;
const MIN_LUMA_DB = 45;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;
let client: OSS;

beforeAll(async () => {
  if (corpus === undefined) return;
  folder = await temporaryFolder();
  server = await startProcess({
    SAFELIGHT_DATA: folder.path,
    SAFELIGHT_DEMO: '0',
    SAFELIGHT_WORKERS: '2',
  });
  client = new OSS({
    accessKeyId: KEY_ID,
    accessKeySecret: SECRET,
    endpoint: server.url,
    bucket: BUCKET,
    agent: httpAgent,
    // The client's types do not know its agents.
  } as OSS.Options);
  await client.putBucket(BUCKET, { acl: 'public-read' } as OSS.PutBucketOptions);
}, 60_000);

afterAll(async () => {
  await server?.stop();
  await folder?.remove();
});

/** Files of a folder of the corpus, in order. */
function filesOf(name: string): string[] {
  if (corpus === undefined) return [];
  return readdirSync(join(corpus, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

async function upload(path: string): Promise<string> {
  const key = path.slice((corpus as string).length + 1);
  await client.put(key, path);
  return `${server.url}/${BUCKET}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

async function fetchPicture(url: string, process: string): Promise<Buffer> {
  const { status, body } = await download(`${url}?x-oss-process=${process}`);
  expect(status, body.subarray(0, 500).toString()).toBe(200);
  return body;
}

interface Luma {
  readonly width: number;
  readonly height: number;
  readonly luma: Float64Array;
}

/** Full-range BT.601 luma of a PNG's stored samples: pngjs applies no profile. */
function lumaOf(png: Buffer): Luma {
  const { data, width, height } = PNG.sync.read(png);
  const luma = new Float64Array(width * height);
  for (let i = 0; i < luma.length; i++) {
    const at = 4 * i;
    luma[i] = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
  }
  return { width, height, luma };
}

/** The same of a BMP of 24 bits: a large picture is sooner written and read so. */
function lumaOfBmp(bmp: Buffer): Luma {
  expect([bmp.toString('latin1', 0, 2), bmp.readUInt16LE(28)]).toEqual(['BM', 24]);
  const pixelsAt = bmp.readUInt32LE(10);
  const [width, height] = [bmp.readInt32LE(18), bmp.readInt32LE(22)];
  const rowBytes = 4 * Math.ceil((3 * width) / 4);
  const luma = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    // Rows stand bottom up, a pixel is blue, green, red.
    let at = pixelsAt + (height - 1 - y) * rowBytes;
    for (let x = 0; x < width; x++, at += 3) {
      luma[y * width + x] =
        0.299 * (bmp[at + 2] ?? 0) + 0.587 * (bmp[at + 1] ?? 0) + 0.114 * (bmp[at] ?? 0);
    }
  }
  return { width, height, luma };
}

describe.skipIf(corpus === undefined)('photographs (need SAFELIGHT_CORPUS)', () => {
  const photographs = [...filesOf('photos'), ...filesOf('orientation')];

  it('are all there', () => {
    expect(photographs).toHaveLength(18 + 33);
  });

  it.each(photographs.map((path) => [path.slice((corpus ?? '').length + 1), path]))(
    '%s becomes 320 wide and keeps its luma',
    async (_, path) => {
      const url = await upload(path);
      const small = lumaOf(await fetchPicture(url, `image/resize,w_${WIDTH}/format,png`));
      const full = lumaOfBmp(await fetchPicture(url, 'image/format,bmp'));
      expect(small.width).toBe(Math.min(WIDTH, full.width));
      expect(small.height).toBe(
        Math.max(1, Math.floor((full.height * small.width) / full.width + 0.5)),
      );
      const expected = lanczosReference(
        full.luma,
        full.width,
        full.height,
        small.width,
        small.height,
      );
      expect(psnr(expected, small.luma)).toBeGreaterThanOrEqual(MIN_LUMA_DB);
    },
    120_000,
  );

  it.each(['recurser-Landscape', 'sharp-Portrait'])(
    '%s 1 to 8 come out alike',
    async (series) => {
      const pictures: Luma[] = [];
      for (let orientation = 1; orientation <= 8; orientation++) {
        const path = join(corpus as string, 'orientation', `${series}_${orientation}.jpg`);
        const body = await fetchPicture(await upload(path), 'image/resize,w_320/format,png');
        pictures.push(lumaOf(body));
      }
      const [upright] = pictures as [Luma];
      for (const picture of pictures) {
        expect([picture.width, picture.height]).toEqual([upright.width, upright.height]);
        // Each shows its own number, and one lacks the profile of the rest: alike, not equal.
        expect(correlation(upright.luma, picture.luma)).toBeGreaterThan(0.95);
      }
    },
    120_000,
  );
});

/** Pearson's coefficient: 1 for the same picture up to brightness and contrast. */
function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / a.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [(a[i] as number) - meanA, (b[i] as number) - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}

/** Resident memory of the service, in MiB. */
function residentMib(): number {
  const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

describe.skipIf(corpus === undefined)('hostile files (need SAFELIGHT_CORPUS)', () => {
  const files = filesOf('malformed');

  it('each get an answer, and the service lives on within its memory', async () => {
    expect(files).toHaveLength(724);
    const statuses = new Map<number, number>();
    for (const path of files) {
      const url = await upload(path);
      const { status } = await download(`${url}?x-oss-process=image/resize,w_100/format,png`);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status !== 200) expect(status, path).toBeGreaterThanOrEqual(400);
      expect(status, path).toBeLessThan(500);
    }
    const answered = [...statuses.values()].reduce((sum, count) => sum + count, 0);
    expect(answered).toBe(files.length);
    expect(statuses.get(400)).toBeGreaterThan(500);
    const health = await download(`${server.url}/-/health`);
    expect(health.status).toBe(200);
    // Two workers, each allowed one render of 1 GiB, and the process itself.
    expect(residentMib()).toBeLessThan(2.5 * 1024);
  }, 600_000);
});
