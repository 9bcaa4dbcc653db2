/**
 * Compiles assembly/ and writes the module's bytes as base64 into src/generated/decoder-wasm.ts.
 * Installs and users need no compiler; a test rebuilds and compares.
 * @module
 */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const folder = fileURLToPath(new URL('..', import.meta.url));
const target = join(folder, 'src/generated/decoder-wasm.ts');

/** Where the module's static data would begin: REGION_START of src/decode/memory-map.ts. */
const MEMORY_BASE = 65536;

/**
 * The text of the generated file.
 * @returns {Promise<string>}
 */
async function buildDecoder() {
  const scratch = await mkdtemp(join(tmpdir(), 'jpeg-wasm-'));
  try {
    const output = join(scratch, 'decoder.wasm');
    const { error, stderr } = await main([
      'assembly/index.ts',
      '--baseDir',
      folder,
      '--outFile',
      output,
      '--importMemory',
      '--memoryBase',
      String(MEMORY_BASE),
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--noAssert',
      '-O3',
      '--converge',
    ]);
    if (error) throw new Error(`asc: ${stderr.toString()}`, { cause: error });
    const bytes = await readFile(output);
    const lines = bytes.toString('base64').match(/.{1,96}/g) ?? [];
    return `/**
 * The decoder's WebAssembly module (${bytes.length} bytes), from assembly/.
 * Generated, do not edit: \`pnpm --filter @safelight/jpeg generate\` writes it, a test compares it.
 * @module
 */

export const DECODER_WASM_BASE64: string =
${lines.map((line) => `  '${line}'`).join(' +\n')};
`;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

const text = await buildDecoder();
// A test compares what is printed with what is committed.
if (process.argv.includes('--print')) process.stdout.write(text);
else await writeFile(target, text);
