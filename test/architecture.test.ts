/**
 * The repository keeps the promises of ARCHITECTURE.md: who imports whom, and that what it names exists.
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Folders with a package.json, relative to the root. */
const folders = ['packages', 'apps']
  .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
  .concat('benchmarks')
  .filter((folder) => existsSync(join(root, folder, 'package.json')));

const manifests = new Map(
  folders.map((folder) => [
    folder,
    JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest,
  ]),
);
const names = new Set([...manifests.values()].map(({ name }) => name));

/** Rows of the import table: folder, what it may import of ours. */
const table = new Map(
  [...text.matchAll(/^\| `([a-z/]+)` \| ([^|]*) \|/gm)].map((match) => [
    match[1] as string,
    [...(match[2] as string).matchAll(/`([^`]+)`/g)].map((inner) => inner[1] as string).toSorted(),
  ]),
);

describe('the import table', () => {
  it('has a row for every package and no other', () => {
    expect([...table.keys()].toSorted()).toEqual([...folders].toSorted());
  });

  it.each(folders)('%s imports of ours exactly what its row says', (folder) => {
    const { dependencies = {} } = manifests.get(folder) as Manifest;
    const ours = Object.keys(dependencies).filter((name) => names.has(name));
    expect(ours.toSorted()).toEqual(table.get(folder));
  });

  it.each(folders)('%s takes every version from the catalog or the workspace', (folder) => {
    const { dependencies = {}, devDependencies = {} } = manifests.get(folder) as Manifest;
    for (const version of Object.values({ ...dependencies, ...devDependencies })) {
      expect(version).toMatch(/^(catalog:|workspace:\*)$/);
    }
  });
});

describe('what ARCHITECTURE.md names', () => {
  const paths = [...text.matchAll(/`((?:packages|apps|benchmarks|scripts|test)\/[\w./-]+)`/g)].map(
    (match) => match[1] as string,
  );

  it('names more than twenty paths', () => {
    expect(new Set(paths).size).toBeGreaterThan(20);
  });

  it.each([...new Set(paths)])('%s exists', (path) => {
    expect(existsSync(join(root, path))).toBe(true);
  });
});

describe('sources', () => {
  const sources = folders.flatMap((folder) => listSources(join(root, folder, 'src')));

  it('are found', () => {
    expect(sources.length).toBeGreaterThan(100);
  });

  it('open by saying what they own', () => {
    const silent = sources.filter((path) => {
      const start = readFileSync(path, 'utf8').replace(/^#!.*\n/, '');
      return !(start.startsWith('/**') && start.slice(0, 1500).includes('@module'));
    });
    expect(silent).toEqual([]);
  });

  it('have at most 400 lines', () => {
    const long = sources.filter((path) => readFileSync(path, 'utf8').split('\n').length > 401);
    expect(long).toEqual([]);
  });
});

function listSources(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.test)\.ts$/.test(name) && !name.includes('generated'))
    .map((name) => join(folder, name));
}
