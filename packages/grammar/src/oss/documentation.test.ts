/**
 * The table that documentation is made of, held against the parser and against the folder.
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { chainOf } from '../../test/cases.ts';
import { ossActionTable, printChain } from '../index.ts';

describe('ossActionTable', () => {
  it('names every action of the language once', () => {
    expect(ossActionTable.map(({ name }) => name).toSorted()).toEqual(
      [
        'auto-orient',
        'average-hue',
        'blindwatermark',
        'blur',
        'bright',
        'circle',
        'contrast',
        'crop',
        'flip',
        'format',
        'indexcrop',
        'info',
        'interlace',
        'quality',
        'resize',
        'rotate',
        'rounded-corners',
        'sharpen',
        'watermark',
      ].toSorted(),
    );
  });

  it('has one file for each action that is built', () => {
    const files = readdirSync(new URL('.', import.meta.url))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .filter((file) =>
        /defineOssAction\(\{/.test(readFileSync(new URL(file, import.meta.url), 'utf8')),
      )
      .map((file) => file.replace('.ts', ''));
    const built = ossActionTable.filter(({ implemented }) => implemented).map(({ name }) => name);
    expect(files.toSorted()).toEqual(built.toSorted());
  });

  it('gives examples that are read, and that survive printing', () => {
    const built = ossActionTable.filter(({ implemented }) => implemented);
    const examples = built.flatMap((row) => row.examples);
    expect(examples.length).toBeGreaterThanOrEqual(built.length);
    for (const example of examples) {
      expect(chainOf(printChain(chainOf(example)))).toEqual(chainOf(example));
    }
  });

  it('tells ranges, words and defaults', () => {
    const resize = ossActionTable.find(({ name }) => name === 'resize');
    const [mode, width] = resize?.parameters ?? [];
    expect(mode).toMatchObject({
      key: 'm',
      kind: 'keyword',
      words: ['lfit', 'mfit', 'fill', 'pad', 'fixed'],
      default: 'lfit',
      required: false,
    });
    expect(width).toMatchObject({ key: 'w', kind: 'integer', min: 1, max: 16_384 });
    expect(width).not.toHaveProperty('default');
  });
});
