/**
 * `pnpm soak:s3`: the storage suite over Ceph's S3 gateway, started for it; the report is soak/s3.md.
 * @module
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'safelight-ceph-'));
const store = join(folder, 'ceph');
const report = join(folder, 'report.json');
const startedMs = Date.now();
try {
  const [endpoint] = execFileSync('bash', ['soak/radosgw.sh', 'start', store])
    .toString()
    .trim()
    .split('\n')
    .slice(-1);
  const version = execFileSync('radosgw', ['--version']).toString().trim();
  const { status } = spawnSync(
    'pnpm',
    [
      'exec',
      'vitest',
      'run',
      '--config',
      'soak/vitest.config.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${report}`,
      'packages/storage/test/soak',
    ],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        SAFELIGHT_SOAK_S3_ENDPOINT: endpoint,
        SAFELIGHT_SOAK_S3_KEY_ID: 'soak-key-id',
        SAFELIGHT_SOAK_S3_SECRET: 'soak-secret',
      },
    },
  );
  writeFileSync('soak/s3.md', describe(JSON.parse(readFileSync(report, 'utf8')), version));
  process.exitCode = status ?? 1;
} finally {
  spawnSync('bash', ['soak/radosgw.sh', 'stop', store], { stdio: 'inherit' });
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function describe(result, version) {
  const failed = result.testResults
    .flatMap((file) => file.assertionResults)
    .filter((test) => test.status === 'failed')
    .map((test) => `- failed: ${test.fullName}`);
  const day = new Date(startedMs).toISOString().slice(0, 10);
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  return [
    '# The storage suite over a real S3 server',
    '',
    `${day}, ${version}; ${cpus().length} cores of ${cpus()[0].model}, Node ${process.version}; \`pnpm soak:s3\`, ${seconds} s.`,
    '',
    `${result.numPassedTests} passed, ${result.numFailedTests} failed.`,
    ...failed,
    '',
  ].join('\n');
}
