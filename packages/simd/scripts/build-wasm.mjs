/**
 * Compiles assembly/ and writes the module's bytes as base64 into src/generated/simd-wasm.ts. Installs
 * and users need no compiler; a test rebuilds and compares.
 * @module
 */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { main } from 'assemblyscript/asc';

const folder = fileURLToPath(new URL('..', import.meta.url));
const target = join(folder, 'src/generated/simd-wasm.ts');

/** Where static data would begin: SIMD_REGION_BEGIN of src/memory-map.ts. There must be none. */
const MEMORY_BASE = 4 << 20;
/** Pages of the smallest memory that holds the region: the module cannot be linked to a smaller one. */
const INITIAL_PAGES = (6 << 20) / 65536;

/**
 * The text of the generated file.
 * @returns {Promise<string>}
 */
export async function buildSimd() {
  const scratch = await mkdtemp(join(tmpdir(), 'simd-wasm-'));
  try {
    const output = join(scratch, 'simd.wasm');
    // prettier-ignore
    const { error, stderr } = await main([
      'assembly/index.ts', '--baseDir', folder, '--outFile', output,
      '--importMemory', '--memoryBase', String(MEMORY_BASE),
      '--initialMemory', String(INITIAL_PAGES),
      '--runtime', 'stub', '--enable', 'simd', '--noAssert', '-O3', '--converge',
    ]);
    if (error) throw new Error(`asc: ${stderr.toString()}`, { cause: error });
    const bytes = await readFile(output);
    const lines = bytes.toString('base64').match(/.{1,96}/g) ?? [];
    return `/**
 * The kernels' WebAssembly module (${bytes.length} bytes), from assembly/.
 * Generated, do not edit: \`pnpm --filter @safelight/simd generate\` writes it, a test compares it.
 * @module
 */

export const SIMD_WASM_BASE64: string =
${lines.map((line) => `  '${line}'`).join(' +\n')};
`;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(target, await buildSimd());
}
