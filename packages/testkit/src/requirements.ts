/**
 * What some tests need beside Node: the picture corpus, a Debian program. Absent, they skip with the
 * reason in their name; where everything is promised (`SAFELIGHT_REQUIRE_ALL=1`), absence is a failure.
 * @module
 */

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The folder named by `SAFELIGHT_CORPUS`, or undefined: then the caller's tests skip. */
export function corpusFolder(): string | undefined {
  const folder = process.env['SAFELIGHT_CORPUS'];
  return required(
    folder !== undefined && existsSync(folder) ? folder : undefined,
    `SAFELIGHT_CORPUS: expected an existing folder, got ${folder ?? 'nothing'}`,
  );
}

/** The path of a program on PATH, or undefined: then the caller's tests skip. */
export function programPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return required(
    folders.map((folder) => join(folder, name)).find((path) => existsSync(path)),
    `${name}: expected on PATH, not found`,
  );
}

/** A folder that a Debian package installs, or undefined: then the caller's tests skip. */
export function debianFolder(folder: string, packageName: string): string | undefined {
  return required(
    existsSync(folder) ? folder : undefined,
    `${packageName}: expected ${folder}, not found`,
  );
}

function required(value: string | undefined, reason: string): string | undefined {
  if (value === undefined && process.env['SAFELIGHT_REQUIRE_ALL'] === '1') throw new Error(reason);
  return value;
}
