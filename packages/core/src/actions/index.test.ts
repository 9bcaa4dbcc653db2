/**
 * The list of actions against the folder: a file without a row, or a row without a file, fails here.
 * @module
 */

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ACTIONS } from './index.ts';

it('has a row for each file of the folder, under its name', () => {
  const files = readdirSync(fileURLToPath(new URL('.', import.meta.url)))
    .filter((file) => !file.endsWith('.test.ts') && file !== 'index.ts')
    .map((file) => file.replace(/\.ts$/, ''));
  expect(files).toHaveLength(18);
  expect(Object.keys(ACTIONS).toSorted()).toEqual(files.toSorted());
  for (const [name, action] of Object.entries(ACTIONS)) expect(action.name).toBe(name);
});
