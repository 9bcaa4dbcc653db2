/**
 * The one map from the closed reasons of `ImageError` to what the OSS service answers: HTTP status,
 * Code, message, EC id. Ids of arguments stand in the action table; a reason without a row here does
 * not compile.
 * @module
 */

import type { ImageError, ImageErrorReason, ImageFormat } from '@safelight/core';

import { isLegacyFault, legacyEcId } from '../legacy/error-ids.ts';
import { ecId, type OssAction, type OssParameter } from './action.ts';
import { findOssAction } from './actions.ts';
import { OSS_FORMATS } from './format.ts';
import { STYLE_NAME_EC } from './style.ts';

/** An answer of the service. `message` may hold text of the caller and is not escaped. */
export interface OssError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** The service's id of the cause; some causes have none that is published. */
  readonly ec?: string;
}

/** What a reason answers. A function sees the error; an absent message means the error's public one. */
interface Rule {
  readonly status: number;
  readonly code: string | ((error: ImageError) => string);
  readonly message?: string | ((error: ImageError) => string);
  readonly ec?: string | ((error: ImageError) => string | undefined);
}

/** Code for a crop that starts outside; a newer edition of the service was seen to say otherwise. */
const OUTSIDE_CODE = 'BadRequest';
const TOO_MANY_VALUES = ecId(203);
const INTERNAL_TEXT = 'We encountered an internal error. Please try again.';

const SIDE_EC: Partial<Record<ImageFormat, string>> = {
  heic: ecId(13),
  avif: ecId(14),
  bmp: ecId(17),
  tiff: ecId(18),
  jpeg: ecId(19),
};
const DAMAGED_EC: Partial<Record<ImageFormat, string>> = { webp: ecId(10), heic: ecId(20) };

const badValue: Rule = {
  status: 400,
  code: 'InvalidArgument',
  message: (error) =>
    `The value: ${error.fault?.value ?? ''} of parameter: ${letterOf(error)} is invalid.`,
  ec: argumentEc,
};
const badChain: Rule = { status: 400, code: 'InvalidArgument' };
const badMark: Rule = { status: 400, code: 'WatermarkError' };
const tooLarge: Rule = { status: 400, code: 'ImageTooLarge' };
const tooCostly: Rule = { status: 400, code: 'MemLimitExceeded' };
const damaged: Rule = {
  status: 400,
  code: (error) => (formatOf(error) === 'webp' ? 'BadWebPImage' : 'BadRequest'),
  message: (error) =>
    formatOf(error) === 'webp' ? 'The webp image file may be damaged.' : error.publicMessage,
  ec: (error) => lookUp(DAMAGED_EC, formatOf(error)),
};
const unreadable: Rule = {
  status: 400,
  code: 'BadRequest',
  message: 'This image format is not supported.',
  ec: ecId(5),
};
const internal: Rule = { status: 500, code: 'InternalError', message: INTERNAL_TEXT };
const unavailable: Rule = { status: 503, code: 'ServiceUnavailable' };
const unbuilt: Rule = { status: 501, code: 'NotImplemented' };

const RULES = {
  'empty-chain': { ...badChain, message: 'The process has no action.', ec: ecId(212) },
  'unknown-action': {
    ...badChain,
    message: (error) => `The action: ${error.fault?.action ?? ''} is not supported.`,
    ec: ecId(213),
  },
  'not-implemented': { ...unbuilt, message: (error) => `${tokenOf(error)} is not implemented.` },
  'missing-argument': {
    ...badValue,
    message: (error) => `The action: ${error.fault?.action ?? ''} lacks an argument.`,
  },
  'too-many-values': {
    ...badChain,
    message: (error) => `The action: ${error.fault?.action ?? ''} has too many values.`,
    ec: TOO_MANY_VALUES,
  },
  'unexpected-key': badValue,
  'unexpected-value': badValue,
  'unknown-key': badValue,
  'out-of-range': badValue,
  'not-base64': { ...badValue, code: 'BadRequest', message: 'Input is not base64 decoding.' },
  'empty-value': badValue,
  'text-too-long': { ...badValue, message: 'The font content is too large.' },
  'unknown-font': badValue,
  'not-combinable': {
    ...badChain,
    code: 'BadRequest',
    message: (error) => `${error.fault?.action ?? ''} must be the only action.`,
  },
  'nested-mark': badValue,
  'nested-info': badValue,
  'not-nestable': badValue,
  'too-many-stages': {
    ...badChain,
    code: 'TooManyPipe',
    message: 'The process has too many stages.',
  },
  'missing-mark': { ...badMark, ec: ecId(25) },
  'too-many-marks': {
    ...badMark,
    message: 'The process has too many different watermark pictures.',
    ec: ecId(26),
  },
  'mark-format': { ...badMark, ec: ecId(27) },
  'no-exif': { ...badChain, message: 'The picture has no EXIF.', ec: ecId(4) },
  'chain-too-long': {
    ...badChain,
    message: 'The value of parameter: x-oss-process is too long.',
    ec: '0017-00000288',
  },
  'too-many-steps': { ...badChain, message: 'The process has too many actions.' },
  malformed: {
    ...badValue,
    // The text may hold what no answer should repeat; a style's name is shown, as the service does.
    message: (error) =>
      error.fault?.action === 'style'
        ? `The value: ${error.fault.value ?? ''} of parameter: stylename is invalid.`
        : 'The value of parameter: x-oss-process is invalid.',
  },
  'position-outside': {
    status: 400,
    code: OUTSIDE_CODE,
    message: "Advance cut's position is out of image.",
  },
  'output-too-large': { ...tooLarge, ec: ecId(7) },
  'turn-too-large': {
    ...badChain,
    message: 'Picture exceed the maximum allowable rotation range',
  },
  'format-too-large': {
    ...tooLarge,
    message: (error) =>
      formatOf(error) === 'webp'
        ? 'Maximum width and height allowed is 16383 pixels for converting webp'
        : error.publicMessage,
    ec: (error) => (formatOf(error) === 'webp' ? ecId(11) : undefined),
  },
  'unknown-format': unreadable,
  'unsupported-kind': { ...unreadable, message: (error) => error.publicMessage },
  damaged,
  truncated: damaged,
  'too-many-bytes': { ...tooLarge, ec: ecId(1) },
  'too-many-pixels': {
    status: 400,
    code: (error) => (error.fault?.action === 'resize' ? 'ImageTooLarge' : 'MemLimitExceeded'),
    ec: (error) => (error.fault?.action === 'resize' ? ecId(9) : ecId(12)),
  },
  'side-too-long': { ...tooLarge, ec: (error) => lookUp(SIDE_EC, formatOf(error)) },
  'too-many-frames': tooLarge,
  'too-many-scans': tooCostly,
  'too-much-memory': tooCostly,
  'timed-out': unavailable,
  aborted: unavailable,
  'prediction-failed': internal,
  'no-encoder': unbuilt,
  bug: internal,
} satisfies Record<ImageErrorReason, Rule>;

