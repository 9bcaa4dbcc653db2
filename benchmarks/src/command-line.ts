/**
 * The command line of `pnpm bench`.
 * @module
 */

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CASES } from './bench-case.ts';
import { LOAD_CASES } from './load/load-case.ts';

export interface Command {
  /** Ids of cases, all of them by default. */
  readonly ids: ReadonlySet<string>;
  readonly rounds: number;
  readonly runs: number;
  /** Of load, a server and round. */
  readonly seconds: number;
  readonly connections: number;
  /** Folder of pictures to use beside the generated ones. */
  readonly pictures: string | undefined;
  /** How many of its pictures a case takes. */
  readonly perCase: number;
  /** Folder of the results. */
  readonly out: string | undefined;
  /** Forgets what earlier runs left in `out`. */
  readonly fresh: boolean;
  readonly help: boolean;
}

export const USAGE = `pnpm bench [-- [P1 P6 ...] [options]]

  --rounds N       processes of each engine (5)
  --runs N         timed runs in each process (15)
  --seconds N      of load for each server and round (10)
  --connections N  of load (twice the cores)
  --pictures DIR   pictures to use beside the generated ones (SAFELIGHT_CORPUS, if set)
  --per-case N     how many of them a case takes (1)
  --out DIR        where the results go (benchmarks/results)
  --fresh          forget the results of earlier runs instead of replacing those of the same cases`;

/** A command line that is wrong; the message says how. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** @param folder that relative paths start from */
export function readCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): Command {
  const { values, positionals } = parse(args);
  const count = (
    name: 'rounds' | 'runs' | 'seconds' | 'connections' | 'per-case',
    fallback: number,
  ) => readCount(name, values[name], fallback);
  const pictures = values.pictures ?? environment['SAFELIGHT_CORPUS'];
  return {
    ids: readIds(positionals),
    rounds: count('rounds', 5),
    runs: count('runs', 15),
    seconds: count('seconds', 10),
    connections: count('connections', 2 * availableParallelism()),
    pictures: pictures === undefined || pictures === '' ? undefined : resolve(folder, pictures),
    perCase: count('per-case', 1),
    out: values.out === undefined ? undefined : resolve(folder, values.out),
    fresh: values.fresh ?? false,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      // pnpm hands its own `--` on; the ids after it would be lost to the options otherwise.
      args: args.filter((arg) => arg !== '--'),
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        runs: { type: 'string' },
        seconds: { type: 'string' },
        connections: { type: 'string' },
        pictures: { type: 'string' },
        'per-case': { type: 'string' },
        out: { type: 'string' },
        fresh: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new CommandError((error as Error).message, { cause: error });
  }
}

function readIds(positionals: readonly string[]): ReadonlySet<string> {
  const known = [...CASES, ...LOAD_CASES].map(({ id }) => id);
  const ids = positionals.map((text) => text.toUpperCase());
  const stranger = ids.find((id) => !known.includes(id));
  if (stranger !== undefined) {
    throw new CommandError(`case: expected some of ${known.join(' ')}, got '${stranger}'`);
  }
  return new Set(ids.length === 0 ? known : ids);
}

function readCount(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new CommandError(`--${name}: expected a positive whole number, got '${text}'`);
}
