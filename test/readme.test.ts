/**
 * README.md says what is true: its tables are fresh and its settings are the program's.
 * @module
 */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const server = join(root, 'apps/server/dist/node/main.js');
const { PATH = '' } = process.env;

/** Names of the settings table of a page. */
function settingsOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `SAFELIGHT_'));
  return rows.flatMap((row) => row.split('|')[1]?.match(/SAFELIGHT_\w+/g) ?? []).toSorted();
}

describe('README.md', () => {
  it('has a fresh table of actions', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(root, 'scripts/readme-actions.mjs'), '--check'],
      { env: { PATH } },
    );
    expect([status, stderr.toString()]).toEqual([0, '']);
  });

  it.each(['README.md', 'apps/server/README.md'])('names every setting in %s', (page) => {
    const { status, stderr } = spawnSync(process.execPath, [server], {
      env: { PATH, SAFELIGHT_NONSENSE: '1' },
    });
    const [complaint = '', ...known] = stderr.toString().match(/SAFELIGHT_\w+/g) ?? [];
    expect([status, complaint]).toEqual([2, 'SAFELIGHT_NONSENSE']);
    expect(settingsOf(page)).toEqual(known.toSorted());
  });
});
