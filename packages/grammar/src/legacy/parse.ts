/**
 * The syntax of the old image domain, `object@100w_100h.jpg`, read one way into the same typed actions
 * as the present language. Easily got wrong: the result is a JPEG unless the text says otherwise, with
 * black behind what is transparent.
 * @module
 */

import {
  type Action,
  averageHue,
  BLACK,
  format,
  type FormatOptions,
  ImageError,
  type ImageFormat,
  info,
} from '@safelight/core';

import type { Fonts } from '../oss/action.ts';
import { OSS_FONTS } from '../oss/fonts.ts';
import { OSS_FORMATS } from '../oss/format.ts';
import type { ParsedProcess, ParseOptions } from '../oss/parse.ts';
import { isStyleName } from '../oss/style.ts';
import { findForbidden, type Meter, type Segment } from '../segments.ts';
import { legacyFault, type LegacyToken } from './fault.ts';
import { readMark } from './mark.ts';
import { type LegacyTokens, readStage } from './stage.ts';

/** Of the old service. */
const MAX_STAGES = 4;

/** Texts that ask for facts instead of a picture. */
const FACTS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['info', info({ members: 'file' })],
  ['exif', info({ members: 'exif' })],
  ['infoexif', info()],
  ['imageAve', averageHue()],
]);

/** `src` keeps the format of the source, but for a GIF, whose first frame becomes a JPEG. */
const SOURCE_FORMAT = 'src';

/**
 * Reads what stands behind the `@` of a key, percent-decoded already. Steps have no places in the text.
 * @throws ImageError `InvalidArgument` or `LimitExceeded`, with the offset of the faulty token in `at`
 */
export function parseLegacy(text: string, options: ParseOptions): ParsedProcess {
  return parseLegacyMetered(text, options, { steps: 0 });
}

/** `parseLegacy` that counts its looks at characters. For the test of linearity. */
export function parseLegacyMetered(
  text: string,
  { limits, fonts = OSS_FONTS }: ParseOptions,
  meter: Meter,
): ParsedProcess {
  const whole: LegacyToken = { key: '@', value: text, at: 0 };
  if (text.length > limits.maxChainChars) {
    throw new ImageError(
      'LimitExceeded',
      'chain-too-long',
      `@: expected at most ${limits.maxChainChars} characters, got ${text.length}`,
      { at: 0 },
    );
  }
  const forbidden = findForbidden(text, '', meter);
  if (forbidden >= 0) {
    throw legacyFault('malformed', 'text without control characters', { ...whole, at: forbidden });
  }
  if (text.startsWith('!')) return readStyle(text.slice(1), whole);
  const facts = FACTS.get(text);
  if (facts !== undefined) return { kind: 'image', chain: [facts], steps: [] };
  const stages = splitStages(text, meter);
  if (stages.length > MAX_STAGES) {
    throw legacyFault('too-many-stages', `at most ${MAX_STAGES} stages`, whole);
  }
  return { kind: 'image', chain: readStages(stages, { fonts, meter }), steps: [] };
}

function readStyle(name: string, whole: LegacyToken): ParsedProcess {
  if (isStyleName(name)) return { kind: 'style', name, at: 1 };
  throw legacyFault('malformed', 'a name of a style', { ...whole, key: 'stylename', value: name });
}

/** Empty stages count: `a||b` has three, of which one is at fault. */
function splitStages(text: string, meter: Meter): readonly Segment[] {
  meter.steps += text.length;
  let at = 0;
  return text.split('|').map((stage) => {
    const segment = { text: stage, at };
    at += stage.length + 1;
    return segment;
  });
}

function readStages(
  stages: readonly Segment[],
  context: { readonly fonts: Fonts; readonly meter: Meter },
): readonly Action[] {
  const actions: Action[] = [];
  let ending: LegacyToken | undefined;
  let keepsFrames = false;
  let isOnWhite = false;
  for (const stage of stages) {
    if (stage.text.startsWith('watermark=')) {
      actions.push(readMark(stage, context));
      continue;
    }
    const cut = stage.text.lastIndexOf('.');
    const text = cut < 0 ? stage.text : stage.text.slice(0, cut);
    if (cut >= 0) {
      ending = { key: 'format', value: stage.text.slice(cut + 1), at: stage.at + cut + 1 };
    }
    if (text === '' && cut < 0) {
      throw legacyFault('malformed', 'a stage', { key: '@', value: '', at: stage.at });
    }
    const read = readStage({ text, at: stage.at }, { meter: context.meter, inMark: false });
    actions.push(...read.actions);
    keepsFrames ||= isSet(read.tokens, 'an');
    isOnWhite ||= isSet(read.tokens, 'wh');
  }
  const result = readEnding(ending, keepsFrames);
  if (result === undefined) return actions;
  // The old service put black behind a transparent source; nothing else that it writes lacks alpha.
  const isOnBlack = result.format === 'jpeg' && !isOnWhite;
  return [...actions, format({ ...result, ...(isOnBlack && { sourceBackground: BLACK }) })];
}

function isSet(tokens: LegacyTokens, key: string): boolean {
  return /^0*1$/.test(tokens.get(key)?.value ?? '');
}

/** Nothing where the source's format stays. */
function readEnding(
  ending: LegacyToken | undefined,
  keepsFrames: boolean,
): FormatOptions | undefined {
  if (ending === undefined) return { format: 'jpeg' };
  if (ending.value === SOURCE_FORMAT) {
    return keepsFrames ? undefined : { format: 'jpeg', onlyFrom: 'gif' };
  }
  const known = Object.hasOwn(OSS_FORMATS, ending.value) ? OSS_FORMATS[ending.value] : undefined;
  const named = Object.keys(OSS_FORMATS).filter((word) => word !== 'auto');
  const words = [...named, SOURCE_FORMAT].join(' ');
  if (known === undefined || known === 'auto') {
    throw legacyFault('out-of-range', `one of ${words}`, ending);
  }
  return { format: known satisfies ImageFormat };
}
