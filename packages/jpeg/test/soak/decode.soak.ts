/**
 * The long form of the fuzz tests, started by `pnpm soak:fuzz`: a million seeded mutations of small
 * files, most of them generated, and truncations of these and of the corpus. Writes soak/fuzz.md.
 * @module
 */
import { corpusFolder, randomFrom } from '@safelight/testkit';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { decoderBytes } from '../../src/decode/module.ts';
import { Attack, type AttackOptions, type Outcome } from '../fuzz/attack.ts';
import { fuzzFiles, mutate } from '../fuzz/mutation.ts';

const ROUNDS = Number(process.env['SAFELIGHT_SOAK_ROUNDS'] ?? 1_000_000);
const SEED = Number(process.env['SAFELIGHT_SOAK_SEED'] ?? 1);
const REPORT =
  process.env['SAFELIGHT_SOAK_REPORT'] ?? join(import.meta.dirname, '../../../../soak/fuzz.md');
/** Mutations between two lines of output, by which the script that watches sees progress. */
const HEARTBEAT = 20_000;
const MOST_MUTATED_BYTES = 64 * 1024;
/** Files up to this are cut at every byte, larger ones at 500 seeded places. */
const CUT_EVERYWHERE_BYTES = 8 * 1024;
const CUTS = 500;
/** Generated files are small and reach the same code; the corpus has what nobody would think of. */
const GENERATED_SHARE = 0.8;
const CORPUS_FOLDERS = ['jpeg-odd', 'orientation', 'photos', 'malformed/jpeg'];
const ROOM_BYTES = 192 * 1024 * 1024;
/** A mutation may ask for a large picture: small enough that filling it does not cost the hour. */
const MUTATION_ROOM_BYTES = 4 * 1024 * 1024;

interface Phase {
  readonly name: string;
  readonly files: number;
  readonly attempts: number;
  readonly outcomes: ReadonlyMap<Outcome, number>;
  readonly slowestMs: number;
  readonly seconds: number;
}

function corpusFiles(): Uint8Array[] {
  const corpus = corpusFolder();
  if (corpus === undefined) return [];
  return CORPUS_FOLDERS.flatMap((folder) =>
    readdirSync(join(corpus, folder))
      .toSorted()
      .filter((name) => folder.startsWith('malformed') || /\.jpe?g$/i.test(name))
      .map((name) => new Uint8Array(readFileSync(join(corpus, folder, name)))),
  );
}

/** Runs attempts and counts what comes of them. */
function runPhase(
  name: string,
  files: number,
  room: number,
  run: (attempt: (bytes: Uint8Array, options: AttackOptions) => void) => void,
): Phase {
  const attack = new Attack(room);
  const outcomes = new Map<Outcome, number>();
  const began = performance.now();
  run((bytes, options) => {
    const outcome = attack.attempt(bytes, options);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (attack.attempts % HEARTBEAT === 0) process.stdout.write(`${name}: ${attack.attempts}\n`);
  });
  const seconds = (performance.now() - began) / 1000;
  return { name, files, attempts: attack.attempts, outcomes, slowestMs: attack.slowestMs, seconds };
}

function cutAll(name: string, files: readonly Uint8Array[], everywhere: boolean): Phase {
  const random = randomFrom(SEED);
  return runPhase(name, files.length, ROOM_BYTES, (attempt) => {
    for (const file of files) {
      const cuts = everywhere ? file.length : CUTS;
      for (let i = 0; i < cuts; i++) {
        const length = everywhere ? i : Math.floor(random() * file.length);
        // Large pictures are cut at all scales, but mostly at the one that costs least.
        const scale = everywhere || i % 16 === 0 ? 1 + (i % 8) : 1;
        const options = { scale, partial: i % 4 === 3, isMiddle: i % 5 === 4 };
        attempt(file.subarray(0, length), options);
      }
    }
  });
}

function mutateAll(generated: readonly Uint8Array[], corpus: readonly Uint8Array[]): Phase {
  const random = randomFrom(SEED);
  const name = `mutations of files up to ${MOST_MUTATED_BYTES} bytes`;
  return runPhase(name, generated.length + corpus.length, MUTATION_ROOM_BYTES, (attempt) => {
    for (let i = 0; i < ROUNDS; i++) {
      const isGenerated = corpus.length === 0 || random() < GENERATED_SHARE;
      const files = isGenerated ? generated : corpus;
      const file = files[Math.floor(random() * files.length)];
      const options = { scale: 1 + (i % 8), partial: i % 3 === 0, isMiddle: i % 5 === 0 };
      attempt(mutate(file, random), options);
    }
  });
}

function printReport(phases: readonly Phase[]): string {
  const [{ model = 'unknown' } = {}] = cpus();
  const rows = phases.map(
    ({ name, files, attempts, slowestMs, seconds }) =>
      `| ${name} | ${files} | ${attempts} | ${slowestMs.toFixed(0)} | ${seconds.toFixed(0)} |`,
  );
  const kinds = [...new Set(phases.flatMap(({ outcomes }) => [...outcomes.keys()]))].toSorted();
  const counts = kinds.map(
    (kind) => `| ${kind} | ${phases.map(({ outcomes }) => outcomes.get(kind) ?? 0).join(' | ')} |`,
  );
  return `# Fuzzing the JPEG decoder

Written by \`pnpm soak:fuzz\`, which fails when an attempt throws anything but an \`ImageError\`, traps,
writes outside the memory that the plan foresees, makes the memory grow, or does not end.

Seed ${SEED}, ${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${process.platform} ${process.arch}, ${model.trim()}.
The decoder's binary: SHA-256 ${createHash('sha256').update(decoderBytes()).digest('hex')}.
Command: \`SAFELIGHT_SOAK_SEED=${SEED} pnpm soak:fuzz\`. Files of the corpus: ${corpusFolder() === undefined ? 'none (SAFELIGHT_CORPUS was not set)' : 'those of SAFELIGHT_CORPUS'}.

| phase | files | attempts | slowest ms | seconds |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

Outcomes, by phase in that order (\`too large\`: the plan asks for more than the test has room for, so
that a caller would refuse it; \`a part\`: a partial decode, asked for):

| outcome | ${phases.map((_, i) => i + 1).join(' | ')} |
| --- | ${phases.map(() => '---').join(' | ')} |
${counts.join('\n')}
`;
}

describe('the decoder', () => {
  it('has an answer for every cut and every mutation', { timeout: 0 }, () => {
    const generated = fuzzFiles().map(([, file]) => file);
    const corpus = corpusFiles();
    const all = [...generated, ...corpus].filter(({ length }) => length > 4);
    const isSmall = ({ length }: Uint8Array): boolean => length <= CUT_EVERYWHERE_BYTES;
    const phases: Phase[] = [];
    const finish = (phase: Phase): void => {
      phases.push(phase);
      writeFileSync(REPORT, printReport(phases));
    };
    finish(
      mutateAll(
        generated,
        corpus.filter(({ length }) => length > 4 && length <= MOST_MUTATED_BYTES),
      ),
    );
    const small = all.filter(isSmall);
    finish(cutAll(`every truncation of files up to ${CUT_EVERYWHERE_BYTES} bytes`, small, true));
    const large = all.filter((file) => !isSmall(file));
    finish(cutAll(`${CUTS} truncations of each larger file`, large, false));
    expect(phases.map(({ name }) => name)).toHaveLength(3);
    expect(phases[0].attempts).toBe(ROUNDS);
  });
});
