import { corpusFolder } from '@safelight/testkit';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const corpus = corpusFolder();
const child = fileURLToPath(new URL('malformed-child.mjs', import.meta.url));
/** Of a whole folder; each takes a few seconds. */
const TIMEOUT_MS = 120_000;
/** Of the child, Node and code included; one of the files alone makes pngjs take 3.6 GB. */
const MAX_RSS_KIB = 400 * 1024;

interface Report {
  readonly outcomes: Readonly<Record<string, string>>;
  readonly maxRssKiB: number;
}

function decodeAll(folder: string): Report {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--max-old-space-size=256', child, folder],
    { encoding: 'utf8', timeout: TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: 1 << 24 },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Report;
}

function tally(outcomes: Readonly<Record<string, string>>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of Object.values(outcomes)) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

describe.skipIf(corpus === undefined)('hostile files (needs SAFELIGHT_CORPUS)', () => {
  it('answers each JPEG, within time and memory', { timeout: TIMEOUT_MS }, () => {
    const folder = join(corpus ?? '', 'malformed/jpeg');
    const { outcomes, maxRssKiB } = decodeAll(folder);
    expect(Object.keys(outcomes)).toHaveLength(readdirSync(folder).length);
    expect(tally(outcomes)).toEqual({
      raster: 19,
      // Files without so much as an SOI.
      'unknown-format': 20,
      'BadImage/damaged': 115,
      'BadImage/truncated': 88,
      'UnsupportedFormat/unsupported-kind': 51,
      'LimitExceeded/too-many-pixels': 1,
      'LimitExceeded/too-many-scans': 1,
    });
    expect(maxRssKiB).toBeLessThan(MAX_RSS_KIB);
  });

  it('answers each PNG, within time and memory', { timeout: TIMEOUT_MS }, () => {
    const folder = join(corpus ?? '', 'malformed/png');
    const { outcomes, maxRssKiB } = decodeAll(folder);
    expect(Object.keys(outcomes)).toHaveLength(readdirSync(folder).length);
    expect(tally(outcomes)).toEqual({
      raster: 7,
      'BadImage/damaged': 134,
      'BadImage/truncated': 25,
      'LimitExceeded/side-too-long': 1,
      'LimitExceeded/too-many-pixels': 1,
    });
    expect(outcomes['gen-huge-header-2147483647.png']).toBe('LimitExceeded/side-too-long');
    expect(outcomes['gen-bomb-30000x30000-gray1.png']).toBe('LimitExceeded/too-many-pixels');
    expect(outcomes['gen-idat-overrun-64MB.png']).toBe('BadImage/damaged');
    expect(maxRssKiB).toBeLessThan(MAX_RSS_KIB);
  });

  it.each([
    [
      'bmp',
      83,
      {
        raster: 18,
        'unknown-format': 4,
        'BadImage/damaged': 52,
        'BadImage/truncated': 2,
        'UnsupportedFormat/unsupported-kind': 1,
        'LimitExceeded/side-too-long': 5,
        'LimitExceeded/too-many-pixels': 1,
      },
    ],
    [
      'gif',
      94,
      {
        raster: 11,
        'raster and frames': 1,
        'unknown-format': 4,
        'BadImage/damaged': 49,
        'BadImage/truncated': 23,
        'LimitExceeded/too-many-pixels': 6,
      },
    ],
    [
      'tiff',
      68,
      {
        raster: 1,
        'BadImage/damaged': 28,
        'BadImage/truncated': 24,
        'UnsupportedFormat/unsupported-kind': 14,
        'LimitExceeded/side-too-long': 1,
      },
    ],
    [
      'webp',
      4,
      {
        raster: 1,
        'BadImage/truncated': 1,
        'LimitExceeded/side-too-long': 1,
        'LimitExceeded/too-many-pixels': 1,
      },
    ],
    ['avif', 1, { 'LimitExceeded/too-many-pixels': 1 }],
    [
      'heic',
      5,
      // One has no byte at all.
      { 'unknown-format': 1, 'BadImage/truncated': 3, 'LimitExceeded/too-many-pixels': 1 },
    ],
    ['svg', 2, { 'unknown-format': 2 }],
    // A web page, a script that begins like a GIF, a byte, and none.
    ['polyglot', 4, { 'unknown-format': 3, 'BadImage/damaged': 1 }],
  ] as const)(
    'answers each file of %s, within time and memory',
    { timeout: TIMEOUT_MS },
    (format, files, expected) => {
      const { outcomes, maxRssKiB } = decodeAll(join(corpus ?? '', 'malformed', format));
      expect(Object.keys(outcomes)).toHaveLength(files);
      expect(tally(outcomes)).toEqual(expected);
      expect(maxRssKiB).toBeLessThan(MAX_RSS_KIB);
    },
  );
});
