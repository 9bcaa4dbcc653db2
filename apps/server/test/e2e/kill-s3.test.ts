/**
 * The service over S3, killed while it writes: what it acknowledged is there, whole, and nothing else is
 * once it was swept. `pnpm soak:kill` does the same two hundred times.
 * @module
 */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { s3Store } from '../soak/killed-stores.ts';
import { runKillRounds } from '../soak/kill-rounds.ts';
import { temporaryFolder } from './server-process.ts';
import { sharedS3 } from './store-under-test.ts';

const ROUNDS = 3;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder.remove());

it('keeps what it acknowledged over S3, serves nothing half, and can be swept after kill -9', async () => {
  const store = s3Store(folder.path, await sharedS3());
  const { rounds, counts } = await runKillRounds(folder.path, { rounds: ROUNDS, seed: 1, store });
  expect(rounds).toBe(ROUNDS);
  const answers = Object.values(counts).reduce((sum, count) => sum + count);
  expect(answers).toBeGreaterThanOrEqual(ROUNDS);
}, 180_000);