/**
 * What the OSS service answers to this error. An EC id is found by action, parameter and reason: the
 * parameter's row for the reason, then the action's row, then the parameter's `any`. Parameters go by
 * their letter (the parser's errors) or by the engine's name of the option (the engine's). Formats
 * are recognised when a field of `fault` is one.
 */
export function describeOssError(error: ImageError): OssError {
  const rule: Rule = RULES[error.reason];
  const { status } = rule;
  const code = typeof rule.code === 'string' ? rule.code : rule.code(error);
  const message =
    typeof rule.message === 'function'
      ? rule.message(error)
      : (rule.message ?? error.publicMessage);
  const ec = typeof rule.ec === 'function' ? rule.ec(error) : rule.ec;
  return ec === undefined ? { status, code, message } : { status, code, message, ec };
}

function argumentEc(error: ImageError): string | undefined {
  const { action, parameter: name, value } = error.fault ?? {};
  if (action === 'style') return STYLE_NAME_EC;
  if (isLegacyFault(error)) return legacyEcId(error);
  const entry = action === undefined ? undefined : findOssAction(action);
  if (entry === undefined) return undefined;
  const together = name === undefined ? undefined : lookUp(entry.zeroTogetherEc, name);
  const ids = findParameter(entry, name)?.[1].ec;
  const isNumber = error.reason === 'out-of-range' && /^-?\d+$/.test(value ?? '');
  const ofNumber = isNumber ? ids?.number : undefined;
  return together ?? ids?.[error.reason] ?? ofNumber ?? entry.ec[error.reason] ?? ids?.any;
}

/** By letter or by option; whatever a bare action was given, it is about its one parameter. */
export function findParameter(
  entry: OssAction,
  name: string | undefined,
): readonly [letter: string, parameter: OssParameter<unknown>] | undefined {
  const parameters = Object.entries(entry.parameters);
  if (entry.shape === 'bare') return parameters[0];
  // The engine names members of an option with a dot: `background.red`.
  const head = name?.split('.')[0];
  return (
    parameters.find(([letter]) => letter === head) ??
    parameters.find(([, { option }]) => option === head)
  );
}

/** The letter that the caller wrote or would have written. */
function letterOf(error: ImageError): string {
  const { action, parameter } = error.fault ?? {};
  const entry = action === undefined ? undefined : findOssAction(action);
  if (entry?.shape === 'bare' && error.reason === 'unexpected-key') return parameter ?? '';
  if (action === 'style') return 'stylename';
  const found = entry === undefined ? undefined : findParameter(entry, parameter);
  return found?.[0] ?? parameter ?? action ?? 'x-oss-process';
}

/** What was refused, as it stands in the text: `blindwatermark`, `crop,g_face`. */
function tokenOf(error: ImageError): string {
  const { action = 'process', parameter, value } = error.fault ?? {};
  if (parameter === undefined) return `The action: ${action}`;
  return `The argument: ${parameter}${value === undefined ? '' : `_${value}`} of action: ${action}`;
}

/** The format an error speaks of: the field of its fault that is one. */
function formatOf(error: ImageError): ImageFormat | undefined {
  const { action, parameter, value } = error.fault ?? {};
  for (const word of [action, parameter, value]) {
    const format = word === undefined ? undefined : lookUp(OSS_FORMATS, word);
    if (format !== undefined && format !== 'auto') return format;
  }
  return undefined;
}

/** Own members only: words of the caller must not find what every object inherits. */
function lookUp<T>(
  table: Readonly<Partial<Record<string, T>>>,
  word: string | undefined,
): T | undefined {
  return word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
}
