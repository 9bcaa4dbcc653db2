/**
 * The long tests: too long for `npm test`, run by hand, their reports committed beside this file.
 * @module
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

import shared from '../vitest.config.ts';

export default defineConfig({
  ...shared,
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: { ...shared.test, include: ['packages/*/test/soak/**/*.soak.ts'] },
});
