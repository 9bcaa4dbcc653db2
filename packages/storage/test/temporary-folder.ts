/**
 * Folders for tests, removed when the test is over.
 * @module
 */

import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

/** An empty folder, by its real path. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'safelight-storage-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
