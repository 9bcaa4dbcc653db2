/**
 * Generated pictures are what they say, and folders give what fits.
 * @module
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { cachedPicture, findPictures, makePicture } from './source-picture.ts';

const SIZE = { width: 90, height: 70 };

it.each([
  ['photo', { format: 'jpeg', isProgressive: false, chromaSubsampling: '4:2:0', channels: 3 }],
  ['camera', { format: 'jpeg', isProgressive: false, chromaSubsampling: '4:2:0' }],
  ['progressive', { format: 'jpeg', isProgressive: true }],
  ['png', { format: 'png', channels: 3 }],
  ['png-alpha', { format: 'png', channels: 4 }],
] as const)('makes a %s', async (kind, expected) => {
  const header = await sharp(await makePicture({ kind, ...SIZE })).metadata();
  expect(header).toMatchObject({ ...expected, ...SIZE });
});

it('makes raw samples with every opacity', async () => {
  const raw = await makePicture({ kind: 'raw', ...SIZE });
  expect(raw.length).toBe(4 * SIZE.width * SIZE.height);
  const alpha = raw.filter((_, i) => i % 4 === 3);
  expect([Math.min(...alpha), Math.max(...alpha)]).toEqual([0, 255]);
});

it('repeats a tile for what is larger than it', async () => {
  const { width, height } = await sharp(
    await makePicture({ kind: 'photo', width: 2800, height: 40 }),
  ).metadata();
  expect([width, height]).toEqual([2800, 40]);
});

it('makes the same picture again, or finds it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'safelight-pictures-'));
  try {
    const spec = { kind: 'photo', ...SIZE } as const;
    const first = await cachedPicture(spec, folder);
    expect(Buffer.compare(await makePicture(spec), first)).toBe(0);
    expect(Buffer.compare(await cachedPicture(spec, folder), first)).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('finds the pictures of a folder that all engines treat alike', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'safelight-pictures-'));
  try {
    const photo = sharp(await makePicture({ kind: 'photo', ...SIZE }));
    writeFileSync(join(folder, 'b.jpg'), await photo.jpeg({ progressive: true }).toBuffer());
    writeFileSync(join(folder, 'a.png'), await photo.png().toBuffer());
    writeFileSync(
      join(folder, 'turned.jpg'),
      await photo.withMetadata({ orientation: 6 }).toBuffer(),
    );
    writeFileSync(join(folder, 'broken.jpg'), 'no picture');
    writeFileSync(join(folder, 'notes.txt'), 'no picture');
    const found = await findPictures(folder);
    expect(found).toMatchObject([
      { format: 'png', progressive: false, hasAlpha: false, ...SIZE },
      { format: 'jpeg', progressive: true, hasAlpha: false, ...SIZE },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
