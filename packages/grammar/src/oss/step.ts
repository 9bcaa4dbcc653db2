/**
 * One step: its arguments against its table entry. Decoding stops at the first fault in the order of
 * the text; what is missing, and what only the whole step can tell, is reported after that.
 * @module
 */

import {
  type Action,
  type Chain,
  ImageError,
  type ImageErrorReason,
  isImageError,
} from '@safelight/core';

import { type Meter, type Segment, splitOnce } from '../segments.ts';
import type { BuildContext, BuiltAction, Fonts, OssAction, OssParameter } from './action.ts';

export interface ParsedArgument {
  /** The letters before the first `_`; `undefined` for a value without a key. */
  readonly key: string | undefined;
  readonly value: string;
  /** The whole argument. */
  readonly at: number;
  readonly length: number;
  /** Whether the action knows no such key. */
  readonly unknown: boolean;
}

export interface StepPlace {
  readonly index: number;
  readonly at: number;
  readonly strict: boolean;
  readonly fonts: Fonts;
  readonly meter: Meter;
  /** Reads the chain of a mark's picture. @throws ImageError with a place in that chain */
  readonly parseMark: (text: string) => Chain;
}

/** Cuts the arguments of a step into keys and values; nothing is decoded or refused yet. */
export function collectArguments(
  entry: OssAction,
  segments: readonly Segment[],
  { meter, inMark }: { readonly meter: Meter; readonly inMark: boolean },
): readonly ParsedArgument[] {
  const isKnown = (key: string): boolean =>
    Object.hasOwn(entry.parameters, key) &&
    (inMark || parameterOf(entry, key).onlyInMark === undefined);
  return segments.map((segment) => {
    const { head, tail } = splitOnce(segment, '_', meter);
    const isKey = tail !== undefined || (entry.shape === 'keyed' && isKnown(head));
    return {
      key: isKey ? head : undefined,
      value: isKey ? (tail ?? '') : head,
      at: segment.at,
      length: segment.text.length,
      unknown: entry.shape === 'keyed' && !(isKey && isKnown(head)),
    };
  });
}

/** Decodes the arguments and builds the action. */
export function readArguments(
  entry: BuiltAction,
  given: readonly ParsedArgument[],
  place: StepPlace,
): Action {
  const fault = faultMaker(entry, place);
  const values =
    entry.shape === 'keyed'
      ? readKeyed(entry, given, place, fault)
      : readUnkeyed(entry, given, place, fault);
  for (const [key, parameter] of Object.entries(entry.parameters)) {
    if (parameter.required && !values.has(key)) {
      throw fault('missing-argument', parameter.argument.expected, { key });
    }
  }
  const keys = new Set<string>();
  for (const { key, unknown } of given) if (key !== undefined && !unknown) keys.add(key);
  const context: BuildContext = {
    fonts: place.fonts,
    keys,
    argumentCount: given.length,
    fault: (reason, expected, key) => {
      const argument = reason === 'unexpected-value' ? given[0] : lastOf(given, key);
      return fault(reason, expected, { key, argument });
    },
    parseMark: (text) => readNested(text, place, given),
  };
  return entry.build(Object.fromEntries(withoutFallbacks(entry, values)), context);
}

/** A fault of a mark's chain has its place in a text that the caller never wrote: it is told at `image`. */
function readNested(
  text: string,
  { parseMark, index, at }: StepPlace,
  given: readonly ParsedArgument[],
): Chain {
  try {
    return parseMark(text);
  } catch (error) {
    if (!isImageError(error)) throw error;
    const { code, reason, message, publicMessage, fault } = error;
    throw new ImageError(code, reason, message, {
      publicMessage,
      fault: { ...fault, step: index },
      at: lastOf(given, 'image')?.at ?? at,
      cause: error,
    });
  }
}

function readKeyed(
  entry: OssAction,
  given: readonly ParsedArgument[],
  place: StepPlace,
  fault: FaultMaker,
): Map<string, unknown> {
  refuseZeroTogether(entry, given, place.meter, fault);
  const values = new Map<string, unknown>();
  for (const argument of given) {
    const { key } = argument;
    if (!argument.unknown && key !== undefined) {
      values.set(key, decode(entry, key, argument, place.meter, fault));
    } else if (place.strict) {
      throw fault(
        key === undefined ? 'unexpected-value' : 'unknown-key',
        `one of ${Object.keys(entry.parameters).join(' ')}`,
        { key, argument },
      );
    }
  }
  return values;
}

