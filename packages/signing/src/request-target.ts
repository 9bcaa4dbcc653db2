/**
 * The raw request target taken apart. Signatures and handlers must see the same list of parameters:
 * verifying the first of two values while acting on the second would let anyone change a signed URL.
 * @module
 */

import { decodePercent, encodePath, encodeQueryText } from './percent-encoding.ts';
import { invalidArgument, SigningError } from './signing-error.ts';

/** One parameter of a query, decoded. Names are case-sensitive and may repeat. */
export interface QueryParameter {
  readonly name: string;
  /** Empty for both `name` and `name=`. */
  readonly value: string;
  /** Whether the raw text had a `=`. */
  readonly hasEquals: boolean;
}

/** A request target in its parts. */
export interface ParsedTarget {
  /** The path as it came, still encoded, with its leading slash and nothing normalised. */
  readonly rawPath: string;
  /** What follows the first `?`, as it came; empty without one. */
  readonly rawQuery: string;
  readonly query: readonly QueryParameter[];
}

/**
 * Splits a raw request target (`/key?query`) at the first `?`.
 * @throws SigningError `InvalidArgument` if it does not start with `/`, or by {@link parseQuery}
 */
export function parseTarget(target: string): ParsedTarget {
  if (!target.startsWith('/')) {
    throw invalidArgument('request target', "a path that starts with '/'", target);
  }
  const mark = target.indexOf('?');
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const rawQuery = mark < 0 ? '' : target.slice(mark + 1);
  return { rawPath, rawQuery, query: parseQuery(rawQuery) };
}

/**
 * The parameters of a raw query in their order: split at `&`, then at the first `=`; percent-decoded
 * as UTF-8; `+` is a blank. Empty pieces (`a&&b`) are dropped.
 * @throws SigningError `InvalidArgument` for broken escapes and invalid UTF-8
 */
export function parseQuery(rawQuery: string): readonly QueryParameter[] {
  const parameters: QueryParameter[] = [];
  for (const piece of rawQuery.split('&')) {
    if (piece === '') continue;
    const equals = piece.indexOf('=');
    const name = decodePercent(equals < 0 ? piece : piece.slice(0, equals), ' ');
    const value = equals < 0 ? '' : decodePercent(piece.slice(equals + 1), ' ');
    if (name === undefined || value === undefined) {
      throw invalidArgument('query', 'percent-encoded UTF-8', piece);
    }
    parameters.push({ name, value, hasEquals: equals >= 0 });
  }
  return parameters;
}

/**
 * The text of a raw path (or of a part of one): percent-decoded once, `+` is itself, no part is
 * normalised.
 * @throws SigningError `InvalidObjectName` for broken escapes and invalid UTF-8
 */
export function decodePath(rawPath: string): string {
  const text = decodePercent(rawPath, '+');
  if (text === undefined) {
    throw new SigningError({
      code: 'InvalidObjectName',
      publicMessage: 'The specified object is not valid: expected percent-encoded UTF-8.',
    });
  }
  return text;
}

/**
 * The raw target for a decoded path (leading slash added) and parameters, encoded canonically. A
 * parameter with an empty value is written as its bare name.
 */
export function printTarget(
  path: string,
  query: readonly (readonly [name: string, value: string])[] = [],
): string {
  return appendQuery(`/${encodePath(path)}`, query);
}

/** `target` with further parameters, encoded, after those it has. */
export function appendQuery(
  target: string,
  query: readonly (readonly [name: string, value: string])[],
): string {
  let text = target;
  let separator = target.includes('?') ? '&' : '?';
  if (target.endsWith('?') || target.endsWith('&')) separator = '';
  for (const [name, value] of query) {
    const tail = value === '' ? '' : `=${encodeQueryText(value)}`;
    text += `${separator}${encodeQueryText(name)}${tail}`;
    separator = '&';
  }
  return text;
}

/**
 * The value of the one parameter of this name, or undefined without any.
 * @throws SigningError `InvalidArgument` if it comes more than once
 */
export function findSingleParameter(
  query: readonly QueryParameter[],
  name: string,
): string | undefined {
  const found = query.filter((parameter) => parameter.name === name);
  if (found.length > 1) throw invalidArgument(name, 'at most one', `${found.length} of them`);
  return found[0]?.value;
}

/** The parameter that carries the image process. */
export const PROCESS_PARAMETER = 'x-oss-process';

/**
 * The value of `x-oss-process`, undefined without one. Version 1 signs `process=a&versionId=b` like a
 * value `a&versionId=b`, so a value with `&` or a control character is refused.
 * @throws SigningError `InvalidArgument` if it comes more than once or has such a character
 */
export function findProcess(query: readonly QueryParameter[]): string | undefined {
  const value = findSingleParameter(query, PROCESS_PARAMETER);
  if (value !== undefined && /[&\p{Cc}]/u.test(value)) {
    throw invalidArgument(PROCESS_PARAMETER, "no '&' and no control characters", value);
  }
  return value;
}
