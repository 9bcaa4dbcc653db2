/**
 * `pnpm soak:s3`: the storage suite, the suites of all clients, two nodes and kills over Ceph's S3 gateway,
 * started for it; the report is soak/s3.md. Arguments go to vitest; with some, no report is written.
 * @module
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'safelight-ceph-'));
const store = join(folder, 'ceph');
const report = join(folder, 'report.json');
const chosen = process.argv.slice(2);
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
      'soak/s3.vitest.config.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${report}`,
      ...chosen,
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
  if (chosen.length === 0) {
    writeFileSync('soak/s3.md', describe(JSON.parse(readFileSync(report, 'utf8')), version));
  }
  process.exitCode = status ?? 1;
} finally {
  spawnSync('bash', ['soak/radosgw.sh', 'stop', store], { stdio: 'inherit' });
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function describe(result, version) {
  const day = new Date(startedMs).toISOString().slice(0, 10);
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  const files = result.testResults.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const failed = files
    .flatMap((file) => file.assertionResults)
    .filter((test) => test.status === 'failed')
    .map((test) => `- failed: ${test.fullName}`);
  return [
    '# The service over a real S3 server',
    '',
    `${day}, ${version}; ${cpus().length} cores of ${cpus()[0].model}, Node ${process.version}; \`pnpm soak:s3\`, ${seconds} s.`,
    '',
    'The driver suite, and against the built service, whose store is this server: unmodified ali-oss in its',
    "eight forms, Debian's Go SDK, the table of ACLs, two nodes behind nginx, and kills.",
    '',
    '| file | passed | failed | skipped |',
    '| --- | --- | --- | --- |',
    ...files.map((file) => `| \`${relative('.', file.name)}\` | ${counts(file).join(' | ')} |`),
    '',
    `${result.numPassedTests} passed, ${result.numFailedTests} failed, ${result.numPendingTests} skipped.`,
    ...failed,
    '',
  ].join('\n');
}

function counts({ assertionResults }) {
  const of = (status) => assertionResults.filter((test) => test.status === status).length;
  return [of('passed'), of('failed'), of('skipped') + of('pending')];
}