/** The one value of a bare action, or none at all. */
function readUnkeyed(
  entry: OssAction,
  given: readonly ParsedArgument[],
  place: StepPlace,
  fault: FaultMaker,
): Map<string, unknown> {
  const values = new Map<string, unknown>();
  const most = entry.shape === 'bare' ? 1 : 0;
  const extra = given[most];
  if (extra !== undefined) {
    throw fault('too-many-values', most === 1 ? 'one value' : 'no value', { argument: extra });
  }
  const [letter] = Object.keys(entry.parameters);
  const [argument] = given;
  if (letter === undefined || argument === undefined) return values;
  if (argument.key !== undefined) {
    // The service names the key twice: "The value: f of parameter: f is invalid." for `f_png`.
    const named = { ...argument, value: argument.key };
    throw fault('unexpected-key', 'a value without a key', { key: argument.key, argument: named });
  }
  return values.set(letter, decode(entry, letter, argument, place.meter, fault));
}

function decode(
  entry: OssAction,
  key: string,
  argument: ParsedArgument,
  meter: Meter,
  fault: FaultMaker,
): unknown {
  const decoder = parameterOf(entry, key).argument;
  if (argument.value === '') throw fault('empty-value', decoder.expected, { key, argument });
  meter.steps += argument.value.length;
  const decoded = decoder.decode(argument.value);
  if (decoded.reason !== undefined) {
    throw fault(decoded.reason, decoder.expected, { key, argument });
  }
  return decoded.value;
}

/** `w_0,h_0` has an id of its own; one 0 beside a good value is an ordinary fault. */
function refuseZeroTogether(
  entry: OssAction,
  given: readonly ParsedArgument[],
  meter: Meter,
  fault: FaultMaker,
): void {
  for (const joint of Object.keys(entry.zeroTogetherEc)) {
    const last = joint.split(',').map((key) => lastOf(given, key));
    meter.steps += given.length * last.length;
    const [argument] = last;
    if (
      argument !== undefined &&
      last.every((one) => one !== undefined && /^0+$/.test(one.value))
    ) {
      throw fault('out-of-range', `not all of ${joint} to be 0`, { key: joint, argument });
    }
  }
}

/** What equals its default is left out, so that a chain has one typed form. */
function withoutFallbacks(
  entry: OssAction,
  values: ReadonlyMap<string, unknown>,
): readonly (readonly [string, unknown])[] {
  return [...values].filter(([key, value]) => !isFallback(parameterOf(entry, key), value));
}

/** Compared as they are printed: colours are objects. */
export function isFallback(parameter: OssParameter<unknown>, value: unknown): boolean {
  const { argument, fallback } = parameter;
  return fallback !== undefined && argument.encode(fallback) === argument.encode(value);
}

/** The argument that counts: of several with one key, the last. */
export function lastOf(
  given: readonly ParsedArgument[],
  key: string | undefined,
): ParsedArgument | undefined {
  let last: ParsedArgument | undefined;
  for (const one of given) if (key !== undefined && one.key === key) last = one;
  return last;
}

function parameterOf(entry: OssAction, key: string): OssParameter<unknown> {
  const parameter = entry.parameters[key];
  if (parameter === undefined) throw new Error(`${entry.name} has no parameter ${key}`);
  return parameter;
}

interface FaultToken {
  readonly key?: string | undefined;
  readonly argument?: ParsedArgument | undefined;
}

type FaultMaker = (reason: ImageErrorReason, expected: string, token: FaultToken) => ImageError;

function faultMaker(entry: OssAction, place: StepPlace): FaultMaker {
  return (reason, expected, { key, argument }) => {
    const at = argument?.at ?? place.at;
    // A bare value has no key in the text; its letter is only for whoever reads the error.
    const parameter = key ?? argument?.key;
    const value = argument?.value;
    const isNamed = parameter !== undefined && parameter !== entry.name;
    const name = isNamed ? `${entry.name}.${parameter}` : entry.name;
    const got = value === undefined ? 'none' : `'${value}'`;
    return new ImageError(
      reason === 'not-implemented' ? 'NotImplemented' : 'InvalidArgument',
      reason,
      `${name}: expected ${expected}, got ${got} (at ${at})`,
      {
        fault: {
          step: place.index,
          action: entry.name,
          ...(parameter === undefined ? {} : { parameter }),
          ...(value === undefined ? {} : { value }),
        },
        at,
      },
    );
  };
}
