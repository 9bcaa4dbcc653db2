/**
 * The library as its users get it: packed, installed by npm into an empty folder outside this
 * repository, and asked for the picture of README.md's library example; likewise the JPEG codec by
 * itself. Needs the npm registry, as the installation of this repository did.
 * @module
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { photoLike } from '@safelight/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'safelight-pack-'));
const tarballs = join(folder, 'tarballs');
const project = join(folder, 'project');

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  /** Of the root: the pinned pnpm, as `npm exec` understands it. */
  readonly packageManager?: string;
}

function manifestOf(path: string): Manifest {
  return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest;
}

/** Packages that are published: what `packages/` holds, without the private ones. */
const published = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name))
  .filter((path) => manifestOf(path).private !== true);

/** The JavaScript blocks of a README that mention `word`. */
function examplesOf(readme: string, word: string): string[] {
  const blocks = readFileSync(join(root, readme), 'utf8').matchAll(/```js\n([\s\S]*?)```/g);
  return [...blocks].map(([, code]) => code ?? '').filter((code) => code.includes(word));
}

function runExample(code: string): string {
  writeFileSync(join(project, 'example.js'), code);
  return execFileSync(process.execPath, ['example.js'], { cwd: project, encoding: 'utf8' });
}

beforeAll(() => {
  mkdirSync(tarballs);
  mkdirSync(project);
  const pnpm = manifestOf(root).packageManager as string;
  for (const path of published) {
    execFileSync('npm', ['exec', '--yes', '--', pnpm, 'pack', '--pack-destination', tarballs], {
      cwd: path,
      stdio: 'pipe',
    });
  }
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const files = readdirSync(tarballs).map((name) => join(tarballs, name));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-save', ...files], {
    cwd: project,
    stdio: 'pipe',
  });
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('renders the README example from the packed packages', async () => {
  expect(readdirSync(tarballs)).toHaveLength(published.length);
  const { rgb, width, height } = photoLike(640, 480);
  const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
  writeFileSync(join(project, 'photo.jpg'), jpeg);
  const [example] = examplesOf('README.md', "'safelight'");
  runExample(example as string);
  const small = await sharp(join(project, 'small.jpeg')).metadata();
  expect([small.format, small.width, small.height]).toEqual(['jpeg', 75, 100]);
}, 60_000);

it('encodes, decodes and describes by the examples of the JPEG codec', () => {
  const examples = examplesOf('packages/jpeg/README.md', "'@safelight/jpeg'");
  expect(examples).toHaveLength(3);
  const told = 'half.planes[0].width, half.planes[0].extent.width, model, planes[0].width';
  const tell = `console.log(file.slice(0, 2), ${told}, qualityPercent, exif);`;
  const printed = runExample([...examples, tell].join('\n'));
  expect(printed.trim()).toBe('Uint8Array(2) [ 255, 216 ] 160 320 gray 320 80 undefined');
});

it('ships types, compiled code and a README, and no sources or tests', () => {
  for (const path of published) {
    const { name } = manifestOf(path);
    const files = readdirSync(join(project, 'node_modules', name), {
      recursive: true,
      encoding: 'utf8',
    });
    expect(files, name).toContain('README.md');
    expect(files, name).toContain('dist/index.js');
    expect(files, name).toContain('dist/index.d.ts');
    expect(
      files.filter((file) => /\.test\.|(?<!\.d)\.ts$/.test(file)),
      name,
    ).toEqual([]);
  }
});
