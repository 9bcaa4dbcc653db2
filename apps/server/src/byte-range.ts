/**
 * The Range header as OSS reads it (protocol, 4.1), which is not RFC 9110: by default a range that does
 * not lie within the object is ignored and the whole object is sent.
 * @module
 */

export type RangeAnswer =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly offset: number; readonly length: number }
  | { readonly kind: 'unsatisfiable' };

/** `standard` follows RFC 9110: ends are clamped, a start beyond the end is refused. */
export type RangeBehavior = 'oss' | 'standard';

const WHOLE: RangeAnswer = { kind: 'whole' };
const UNSATISFIABLE: RangeAnswer = { kind: 'unsatisfiable' };

/** @param sizeBytes of the whole object */
export function resolveRange(
  header: string | undefined,
  sizeBytes: number,
  behavior: RangeBehavior,
): RangeAnswer {
  if (header === undefined) return WHOLE;
  // The first of several ranges counts. Fifteen digits stay exact as numbers.
  const match = /^bytes=(\d{0,15})-(\d{0,15})(?:,.*)?$/.exec(header.trim());
  if (match === null) return WHOLE;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return WHOLE;
  if (first === '') return resolveSuffix(Number(last), sizeBytes, behavior);
  const offset = Number(first);
  const end = last === '' ? sizeBytes - 1 : Number(last);
  if (last !== '' && offset > end) return WHOLE;
  if (offset >= sizeBytes) return behavior === 'standard' ? UNSATISFIABLE : WHOLE;
  if (end >= sizeBytes && behavior === 'oss') return WHOLE;
  return { kind: 'part', offset, length: Math.min(end, sizeBytes - 1) - offset + 1 };
}

/** The last `count` bytes. */
function resolveSuffix(count: number, sizeBytes: number, behavior: RangeBehavior): RangeAnswer {
  if (count === 0) return UNSATISFIABLE;
  if (sizeBytes === 0) return behavior === 'standard' ? UNSATISFIABLE : WHOLE;
  if (count > sizeBytes && behavior === 'oss') return WHOLE;
  const length = Math.min(count, sizeBytes);
  return { kind: 'part', offset: sizeBytes - length, length };
}
