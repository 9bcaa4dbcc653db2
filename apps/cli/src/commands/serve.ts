/**
 * `safelight serve`: the server program, with the three settings one changes most as options.
 * @module
 */

import { runProgram } from '@safelight/server/node';

export interface ServeOptions {
  readonly host?: string;
  readonly port?: string;
  readonly data?: string;
}

/** Runs until a signal stops it. An option wins over its environment variable. */
export function serve({ host, port, data }: ServeOptions): Promise<void> {
  return runProgram({
    ...process.env,
    ...(host !== undefined && { SAFELIGHT_HOST: host }),
    ...(port !== undefined && { SAFELIGHT_PORT: port }),
    ...(data !== undefined && { SAFELIGHT_DATA: data }),
  });
}
