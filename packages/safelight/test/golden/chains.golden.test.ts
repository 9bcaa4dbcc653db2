import { createPlanarPngCodec, nodeDeflater } from '@safelight/codecs';
import {
  createArena,
  createBudget,
  GENEROUS_LIMITS,
  type Plane,
  type Raster,
  type Rendered,
} from '@safelight/core';
import { ossActionTable } from '@safelight/grammar';
import {
  CONTACT_HEIGHT,
  CONTACT_MARK_KEY,
  CONTACT_SECTIONS,
  CONTACT_WIDTH,
  photoLike,
  planeSamples,
  psnr,
  rgbRaster,
} from '@safelight/testkit';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createSafelight } from '../../src/index.ts';

/**
 * What chains of the contact sheet come to, pixel by pixel, on a generated picture. `GOLDEN=create`
 * adds what is missing and changes nothing: a golden that is wrong is taken out by hand.
 */
const GOLDENS = new URL('chains.golden.json', import.meta.url);
const goldens: Record<string, string> = existsSync(GOLDENS)
  ? (JSON.parse(readFileSync(GOLDENS, 'utf8')) as Record<string, string>)
  : {};
const mayCreate = process.env['GOLDEN'] === 'create';

const png = createPlanarPngCodec({ deflater: nodeDeflater });
const limits = GENEROUS_LIMITS;
const engines = [await createSafelight(), await createSafelight({ kernels: 'portable' })];
const sources = await makeSources();

function contextOf() {
  const arena = createArena();
  arena.reserve(1 << 22);
  return { arena, budget: createBudget(limits.maxMemoryBytes), limits };
}

async function makeSources() {
  const opaque = rgbRaster(photoLike(CONTACT_WIDTH, CONTACT_HEIGHT, 4));
  const [plane] = opaque.planes;
  const alpha: Plane = { ...plane, data: plane.data.map((_, i) => i % CONTACT_WIDTH) };
  const encode = (raster: Raster) =>
    png.encode?.(raster, { qualityPercent: 90, progressive: false }, contextOf());
  const plain = (await encode(opaque)) ?? new Uint8Array(0);
  return {
    opaque: plain,
    transparent: (await encode({ ...opaque, alpha })) ?? new Uint8Array(0),
    turned: withOrientation(plain),
    webp: (await engines[0].render(plain, 'image/format,webp')).bytes,
    avif: (await engines[0].render(plain, 'image/format,avif')).bytes,
  };
}

/** An eXIf chunk that says 6, right behind IHDR. */
function withOrientation(file: Uint8Array): Uint8Array {
  const tiff = Buffer.from('4d4d002a0000000800010112000300000001000600000000', 'hex');
  const body = Buffer.concat([Buffer.from('eXIf'), tiff]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(tiff.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  const head = 8 + 25;
  const chunk = [frame.subarray(0, 4), body, frame.subarray(4)];
  return Buffer.concat([file.subarray(0, head), ...chunk, file.subarray(head)]);
}

async function rasterOf(bytes: Uint8Array): Promise<Raster> {
  const raster = await png.decode?.(bytes, png.readHeader(bytes, limits), {}, contextOf());
  if (raster === undefined) throw new Error('expected a raster');
  return raster;
}

/** Size and a hash of the pixels; of a JPEG its bytes, which are ours as well; JSON as it is. */
async function digest(result: Rendered): Promise<string> {
  const { bytes, format, width, height } = result;
  if (format === 'json') return new TextDecoder().decode(bytes);
  const hash = createHash('sha256');
  if (format === 'png') {
    const { planes, alpha } = await rasterOf(bytes);
    for (const plane of [...planes, ...(alpha ? [alpha] : [])]) hash.update(planeSamples(plane));
  } else hash.update(bytes);
  return `${format} ${width}x${height} ${hash.digest('hex')}`;
}

/** Green of the whole picture at 24 x 16, in hexadecimal: what a drawn letter's edge hardly moves. */
async function thumbnail({ bytes }: Rendered): Promise<string> {
  const { bytes: small } = await engines[0].render(
    bytes,
    'image/resize,m_fixed,w_24,h_16/format,png',
  );
  const { planes } = await rasterOf(small);
  return Buffer.from(planeSamples(planes[1] ?? planes[0])).toString('hex');
}

function goldenOf(key: string, got: string): string {
  if (goldens[key] === undefined && mayCreate) goldens[key] = got;
  return goldens[key] ?? 'no golden: run with GOLDEN=create';
}

afterAll(() => {
  if (mayCreate) writeFileSync(GOLDENS, `${JSON.stringify(goldens, null, 2)}\n`);
});

const OURS = CONTACT_SECTIONS.filter(({ by }) => by === 'us');
const DRAWN = CONTACT_SECTIONS.filter(({ action }) => /^(watermark|mixed marks)$/.test(action));
const readMark = (key: string) => (key === CONTACT_MARK_KEY ? sources.transparent : undefined);

function casesOf(sections: typeof OURS) {
  return sections.flatMap(({ action, chains, source = 'opaque' }) =>
    chains.map((chain) => ({ key: `${action}: ${chain}`, chain, source })),
  );
}

describe('goldens', () => {
  it.each(casesOf(OURS))('$key, by both kernel sets', async ({ key, chain, source }) => {
    for (const engine of engines) {
      const got = await digest(
        await engine.render(sources[source], `image/${chain}`, { readMark }),
      );
      expect(got).toBe(goldenOf(key, got));
    }
  });

  it.each(casesOf(DRAWN))(
    '$key, within 32 dB of what was drawn',
    async ({ key, chain, source }) => {
      const rendered = await engines[0].render(sources[source], `image/${chain}`, { readMark });
      const got = await thumbnail(rendered);
      const golden = goldenOf(key, got);
      expect(psnr(Buffer.from(got, 'hex'), Buffer.from(golden, 'hex'))).toBeGreaterThan(32);
      // And it is there at all.
      const plain = await thumbnail(await engines[0].render(sources[source], 'image/format,png'));
      expect(got).not.toBe(plain);
    },
  );

  it('are of chains that exist, and of all', () => {
    const keys = [...casesOf(OURS), ...casesOf(DRAWN)].map(({ key }) => key);
    expect(Object.keys(goldens).toSorted()).toEqual(keys.toSorted());
  });
});

/** What the sheet cannot show: faces. Sizes by the main picture stand within a mark's base64. */
const ELSEWHERE: ReadonlySet<string> = new Set(['resize.P', 'blur.g', 'blur.p']);

describe('the contact sheet', () => {
  const steps = CONTACT_SECTIONS.flatMap(({ chains }) => chains.flatMap((c) => c.split('/')));

  it.each(ossActionTable.filter(({ implemented }) => implemented))(
    'shows $name with each of its parameters',
    ({ name, shape, parameters }) => {
      const own = steps.filter((step) => step === name || step.startsWith(`${name},`));
      expect(own.length).toBeGreaterThan(0);
      if (shape !== 'keyed') return;
      const shown = new Set(own.flatMap((step) => step.split(',').slice(1).map(keyOf)));
      const missing = parameters.filter(
        ({ key }) => !shown.has(key) && !ELSEWHERE.has(`${name}.${key}`),
      );
      expect(missing.map(({ key }) => key)).toEqual([]);
    },
  );
});

/** The letter before the underscore; of a bare value, nothing. */
function keyOf(argument: string): string {
  const end = argument.indexOf('_');
  return end < 0 ? '' : argument.slice(0, end);
}
