/**
 * `pnpm soak:load [seconds]`: the soak that counts, and its report in `soak/load.md`.
 * @module
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { photoLike } from '@safelight/testkit';
import sharp from 'sharp';
import { describeCommit, describeMachine } from '../machine.ts';
import { soakLoad } from './load-soak.ts';
import { printSoak } from './soak-report.ts';

const DEFAULT_SEC = 60;
const PEAK_MS = 15_000;
const REPORT = fileURLToPath(new URL('../../../soak/load.md', import.meta.url));

const overloadSec = Number(process.argv[2] ?? DEFAULT_SEC);
const folder = mkdtempSync(join(tmpdir(), 'safelight-soak-'));
try {
  const { rgb, width, height } = photoLike(2725, 2225);
  const source = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
  const result = await soakLoad({
    source,
    folder: join(folder, 'server'),
    peakMs: PEAK_MS,
    overloadMs: overloadSec * 1000,
    connections: 4 * availableParallelism(),
  });
  const facts = { machine: describeMachine(), commit: describeCommit(), overloadSec };
  const report = printSoak(result, { ...facts, date: new Date().toISOString().slice(0, 10) });
  mkdirSync(join(REPORT, '..'), { recursive: true });
  writeFileSync(REPORT, report);
  console.log(report);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
