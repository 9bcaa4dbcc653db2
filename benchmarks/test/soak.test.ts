/**
 * The soak in short: what must hold whatever the machine's speed. No time is asserted.
 * @module
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { photoLike } from '@safelight/testkit';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { soakLoad } from '../src/soak/load-soak.ts';
import { printSoak } from '../src/soak/soak-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'safelight-soak-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('load at twice the capacity', () => {
  it('ends in pictures and refusals, nothing else, and the service goes on', async () => {
    const { rgb, width, height } = photoLike(1200, 900);
    const source = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .jpeg()
      .toBuffer();
    const result = await soakLoad({
      source,
      folder: join(folder, 'server'),
      peakMs: 1_000,
      overloadMs: 3_000,
      connections: 4,
    });
    expect(result).toMatchObject({ failed: 0, bombsMissed: 0, isAlive: true });
    expect(result.served).toBeGreaterThan(0);
    expect(result.bombs).toBeGreaterThan(0);
    expect(result.peakMb ?? 0).toBeLessThan(3_000);
    const machine = { cpu: 'any', cores: 2, memoryGb: 1, platform: 'any', node: '20' };
    const report = printSoak(result, { machine, commit: 'any', overloadSec: 3, date: 'today' });
    expect(report).toContain('| bombs not refused | 0 | 0 | met |');
  }, 120_000);
});
