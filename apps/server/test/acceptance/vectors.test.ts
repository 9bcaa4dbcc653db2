/**
 * The language's acceptance vectors through the whole application, with the real engine and the
 * documented limits.
 * @module
 */

import { OSS_LIMITS } from '@safelight/core';
import { ossActionTable } from '@safelight/grammar';
import { photoLike } from '@safelight/testkit';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngineRenderer } from '../engine-renderer.ts';
import { createTestService, elementOf, type TestService } from '../test-service.ts';
import { type ErrorRow, ERRORS } from './errors.ts';
import { LEGACY_SIZES } from './legacy-sizes.ts';
import { SIZES, type SizeRow } from './sizes.ts';
import { SOURCE_ERRORS } from './sources.ts';
import { ACTION_TABLES } from './tables/index.ts';

let service: TestService;

/** With the old syntax in keys. */
const PROCESS_CONFIGURATION =
  '<BucketProcessConfiguration><OssDomainSupportAtProcess>Enabled</OssDomainSupportAtProcess></BucketProcessConfiguration>';

beforeAll(async () => {
  service = createTestService({ renderer: await createEngineRenderer(OSS_LIMITS) });
  const { width, height, rgb } = photoLike(400, 267);
  const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 82 })
    .toBuffer();
  await service.store.createBucket('box', {
    acl: 'public-read',
    settings: { processConfiguration: PROCESS_CONFIGURATION },
  });
  await service.store.putObject('box', 'example.jpg', Uint8Array.from(jpeg));
  const mark = { create: { width: 60, height: 40, channels: 4 as const, background: '#ff800080' } };
  await service.store.putObject('box', 'panda.png', await sharp(mark).png().toBuffer());
  await service.store.putObject('box', 'logo.jpg', await sharp(mark).jpeg().toBuffer());
  await service.store.putObject('box', 'notes.txt', new TextEncoder().encode('no picture'));
  await service.store.putStyle('box', 'example-style', 'image/resize,w_100');
});

const ask = (process: string, key = 'example.jpg'): Promise<Response> =>
  service.ask({ target: `/box/${key}?x-oss-process=${encodeURIComponent(process)}` });

async function expectError(
  response: Response,
  row: Pick<ErrorRow, 'ec' | 'status' | 'code' | 'message'>,
): Promise<void> {
  const xml = await response.text();
  const ec = typeof row.ec === 'number' ? `0040-00000${String(row.ec).padStart(3, '0')}` : row.ec;
  expect({
    status: response.status,
    code: elementOf(xml, 'Code'),
    ec: elementOf(xml, 'EC'),
    header: response.headers.get('x-oss-ec') ?? undefined,
  }).toEqual({ status: row.status ?? 400, code: row.code ?? 'InvalidArgument', ec, header: ec });
  if (row.message !== undefined) {
    expect(elementOf(xml, 'Message')?.replaceAll('&apos;', "'")).toBe(row.message);
  }
}

async function expectSize(response: Response, row: SizeRow): Promise<void> {
  const [, width, height, format = 'jpeg'] = row;
  const bytes = await response.arrayBuffer();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(`image/${format}`);
  const metadata = await sharp(bytes).metadata();
  expect([metadata.width, metadata.height, metadata.format]).toEqual([width, height, format]);
}

/** A test's name; base64 makes some rows long. */
const named = <Row extends readonly [process: string, ...unknown[]]>(rows: readonly Row[]) =>
  rows.map((row, index) => [`${row[0].slice(0, 60)} (${index + 1})`, row] as const);

describe.each(ACTION_TABLES)('the table of $action', ({ sizes, errors }) => {
  it.runIf(sizes.length > 0).each(named(sizes))('%s has its size', async (_name, row) => {
    await expectSize(await ask(row[0]), row);
  });

  it.each(named(errors))('%s is refused', async (_name, [process, ec, code]) => {
    await expectError(await ask(process), { ec, ...(code !== undefined && { code }) });
  });
});

describe('the tables', () => {
  it('cover every action of the language, with no row twice and 500 or more in all', () => {
    const built = ossActionTable.filter(({ implemented }) => implemented).map(({ name }) => name);
    expect(ACTION_TABLES.map(({ action }) => action).toSorted()).toEqual(built.toSorted());
    const processes = ACTION_TABLES.flatMap(({ sizes, errors }) =>
      [sizes, errors].flat().map(([process]) => process),
    );
    expect(processes.length).toBe(new Set(processes).size);
    expect(processes.length + SIZES.length + ERRORS.length).toBeGreaterThanOrEqual(500);
  });
});

