/**
 * The OSS process text, read into typed actions. Every character is looked at a bounded number of
 * times. A known key with a bad value is always an error, even where a later duplicate would win.
 * @module
 */

import {
  type Action,
  type Chain,
  ImageError,
  type ImageErrorCode,
  type ImageErrorReason,
  type Limits,
} from '@safelight/core';

import { findForbidden, type Meter, type Segment, splitOnce, splitSegments } from '../segments.ts';
import type { BuiltAction, Fonts, OssAction } from './action.ts';
import { findOssAction } from './actions.ts';
import { OSS_FONTS } from './fonts.ts';
import { collectArguments, type ParsedArgument, readArguments } from './step.ts';
import { isStyleName } from './style.ts';

export interface ParseOptions {
  readonly limits: Pick<Limits, 'maxChainChars' | 'maxSteps'>;
  /** Refuses unknown keys inside a known action instead of ignoring them. @default false */
  readonly strict?: boolean;
  /** OSS font names and the engine's fonts behind them. @default OSS_FONTS */
  readonly fonts?: Fonts;
}

/** Where a step and its arguments stand in the text, in UTF-16 units. Same order as the chain. */
export interface ParsedStep {
  readonly name: string;
  readonly at: number;
  readonly length: number;
  readonly arguments: readonly ParsedArgument[];
}

export interface ParsedImage {
  readonly kind: 'image';
  readonly chain: Chain;
  readonly steps: readonly ParsedStep[];
}

/** `style/NAME`: the text of the style is somewhere else. */
export interface ParsedStyle {
  readonly kind: 'style';
  readonly name: string;
  readonly at: number;
}

export type ParsedProcess = ParsedImage | ParsedStyle;

/**
 * Reads `image/…` or `style/NAME`, percent-decoded already.
 * @throws ImageError `InvalidArgument`, `NotImplemented` or `LimitExceeded` with the letters of the
 * language in `fault` and the offset of the faulty token in `at`.
 */
export function parseProcess(text: string, options: ParseOptions): ParsedProcess {
  return parseMetered(text, options, { steps: 0 });
}

/** `parseProcess` that counts its looks at characters. For the test of linearity. */
export function parseMetered(text: string, options: ParseOptions, meter: Meter): ParsedProcess {
  const { maxChainChars } = options.limits;
  if (text.length > maxChainChars) {
    throw textFault('chain-too-long', `at most ${maxChainChars} characters`, text.length, 0);
  }
  const forbidden = findForbidden(text, '&|', meter);
  if (forbidden >= 0) {
    const got = text[forbidden] === '|' ? 'a pipe' : 'a character that is not';
    throw textFault('malformed', 'text without & | and control characters', got, forbidden);
  }
  const { head, tail, tailAt } = splitOnce({ text, at: 0 }, '/', meter);
  if (head === 'image') return parseImage(tail ?? '', tailAt, options, meter);
  if (head === 'style') return parseStyle(tail ?? '', tailAt, meter);
  if (text === '') throw textFault('empty-chain', 'an action', 'nothing', 0);
  throw textFault('malformed', "'image/…' or 'style/…'", `'${head}'`, 0);
}

function parseStyle(name: string, at: number, meter: Meter): ParsedStyle {
  meter.steps += name.length;
  if (isStyleName(name)) return { kind: 'style', name, at };
  throw new ImageError(
    'InvalidArgument',
    name === '' ? 'empty-value' : 'malformed',
    `style: expected 1 to 63 of A-Z a-z 0-9 _ . -, got '${name}' (at ${at})`,
    { fault: { action: 'style', parameter: 'stylename', value: name }, at },
  );
}

/** Options, and whether the text belongs to a mark's picture. */
interface StepOptions extends ParseOptions {
  readonly inMark?: true;
}

function parseImage(text: string, at: number, options: StepOptions, meter: Meter): ParsedImage {
  const { maxSteps } = options.limits;
  const chain: Action[] = [];
  const steps: ParsedStep[] = [];
  for (const segment of splitSegments(text, at, '/', meter)) {
    if (chain.length === maxSteps) {
      throw textFault('too-many-steps', `at most ${maxSteps} actions`, 'more', segment.at);
    }
    const { action, step } = parseStep(segment, chain.length, options, meter);
    chain.push(action);
    steps.push(step);
  }
  if (chain.length === 0) throw textFault('empty-chain', 'an action', 'nothing', at);
  refuseCombined(steps);
  return { kind: 'image', chain, steps };
}

function parseStep(
  segment: Segment,
  index: number,
  options: StepOptions,
  meter: Meter,
): { action: Action; step: ParsedStep } {
  const { head: name, tail, tailAt } = splitOnce(segment, ',', meter);
  const entry = requireAction(name, index, segment.at);
  const segments = splitSegments(tail ?? '', tailAt, ',', meter);
  const inMark = options.inMark ?? false;
  const given = collectArguments(entry, segments, { meter, inMark });
  const action = readArguments(entry, given, {
    index,
    at: segment.at,
    strict: options.strict ?? false,
    fonts: options.fonts ?? OSS_FONTS,
    meter,
    parseMark: (text) => parseMark(text, options, meter),
  });
  const step = { name, at: segment.at, length: segment.text.length, arguments: given };
  return { action, step };
}

/** @throws ImageError with places in `text` */
function parseMark(text: string, options: ParseOptions, meter: Meter): Chain {
  const { head, tail, tailAt } = splitOnce({ text, at: 0 }, '/', meter);
  if (head !== 'image') throw textFault('malformed', "'image/…'", `'${head}'`, 0);
  return parseImage(tail ?? '', tailAt, { ...options, inMark: true }, meter).chain;
}

function requireAction(name: string, step: number, at: number): BuiltAction {
  const entry = findOssAction(name);
  if (entry === undefined) {
    throw new ImageError(
      'InvalidArgument',
      'unknown-action',
      `action: expected one of the image language, got '${name}' (at ${at})`,
      { fault: { step, action: name, value: name }, at },
    );
  }
  if (isBuilt(entry)) return entry;
  throw new ImageError(
    'NotImplemented',
    'not-implemented',
    `${name}: expected an action that is built, got one that is not (at ${at})`,
    { fault: { step, action: name }, at },
  );
}

function isBuilt(entry: OssAction): entry is BuiltAction {
  return entry.build !== undefined;
}

function refuseCombined(steps: readonly ParsedStep[]): void {
  const step = steps.findIndex(({ name }) => findOssAction(name)?.shape === 'none');
  const alone = steps[step];
  if (alone === undefined || steps.length === 1) return;
  const { name, at } = alone;
  throw new ImageError(
    'InvalidArgument',
    'not-combinable',
    `${name}: expected to stand alone, got ${steps.length} actions (at ${at})`,
    { fault: { step, action: name }, at },
  );
}

function textFault(
  reason: ImageErrorReason,
  expected: string,
  got: string | number,
  at: number,
): ImageError {
  const code: ImageErrorCode =
    reason === 'chain-too-long' || reason === 'too-many-steps'
      ? 'LimitExceeded'
      : 'InvalidArgument';
  return new ImageError(code, reason, `process: expected ${expected}, got ${got} (at ${at})`, {
    at,
  });
}
