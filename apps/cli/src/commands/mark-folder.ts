/**
 * Pictures of watermarks as files below one folder, named by their keys. A key that leads out of the
 * folder, through dots or links, is no picture.
 * @module
 */

import { readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';

/** @param input where the main picture came from: without a folder, marks lie beside it */
export function markFolder(folder: string | undefined, input: string): string {
  return folder ?? (input === '-' ? '.' : dirname(input));
}

/** Reads the file of a key, or nothing when there is none. */
export function createMarkReader(folder: string): (key: string) => Promise<Uint8Array | undefined> {
  return async (key) => {
    try {
      const root = await realpath(folder);
      const path = await realpath(join(root, key));
      const inside = relative(root, path);
      if (isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`)) return undefined;
      return new Uint8Array(await readFile(path));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
}

/** A name with a NUL, a folder, or nothing at all. */
function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'].includes(
    String(code),
  );
}
