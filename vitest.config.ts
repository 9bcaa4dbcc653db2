import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Tests run from the sources: every package offers them under this export condition. */
const conditions = ['@safelight/source', 'node', 'import', 'default'];

/** How tests find the packages of this repository. */
export const resolution = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['node', 'import', 'default'] } },
};

/**
 * A process for each core runs file after file and keeps the modules: loading them anew for each of some
 * 270 files takes longer than most files' tests. It fits what is tested: modules have no state but
 * constants. So a test gives back what it changes of the process.
 */
const common = {
  pool: 'forks',
  isolate: false,
  // For hangs alone: tests of other processes share the cores.
  testTimeout: 120_000,
  hookTimeout: 120_000,
} as const;

const withoutSimd = fileURLToPath(new URL('test/without-simd.mjs', import.meta.url));

/**
 * All pictures of the corpus twice, which takes jpeg-js and pngjs minutes. Others of
 * `safelight` compare what was chosen on pictures of all kinds.
 */
const corpusTests = ['packages/safelight/test/corpus/*.test.ts'];

/** Chromium has SIMD whatever the runtime of the tests has. */
const browserTests = ['packages/safelight/test/e2e/chromium.test.ts'];

/** What is about who may do what with bytes: pixels play no part that other tests do not have. */
const protocolTests = [
  'apps/server/test/e2e/{access,advisories,go-client,kill,kill-s3,nodes,slow-callers,stores,oss-{buckets,forms-upload,objects,process,uploads}}.test.ts',
];

/** Suites of unmodified clients, which run on the S3 driver too. */
export const clientTests = ['apps/server/test/e2e/{access,oss-*}.test.ts'];

/**
 * `fast` is every test. `portable` runs again, in a runtime whose SIMD probe fails, those of all parts
 * that choose by it. Left out: parts that never see a pixel; `jpeg`, `simd` and `codecs`, whose tests make
 * both kinds by name and choose nothing; and the tests named above.
 */
export default defineConfig({
  test: {
    // Vitest leaves a core to itself otherwise, which of two is half.
    maxWorkers: availableParallelism(),
    projects: [
      {
        ...resolution,
        test: {
          ...common,
          name: 'fast',
          include: [
            'packages/*/src/**/*.test.ts',
            'packages/*/test/**/*.test.ts',
            'apps/*/src/**/*.test.ts',
            'apps/*/test/**/*.test.ts',
            'benchmarks/**/*.test.ts',
            'test/**/*.test.ts',
          ],
          exclude: ['**/*.portable.test.ts', '**/node_modules/**'],
        },
      },
      {
        ...resolution,
        test: {
          ...common,
          name: 'portable',
          include: [
            'packages/{core,safelight}/{src,test}/**/*.test.ts',
            'apps/{server,cli}/{src,test}/**/*.test.ts',
          ],
          exclude: [...corpusTests, ...browserTests, ...protocolTests, '**/node_modules/**'],
          execArgv: ['--import', withoutSimd],
          // For processes that tests start.
          env: { NODE_OPTIONS: `--import ${withoutSimd}` },
        },
      },
      {
        ...resolution,
        test: {
          ...common,
          name: 'on-s3',
          include: clientTests,
          env: { E2E_STORE: 's3' },
        },
      },
    ],
  },
});
