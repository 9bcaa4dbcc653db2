/**
 * The library as its users get it: packed, installed by npm into an empty folder outside this
 * repository, and asked for the picture of README.md's library example. Needs the npm registry, as the
 * installation of this repository did.
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

/** The JavaScript block of the README that imports the library. */
function readmeExample(): string {
  const blocks = readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```js\n([\s\S]*?)```/g);
  const example = [...blocks]
    .map(([, code]) => code ?? '')
    .find((code) => code.includes("'safelight'"));
  if (example === undefined) throw new Error('README.md has no library example');
  return example;
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
  writeFileSync(join(project, 'example.js'), readmeExample());
  execFileSync(process.execPath, ['example.js'], { cwd: project, stdio: 'pipe' });
  const small = await sharp(join(project, 'small.jpeg')).metadata();
  expect([small.format, small.width, small.height]).toEqual(['jpeg', 75, 100]);
}, 60_000);

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
