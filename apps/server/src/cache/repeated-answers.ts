/**
 * Answers to strangers that may be given again without reading the request anew: of a processed
 * picture, by host and raw target, while the very records they were decided by are still kept. Easily
 * got wrong: a request with any header that could change its answer must not be found here.
 * @module
 */

import { LRUCache } from 'lru-cache';
import type { Answer } from '../answer.ts';
import type { RawCall } from '../call.ts';
import type { ResultCache } from './result-cache.ts';
import type { ResultKey } from './result-tier.ts';

/** How an answer is given again. Of the answer itself only what never changes is kept. */
export interface Repetition {
  readonly key: ResultKey;
  /** Whether the records that the answer was decided by are still the newest we know. */
  readonly isCurrent: () => boolean;
  /** Seconds since the source's record was read, for the Age header. */
  readonly ageSec: () => number;
}

export interface RepeatedAnswers {
  /** The answer, when the first tier has its result and nothing it depends on was read anew. */
  find(raw: RawCall): RepeatedAnswer | undefined;
  /** Keeps how to give an answer again, when the request is one that may be repeated. */
  keep(raw: RawCall, operation: string | undefined, answer: Answer): void;
}

interface RepeatedAnswer {
  readonly operation: string | undefined;
  readonly answer: Answer;
}

interface Kept {
  readonly operation: string | undefined;
  readonly headers: Answer['headers'];
  readonly repetition: Repetition;
}

/** Each has some 1 KiB beside its target. */
const MAX_KEPT = 2_000;
const MAX_TARGET_CHARS = 1_024;

/**
 * Headers that change no answer of a processed picture to a stranger. `accept` is among them because
 * negotiated answers are not kept, `referer` because those of buckets with a list are not.
 */
const HARMLESS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'connection',
  'cookie',
  'dnt',
  'forwarded',
  'host',
  'pragma',
  'priority',
  'referer',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'sec-gpc',
  'traceparent',
  'tracestate',
  'upgrade-insecure-requests',
  'user-agent',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
]);

export function createRepeatedAnswers(results: Pick<ResultCache, 'peek'>): RepeatedAnswers {
  const kept = new LRUCache<string, Kept>({ max: MAX_KEPT });
  return {
    find(raw) {
      const id = repeatableId(raw);
      const found = id === undefined ? undefined : kept.get(id);
      if (id === undefined || found === undefined) return undefined;
      const { operation, headers, repetition } = found;
      const obtained = repetition.isCurrent() ? results.peek(repetition.key) : undefined;
      if (obtained === undefined) {
        kept.delete(id);
        return undefined;
      }
      const { result, origin } = obtained;
      const age = String(repetition.ageSec());
      return {
        operation,
        answer: { status: 200, headers: { ...headers, age }, body: result.bytes, origin },
      };
    },
    keep(raw, operation, { headers, repetition }) {
      const id = repetition === undefined ? undefined : repeatableId(raw);
      if (id === undefined || repetition === undefined) return;
      kept.set(id, { operation, headers, repetition });
    },
  };
}

/** Undefined for a request whose answer depends on more than its host and target. */
function repeatableId({ method, target, headers }: RawCall): string | undefined {
  if (method !== 'GET' || target.length > MAX_TARGET_CHARS) return undefined;
  let host: string | undefined;
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (!HARMLESS.has(lower)) return undefined;
    if (lower !== 'host') continue;
    if (host !== undefined) return undefined;
    host = value;
  }
  return host === undefined ? undefined : `${host}\n${target}`;
}