describe('the old syntax', () => {
  it.each(named(LEGACY_SIZES))('%s has its size', async (_name, row) => {
    await expectSize(await service.ask({ target: `/box/example.jpg@${row[0]}` }), row);
  });

  it('tells facts', async () => {
    const told = async (text: string): Promise<Response> =>
      service.ask({ target: `/box/example.jpg@${text}` });
    const file = (await (await told('info')).json()) as object;
    expect(Object.keys(file)).toEqual(['FileSize', 'Format', 'ImageHeight', 'ImageWidth']);
    const all = (await (await told('infoexif')).json()) as object;
    expect(Object.keys(all)).toContain('FrameCount');
    expect(await (await told('imageAve')).text()).toMatch(/^\{"RGB": "0x[0-9a-f]{6}"\}$/);
    await expectError(await told('exif'), { ec: 4 });
  });

  it.each([
    ['png', {}],
    ['webp', {}],
    ['gif', {}],
    ['avif', {}],
    ['tiff', { compression: 'lzw' }],
  ] as const)('is black behind a transparent %s, and white with 1wh', async (kind, options) => {
    const clear = { create: { width: 32, height: 24, channels: 4 as const, background: '#0f00' } };
    const source = await sharp(clear).toFormat(kind, options).toBuffer();
    await service.store.putObject('box', 'clear', Uint8Array.from(source));
    for (const [target, level] of [
      ['@16w', 0],
      ['@16w.jpg', 0],
      ['@16w_50b_9Q|90r', 0],
      ['@16w_1wh', 255],
      ['?x-oss-process=image/resize,w_16/format,jpg', 255],
    ] as const) {
      const response = await service.ask({ target: `/box/clear${target}` });
      expect([target, response.headers.get('content-type')]).toEqual([target, 'image/jpeg']);
      const levels = await sharp(await response.arrayBuffer())
        .raw()
        .toBuffer();
      expect([target, ...new Set(levels)]).toEqual([target, level]);
    }
  });

  it('turns a stored picture before or after it is resized, or not', async () => {
    const { width, height, rgb } = photoLike(120, 80);
    const stored = sharp(rgb, { raw: { width, height, channels: 3 } });
    const jpeg = await stored.withMetadata({ orientation: 6 }).jpeg().toBuffer();
    await service.store.putObject('box', 'lying.jpg', jpeg);
    for (const [text, ...size] of [
      ['60w', 60, 90],
      ['60w_2o', 60, 90],
      ['60w_1o', 40, 60],
      ['60w_0o', 60, 40],
      ['60w|1o', 40, 60],
      ['1o|60w', 60, 90],
      ['0-0-60-20a_1o', 20, 60],
      ['0-0-60-20a_2o', 60, 20],
    ] as const) {
      const response = await service.ask({ target: `/box/lying.jpg@${text}` });
      const result = await sharp(await response.arrayBuffer()).metadata();
      expect([text, result.width, result.height]).toEqual([text, ...size]);
      expect(result.orientation).toBeUndefined();
    }
  });
});

describe('the image language', () => {
  it.each(named(SIZES))('%s has its size', async (_name, row) => {
    await expectSize(await ask(row[0]), row);
  });

  it('image/interlace,1 is progressive', async () => {
    const metadata = await sharp(await (await ask('image/interlace,1')).arrayBuffer()).metadata();
    expect(metadata.isProgressive).toBe(true);
  });

  it('image/interlace,1/format,jpg of a PNG is a progressive JPEG', async () => {
    const { width, height, rgb } = photoLike(40, 30);
    const png = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    await service.store.putObject('box', 'example.png', Uint8Array.from(png));
    const response = await ask('image/interlace,1/format,jpg', 'example.png');
    const metadata = await sharp(await response.arrayBuffer()).metadata();
    expect([metadata.format, metadata.isProgressive]).toEqual(['jpeg', true]);
  });

  it('image/info tells width, height, size and format as JSON', async () => {
    const response = await ask('image/info');
    const stored = await service.store.headObject('box', 'example.jpg');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({
      FileSize: { value: String(stored?.size) },
      Format: { value: 'jpg' },
      ImageHeight: { value: '267' },
      ImageWidth: { value: '400' },
    });
  });

  it('image/average-hue tells a colour as JSON', async () => {
    const response = await ask('image/average-hue');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toMatch(/^\{"RGB": "0x[0-9a-f]{6}"\}$/);
  });

  it.each([
    'image/circle,r_100',
    'image/rounded-corners,r_30',
    'image/rounded-corners,r_30/bright,-50',
  ])('%s has a white corner, but for what JPEG takes away', async (process) => {
    const jpeg = sharp(await (await ask(process)).arrayBuffer());
    const [red, green, blue] = await jpeg.raw().toBuffer();
    for (const level of [red, green, blue]) expect(level).toBeGreaterThanOrEqual(248);
  });

  it.each(['image/circle,r_100/format,png', 'image/rounded-corners,r_30/format,png'])(
    '%s has a transparent corner',
    async (process) => {
      const png = sharp(await (await ask(process)).arrayBuffer());
      const { data, info } = await png.raw().toBuffer({ resolveWithObject: true });
      expect([info.channels, data[3]]).toEqual([4, 0]);
    },
  );

  it.each(ERRORS.map((row) => [row.process.slice(0, 60), row] as const))(
    'refuses %s',
    async (_name, row) => {
      await expectError(await ask(row.process), row);
    },
  );

  it.each(SOURCE_ERRORS)('refuses $name', async (source) => {
    await service.store.putObject('box', 'source', await source.make());
    await expectError(await ask(source.process, 'source'), source);
  });
});
