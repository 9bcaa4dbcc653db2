/**
 * What `pnpm soak:s3` runs over a real S3 server: the driver suite, the suites of all clients, two nodes
 * behind nginx, and a service that is killed.
 * @module
 */

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

import { clientTests, resolution } from '../vitest.config.ts';

export default defineConfig({
  ...resolution,
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    env: { E2E_STORE: 's3' },
    include: [
      'packages/storage/test/soak/**/*.soak.ts',
      ...clientTests,
      'apps/server/test/e2e/{go-client,kill-s3,nodes}.test.ts',
    ],
  },
});
