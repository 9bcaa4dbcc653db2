/**
 * The service, killed while it writes: what it acknowledged is there, whole, and nothing else is.
 * `pnpm soak:kill` does the same two hundred times.
 * @module
 */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { folderStore } from '../soak/killed-stores.ts';
import { runKillRounds } from '../soak/kill-rounds.ts';
import { temporaryFolder } from './server-process.ts';

const ROUNDS = 5;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder.remove());

it('keeps what it acknowledged, serves nothing half, and cleans up after kill -9', async () => {
  const store = folderStore(folder.path);
  const { rounds, counts } = await runKillRounds(folder.path, { rounds: ROUNDS, seed: 1, store });
  expect(rounds).toBe(ROUNDS);
  expect(counts.put + counts.upload + counts.delete).toBeGreaterThan(0);
  expect(counts.render).toBeGreaterThan(0);
}, 180_000);
