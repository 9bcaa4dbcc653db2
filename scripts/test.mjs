/**
 * `npm test`: installs, builds, checks format, lint, dead code and types, runs all tests. Its last
 * line is `N passed, N failed, N skipped`.
 * @module
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { announce, installAndBuild, pnpm, step } from './pnpm.mjs';

await installAndBuild();
await step('Checking the format', () => pnpm(['run', '--silent', 'format:check']));
await step('Linting', () => pnpm(['run', '--silent', 'lint']));
await step('Looking for dead code', () => pnpm(['run', '--silent', 'knip']));
await step('Checking types', () =>
  pnpm(['run', '--silent', 'typecheck', '--output-logs=errors-only']),
);

announce('Running the tests');
const folder = mkdtempSync(join(tmpdir(), 'safelight-test-'));
const report = join(folder, 'report.json');
const code = await pnpm([
  'exec',
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile=${report}`,
  ...process.argv.slice(2),
]);
const { passed, failed, skipped } = counts(report);
rmSync(folder, { recursive: true });
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(code !== 0 || failed > 0 || passed === 0 ? 1 : 0);

/** Sums of the report; a file that could not be loaded counts as one failure. */
function counts(path) {
  try {
    const result = JSON.parse(readFileSync(path, 'utf8'));
    const broken = result.testResults.filter(
      (file) =>
        file.status === 'failed' && file.assertionResults.every((t) => t.status !== 'failed'),
    ).length;
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + broken,
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } catch (error) {
    console.error(`the test report cannot be read: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
