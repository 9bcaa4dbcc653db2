/**
 * `pnpm bench`: the chosen cases one after the other. Results are written after each case, so that
 * a run that is stopped keeps what it has.
 * @module
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { type BenchCase, CASES } from './bench-case.ts';
import { drawChart } from './chart.ts';
import { type Command, CommandError, readCommand, USAGE } from './command-line.ts';
import { LOAD_CASES, type LoadCase } from './load/load-case.ts';
import { loadVerdicts, runLoad } from './load/run-load.ts';
import { comparedVersions, describeCommit, describeMachine } from './machine.ts';
import { printReport } from './markdown.ts';
import { type Entry, mergeEntries, type Provenance, type Report } from './report.ts';
import { preparePicture, runCase, withFolder } from './run-case.ts';
import {
  cachedPicture,
  findPictures,
  type FoundPicture,
  type PictureSpec,
} from './source-picture.ts';
import { type PictureRows, verdictOn } from './verdict.ts';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(PACKAGE, 'node_modules', '.cache', 'pictures');
const LOAD_PICTURE: PictureSpec = { kind: 'photo', width: 2725, height: 2225 };

async function main(command: Command, args: readonly string[]): Promise<void> {
  const provenance: Provenance = {
    commit: describeCommit(),
    command: ['pnpm bench', ...(args.length === 0 ? [] : ['--', ...args])].join(' '),
    date: new Date().toISOString().slice(0, 10),
    rounds: command.rounds,
  };
  const out = command.out ?? join(PACKAGE, 'results');
  const found = command.pictures === undefined ? [] : await findPictures(command.pictures);
  let report = openReport(out, command.fresh);
  const keep = (entries: readonly Entry[]): void => {
    report = { ...report, entries: mergeEntries(report.entries, entries) };
    writeReport(out, report);
  };
  for (const benchCase of CASES.filter(({ id }) => command.ids.has(id))) {
    keep(await picturesOf(benchCase, found, command, provenance));
  }
  for (const loadCase of LOAD_CASES.filter(({ id }) => command.ids.has(id))) {
    keep([await loadOf(loadCase, command, provenance)]);
  }
  console.log(printReport(report));
}

async function picturesOf(
  benchCase: BenchCase,
  found: readonly FoundPicture[],
  { rounds, runs, perCase }: Command,
  provenance: Provenance,
): Promise<Entry[]> {
  const { id, title, accepts, pictures } = benchCase;
  const suitable = accepts === undefined ? [] : found.filter(accepts).slice(0, perCase);
  const sources = [...pictures, ...suitable];
  const seen: PictureRows[] = [];
  const entries: Entry[] = [];
  for (const source of sources) {
    await withFolder(async (folder) => {
      const picture = await preparePicture(source, folder, CACHE);
      const options = { rounds, runs, onProgress: showProgress };
      const rows = await runCase(benchCase, picture, folder, options);
      seen.push({ size: source, rows });
      const { name, width, height, bytes } = picture;
      entries.push({
        kind: 'picture',
        id,
        title,
        ...provenance,
        picture: { name, width, height, bytes },
        rows,
        verdict: verdictOn(benchCase, seen, seen.length === sources.length),
      });
    });
  }
  return entries;
}

async function loadOf(
  loadCase: LoadCase,
  { rounds, seconds, connections }: Command,
  provenance: Provenance,
): Promise<Entry> {
  const { id, title } = loadCase;
  const source = await cachedPicture(LOAD_PICTURE, CACHE);
  const options = { rounds, span: { seconds }, connections, onProgress: showProgress };
  const rows = await withFolder((folder) => runLoad(loadCase, source, folder, options));
  const verdicts = loadVerdicts(loadCase, rows);
  return { kind: 'load', id, title, ...provenance, connections, rows, verdicts };
}

/** The report of earlier runs, where it is of this machine and these versions. */
function openReport(out: string, fresh: boolean): Report {
  const empty: Report = { machine: describeMachine(), versions: comparedVersions(), entries: [] };
  const path = join(out, 'latest.json');
  if (fresh || !existsSync(path)) return empty;
  const older = JSON.parse(readFileSync(path, 'utf8')) as Report;
  const { machine, versions } = older;
  return isDeepStrictEqual({ machine, versions, entries: [] }, empty) ? older : empty;
}

function writeReport(out: string, report: Report): void {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'latest.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(out, 'latest.md'), printReport(report));
  writeFileSync(join(out, 'chart.svg'), drawChart(report));
}

function showProgress(text: string): void {
  console.error(text);
}

const args = process.argv.slice(2).filter((arg) => arg !== '--');
try {
  // pnpm changes into this package; paths are meant from where the command was typed.
  const command = readCommand(args, process.env, process.env['INIT_CWD'] ?? process.cwd());
  if (command.help) console.log(USAGE);
  else await main(command, args);
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
