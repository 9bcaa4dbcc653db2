/**
 * The program in a runtime whose SIMD probe fails: it serves as ever, and says so once.
 * @module
 */

import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { download } from './download.ts';
import { startProcess } from './server-process.ts';

const WITHOUT_SIMD = fileURLToPath(new URL('../../../../test/without-simd.mjs', import.meta.url));

it.each([
  ['', 0],
  [`--import=${pathToFileURL(WITHOUT_SIMD).href}`, 1],
])(
  'has one warning about missing SIMD exactly where it is missing: node options %j',
  async (options, warnings) => {
    const server = await startProcess({
      NODE_OPTIONS: options,
      SAFELIGHT_STORE: 'memory',
      SAFELIGHT_WORKERS: '2',
    });
    const sizes = [40, 41, 42, 43];
    const url = `${server.url}/image-demo/example.jpg?x-oss-process=image/resize,w_`;
    const answers = await Promise.all(sizes.map((size) => download(`${url}${size}`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await server.stop()).toBe(0);
    expect(server.output().split('no WebAssembly SIMD here').length - 1).toBe(warnings);
  },
  60_000,
);
