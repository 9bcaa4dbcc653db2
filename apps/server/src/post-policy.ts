/**
 * What a form upload's policy allows. Its signature is proved elsewhere. Easily got wrong: a condition
 * on a field that the form does not have fails, and what cannot be read allows nothing.
 * @module
 */

import { ServiceError } from './service-error.ts';

/** What a policy is held against. */
export interface PostedForm {
  readonly bucket: string;
  /** With `${filename}` filled in: a condition limits the key that is written. */
  readonly key: string;
  /** By lower-case name. */
  readonly fields: ReadonlyMap<string, string>;
}

/** How long the file may be, in bytes. */
export interface LengthRange {
  readonly minBytes: number;
  readonly maxBytes: number;
}

const ANY_LENGTH: LengthRange = { minBytes: 0, maxBytes: Number.POSITIVE_INFINITY };

/**
 * Checks expiration and conditions, and gives the length that the file may have.
 * @param policy base64 of JSON
 * @throws ServiceError `InvalidPolicyDocument`, `AccessDenied`
 */
export function checkPolicy(policy: string, form: PostedForm, nowMs: number): LengthRange {
  const document = readDocument(policy);
  const { expiration, conditions } = document;
  const expiresMs = typeof expiration === 'string' ? parseExpiration(expiration) : undefined;
  if (expiresMs === undefined)
    throw invalid('expiration: expected a time such as 2030-01-01T00:00:00.000Z');
  if (expiresMs < nowMs) throw denied('Policy expired.');
  if (!Array.isArray(conditions)) throw invalid('conditions: expected a list');
  return (conditions as readonly unknown[])
    .map((condition) => checkCondition(condition, form))
    .reduce(intersect, ANY_LENGTH);
}

function checkCondition(condition: unknown, form: PostedForm): LengthRange {
  if (Array.isArray(condition)) return checkList(condition as readonly unknown[], form);
  if (typeof condition !== 'object' || condition === null)
    throw invalid('a condition is no object');
  for (const [name, value] of Object.entries(condition as Readonly<Record<string, unknown>>)) {
    if (fieldOf(form, name) !== String(value)) throw mismatch(condition);
  }
  return ANY_LENGTH;
}

function checkList(condition: readonly unknown[], form: PostedForm): LengthRange {
  const [operator, name, value] = condition;
  if (operator === 'content-length-range') return readLengths(name, value);
  if (condition.length !== 3 || typeof name !== 'string' || !name.startsWith('$')) {
    throw invalid(`a condition of another form: ${JSON.stringify(condition)}`);
  }
  if (!holds(operator, fieldOf(form, name.slice(1)), value)) throw mismatch(condition);
  return ANY_LENGTH;
}

function holds(operator: unknown, got: string | undefined, value: unknown): boolean {
  switch (operator) {
    case 'eq':
      return got === value;
    case 'starts-with':
      return typeof value === 'string' && got !== undefined && got.startsWith(value);
    case 'in':
      return Array.isArray(value) && value.includes(got);
    case 'not-in':
      return Array.isArray(value) && !value.includes(got);
    default:
      throw invalid(`a condition of another kind: ${String(operator)}`);
  }
}

function fieldOf(form: PostedForm, name: string): string | undefined {
  const lower = name.toLowerCase();
  if (lower === 'bucket') return form.bucket;
  if (lower === 'key') return form.key;
  return form.fields.get(lower);
}

function readLengths(min: unknown, max: unknown): LengthRange {
  const [minBytes, maxBytes] = [Number(min), Number(max)];
  if (minBytes >= 0 && maxBytes >= minBytes) return { minBytes, maxBytes };
  throw invalid('content-length-range: expected two numbers, the second not the smaller one');
}

function intersect(a: LengthRange, b: LengthRange): LengthRange {
  return {
    minBytes: Math.max(a.minBytes, b.minBytes),
    maxBytes: Math.min(a.maxBytes, b.maxBytes),
  };
}

function readDocument(policy: string): Readonly<Record<string, unknown>> {
  try {
    const bytes = Uint8Array.from(atob(policy), (char) => char.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null) {
      return value as Readonly<Record<string, unknown>>;
    }
  } catch {
    // Base64, UTF-8 or JSON: all the same to the caller.
  }
  throw invalid('expected base64 of a JSON object');
}

/** ISO 8601 in UTC. */
function parseExpiration(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

function invalid(why: string): ServiceError {
  return new ServiceError('InvalidPolicyDocument', `The policy is not valid: ${why}.`);
}

function mismatch(condition: unknown): ServiceError {
  return denied(`Policy Condition failed: ${JSON.stringify(condition).slice(0, 256)}`);
}

function denied(why: string): ServiceError {
  return new ServiceError('AccessDenied', `Invalid according to Policy: ${why}`);
}
