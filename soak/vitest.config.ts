/**
 * The long tests: too long for `npm test`, run by hand, their reports committed beside this file.
 * @module
 */

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

import { resolution } from '../vitest.config.ts';

export default defineConfig({
  ...resolution,
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    pool: 'forks',
    testTimeout: 300_000,
    hookTimeout: 300_000,
    include: ['packages/*/test/soak/**/*.soak.ts', 'apps/*/test/soak/**/*.soak.ts'],
  },
});
