/**
 * How the tests of the actions read a text, and their two kinds of rows. Every accepted row is also
 * printed and read again.
 * @module
 */

import { type Action, type Chain, isImageError, OSS_LIMITS } from '@safelight/core';
import { expect, it } from 'vitest';

import { describeOssError, parseProcess, type ParseOptions, printChain } from '../src/index.ts';

const OPTIONS: ParseOptions = { limits: OSS_LIMITS };

/** The chain of an `image/…` text. */
export function chainOf(text: string, options: ParseOptions = OPTIONS): Chain {
  const parsed = parseProcess(text, options);
  if (parsed.kind !== 'image') throw new Error(`${text} is a style`);
  return parsed.chain;
}

export interface Refusal {
  readonly reason: string;
  readonly at: number | undefined;
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly ec?: string;
}

/** What a text is refused with; throws when it is accepted. */
export function refusalOf(text: string, options: ParseOptions = OPTIONS): Refusal {
  try {
    parseProcess(text, options);
  } catch (error) {
    if (!isImageError(error)) throw error;
    return { reason: error.reason, at: error.at, ...describeOssError(error) };
  }
  throw new Error(`${text} is accepted`);
}

/** Each row: the text of one step, its typed action. */
export function accepts(rows: readonly (readonly [step: string, action: Action])[]): void {
  it.each(rows)('accepts %s', (step, action) => {
    const chain = chainOf(`image/${step}`);
    expect(chain).toEqual([action]);
    expect(chainOf(printChain(chain))).toEqual(chain);
  });
}

/**
 * Each row: the text of one step, the last digits of its EC (`undefined`: none is published), the
 * Code unless InvalidArgument. All of them answer 400.
 */
export function refuses(
  rows: readonly (readonly [step: string, ec: number | undefined, code?: string])[],
): void {
  it.each(rows)('refuses %s with EC %s', (step, ec, code = 'InvalidArgument') => {
    const refusal = refusalOf(`image/${step}`);
    const expected = ec === undefined ? undefined : `0040-00000${String(ec).padStart(3, '0')}`;
    expect({ status: refusal.status, code: refusal.code, ec: refusal.ec }).toEqual({
      status: 400,
      code,
      ec: expected,
    });
    expect(refusal.at).toBeGreaterThanOrEqual(0);
  });
}

/** The edges of an integer key: both ends are read, what lies beside them and what is no integer not. */
export function integerEdges(
  prefix: string,
  min: number,
  max: number,
  ec: number | undefined,
): void {
  it.each([min, max])(`accepts ${prefix}%i`, (value) => {
    expect(chainOf(`image/${prefix}${value}`)).toHaveLength(1);
  });
  it(`accepts leading zeros in ${prefix}`, () => {
    expect(chainOf(`image/${prefix}00${max}`)).toEqual(chainOf(`image/${prefix}${max}`));
  });
  const bad = [
    min - 1,
    max + 1,
    'abc',
    `+${max}`,
    `${max}.5`,
    `${max}px`,
    '0x10',
    '1e2',
    '1234567890',
  ];
  refuses(bad.map((value) => [`${prefix}${value}`, ec] as const));
  refuses([
    [`${prefix}１`, ec],
    [`${prefix}--1`, ec],
    [`${prefix}-`, ec],
  ]);
}
