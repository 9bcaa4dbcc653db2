/**
 * Any text gives actions, a style or an `ImageError`, and every error has an answer. Seeded: a
 * failure can be repeated.
 * @module
 */

import { isImageError, OSS_LIMITS } from '@safelight/core';
import { randomFrom } from '@safelight/testkit';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  describeOssError,
  encodeUrlSafeBase64,
  ossActionTable,
  parseLegacy,
  parseProcess,
  printChain,
} from '../../src/index.ts';

const SEED = 20_260;

/** `lost`: printing changed it. `unanswered`: no 400 or 501 with a message and a place. */
type Verdict = 'read' | 'refused' | 'lost' | 'unanswered';

function probe(text: string, strict: boolean): Verdict {
  try {
    const parsed = parseProcess(text, { limits: OSS_LIMITS, strict });
    if (parsed.kind === 'style') return 'read';
    const printed = printChain(parsed.chain);
    const again = parseProcess(printed, { limits: OSS_LIMITS, strict: true });
    const same = again.kind === 'image' && sameJson(again.chain, parsed.chain);
    return same && printChain(again.chain) === printed ? 'read' : 'lost';
  } catch (error) {
    if (!isImageError(error)) throw error;
    const { status, message } = describeOssError(error);
    const isPlaced = error.at !== undefined && error.at >= 0 && error.at <= text.length;
    const isAnswered = (status === 400 || status === 501) && message !== '';
    return isPlaced && isAnswered ? 'refused' : 'unanswered';
  }
}

/** Members in any order: actions are flat but for colours and text, which print in one order. */
function sameJson(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

const LITERALS =
  'image style / / / , , , _ _ _ 0 1 100 -1 99999 SGVsbG8 d3F5LXplbmhlaQ FF0000 = %2F & | 图 __proto__';

const WORDS: readonly string[] = [
  ...LITERALS.split(' '),
  ' ',
  '\n',
  ...ossActionTable.map(({ name }) => name),
  ...ossActionTable.flatMap(({ parameters }) => parameters.map(({ key }) => key)),
  ...ossActionTable.flatMap(({ parameters }) => parameters.flatMap(({ words }) => words ?? [])),
];

/** Verdicts over texts that `make` gives, counted. */
function countVerdicts(runs: number, make: (run: number) => string): Record<Verdict, number> {
  const counts = { read: 0, refused: 0, lost: 0, unanswered: 0 };
  for (let run = 0; run < runs; run++) {
    const text = make(run);
    counts[probe(text, false)]++;
    counts[probe(text, true)]++;
  }
  return counts;
}

describe('any text', () => {
  it('is read or refused', () => {
    const texts = fc.sample(fc.string({ unit: 'binary' }), { seed: SEED, numRuns: 1_000 });
    const prefixes = ['', 'image/', 'style/', 'image/resize,w_', 'image/watermark,text_'];
    for (const prefix of prefixes) {
      const counts = countVerdicts(texts.length, (run) => prefix + (texts[run] ?? ''));
      expect(counts).toMatchObject({ lost: 0, unanswered: 0 });
    }
  });

  it('made of the words of the language is read or refused', () => {
    const random = randomFrom(SEED);
    const word = (): string => WORDS[Math.floor(random() * WORDS.length)] ?? '';
    const counts = countVerdicts(
      5_000,
      () => `image/${Array.from({ length: 1 + Math.floor(random() * 12) }, word).join('')}`,
    );
    expect(counts).toMatchObject({ lost: 0, unanswered: 0 });
  });

  it('one edit away from a good one is read or refused', () => {
    const random = randomFrom(SEED + 1);
    const examples = ossActionTable.flatMap((row) => row.examples);
    const counts = countVerdicts(5_000, (run) => {
      const example = examples[run % examples.length] ?? '';
      const at = Math.floor(random() * example.length);
      const word = WORDS[Math.floor(random() * WORDS.length)] ?? '';
      return example.slice(0, at) + word + example.slice(at + (run % 3));
    });
    expect(counts).toMatchObject({ lost: 0, unanswered: 0 });
    expect(counts.read).toBeGreaterThan(100);
    expect(counts.refused).toBeGreaterThan(100);
  });
});

describe('any text inside a mark or behind an @', () => {
  const random = randomFrom(SEED + 2);
  const letters = '0123456789-_xywhPpeclabrqQ.|&=@!/,?image resize watermark format png';
  const text = (): string =>
    Array.from(
      { length: 1 + Math.floor(random() * 24) },
      () => letters[Math.floor(random() * letters.length)],
    ).join('');

  it('is read or refused', () => {
    const counts = countVerdicts(2_000, () => {
      const source = `a.png?x-oss-process=image/resize,${text()}`;
      return `image/watermark,image_${encodeUrlSafeBase64(source)}`;
    });
    expect(counts).toMatchObject({ lost: 0, unanswered: 0 });
  });

  it('is read or refused as the old syntax', () => {
    const starts = ['', '100w_', 'watermark=1&object=', 'watermark=2&text=YQ&', '1w|'];
    let refused = 0;
    for (let run = 0; run < 5_000; run++) {
      try {
        parseLegacy((starts[run % starts.length] ?? '') + text(), { limits: OSS_LIMITS });
      } catch (error) {
        if (!isImageError(error)) throw error;
        expect(describeOssError(error).status).toBe(400);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(1_000);
  });
});
