/**
 * Joins a built package's modules: one file a door of package.json, and chunks of what doors share or
 * load later. A first render opens some hundred files less that way, which is half of its time. Types
 * stay as the compiler wrote them; other packages stay imports. Runs in a package, after the compiler.
 * @module
 */

import { readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const doors = [...new Set(Object.values(manifest.exports).flatMap(listTargets))];

const bundle = await rolldown({
  input: Object.fromEntries(doors.map((file) => [file.replace(/\.js$/, ''), join('dist', file)])),
  external: /^[^./]/,
  platform: 'neutral',
});
const { output } = await bundle.write({
  dir: 'dist',
  format: 'es',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name].js',
  sourcemap: true,
});
await bundle.close();

const kept = new Set(output.map(({ fileName }) => resolve('dist', fileName)));
for (const name of await readdir('dist', { recursive: true })) {
  const path = resolve('dist', name);
  if (/\.js(?:\.map)?$/.test(name) && !kept.has(path)) await rm(path);
}

/** Built files of a door: one for each runtime that has its own. */
function listTargets(door) {
  const further = Object.values(door).filter((target) => typeof target === 'object');
  return [door.default.replace('./dist/', ''), ...further.flatMap(listTargets)];
}
