/**
 * Compiles assembly/ and assembly/encode/ and writes the modules' bytes as base64 into src/generated/.
 * Installs and users need no compiler; tests rebuild and compare (`--print decoder` or `encoder`).
 * @module
 */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** `memoryBase`, where static data would begin, is REGION_START of the module's memory map. */
const MODULES = [
  { name: 'decoder', entry: 'assembly/index.ts', from: 'assembly/', memoryBase: 65536 },
  {
    name: 'encoder',
    entry: 'assembly/encode/index.ts',
    from: 'assembly/encode/',
    memoryBase: 1310720,
  },
];

/**
 * The text of a generated file.
 * @param {{ name: string, entry: string, from: string, memoryBase: number }} module
 * @returns {Promise<string>}
 */
async function buildModule({ name, entry, from, memoryBase }) {
  const scratch = await mkdtemp(join(tmpdir(), 'jpeg-wasm-'));
  try {
    const output = join(scratch, `${name}.wasm`);
    const { error, stderr } = await main([
      entry,
      '--baseDir',
      folder,
      '--outFile',
      output,
      '--importMemory',
      '--memoryBase',
      String(memoryBase),
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
 * The ${name}'s WebAssembly module (${bytes.length} bytes), from ${from}.
 * Generated, do not edit: \`pnpm --filter @safelight/jpeg generate\` writes it, a test compares it.
 * @module
 */

export const ${name.toUpperCase()}_WASM_BASE64: string =
${lines.map((line) => `  '${line}'`).join(' +\n')};
`;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

const print = process.argv.indexOf('--print');
if (print > 0) {
  const module = MODULES.find(({ name }) => name === process.argv[print + 1]);
  if (module === undefined) throw new Error('--print: expected decoder or encoder');
  process.stdout.write(await buildModule(module));
} else {
  for (const module of MODULES) {
    const target = join(folder, `src/generated/${module.name}-wasm.ts`);
    await writeFile(target, await buildModule(module));
  }
}
