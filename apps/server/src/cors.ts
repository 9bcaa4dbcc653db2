/**
 * Which pages of other origins may use a bucket: its CORS rules, the answer to preflights, and the
 * headers of all other answers (Fetch, 3.2). Easily got wrong: errors carry the headers too, or a page
 * cannot read why it was refused.
 * @module
 */

import type { Address } from './address.ts';
import type { Answer } from './answer.ts';
import { headerOf, type RawCall } from './call.ts';
import { matchesGlob } from './referer.ts';
import { invalidArgument, ServiceError } from './service-error.ts';
import type { Service } from './service.ts';
import { childOf, childrenOf, childText, parseXml, type XmlValue } from './xml.ts';

/** The name of the document among a bucket's settings. */
export const CORS = 'cors';

interface CorsRule {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAgeSec: string | undefined;
}

const METHODS: readonly string[] = ['GET', 'PUT', 'DELETE', 'POST', 'HEAD'];

/** Rules of one bucket, as OSS has it. */
const MAX_RULES = 20;

/** @throws ServiceError `MalformedXML`, `InvalidArgument` */
export function readCorsDocument(document: string): readonly CorsRule[] {
  const root = childOf(parseXml(document), 'CORSConfiguration');
  const rules = childrenOf(root, 'CORSRule').map((rule) => readRule(rule));
  if (rules.length > 0 && rules.length <= MAX_RULES) return rules;
  throw new ServiceError('MalformedXML', `CORSConfiguration: expected 1 to ${MAX_RULES} rules.`);
}

/**
 * The headers that allow what a preflight asks for.
 * @throws ServiceError `AccessForbidden`
 */
export function allowPreflight(call: RawCall, document: string | undefined): Answer['headers'] {
  const origin = headerOf(call, 'origin');
  const method = headerOf(call, 'access-control-request-method');
  if (document === undefined) throw forbidden('CORS is not enabled for this bucket.');
  if (origin === undefined || method === undefined) {
    throw new ServiceError('InvalidRequest', 'A preflight names its Origin and its method.');
  }
  const asked = splitList(headerOf(call, 'access-control-request-headers') ?? '');
  const rule = findRule(readCorsDocument(document), origin, method, asked);
  if (rule === undefined) {
    throw forbidden('This CORS request is not allowed by the rules of this bucket.');
  }
  return {
    ...ruleHeaders(rule, origin),
    'access-control-allow-methods': rule.methods.join(', '),
    ...(asked.length === 0 ? {} : { 'access-control-allow-headers': asked.join(', ') }),
    ...(rule.maxAgeSec === undefined ? {} : { 'access-control-max-age': rule.maxAgeSec }),
  };
}

/**
 * The answer with what a page of another origin needs to read it, when a rule lets it. Where a bucket
 * has rules, what callers without an origin get varies as well: a shared cache would else hand it to
 * a page, which could not read it (Fetch, 3.2.5).
 */
export async function withCorsHeaders(
  service: Service,
  raw: RawCall,
  address: Address | undefined,
  answer: Answer,
): Promise<Answer> {
  const origin = headerOf(raw, 'origin');
  if (raw.method === 'OPTIONS' || (origin === undefined && answer.status >= 400)) return answer;
  if (address === undefined || !('bucket' in address)) return answer;
  // The answer stands already: a store that fails now must not replace it.
  const bucket = await service.store.getBucket(address.bucket).catch(() => undefined);
  const document = bucket?.settings[CORS];
  if (document === undefined) return answer;
  const vary = [answer.headers['vary'], 'Origin'].filter((part) => part !== undefined).join(', ');
  const allowed = origin === undefined ? {} : originHeaders(document, origin, raw.method);
  return { ...answer, headers: { ...answer.headers, ...allowed, vary } };
}

function originHeaders(document: string, origin: string, method: string): Record<string, string> {
  const rule = findRule(readCorsDocument(document), origin, method, []);
  return rule === undefined ? {} : ruleHeaders(rule, origin);
}

function ruleHeaders(rule: CorsRule, origin: string): Record<string, string> {
  const headers: Record<string, string> = {
    'access-control-allow-origin': rule.origins.includes('*') ? '*' : origin,
    vary: 'Origin',
  };
  if (rule.exposed.length > 0) headers['access-control-expose-headers'] = rule.exposed.join(', ');
  return headers;
}

/** The first rule that allows origin, method and all headers decides. */
function findRule(
  rules: readonly CorsRule[],
  origin: string,
  method: string,
  asked: readonly string[],
): CorsRule | undefined {
  return rules.find(
    (rule) =>
      rule.methods.includes(method) &&
      rule.origins.some((pattern) => matchesStar(pattern, origin)) &&
      asked.every((name) => rule.headers.some((pattern) => matchesStar(pattern, name))),
  );
}

/** Rules know no `?`. */
function matchesStar(pattern: string, text: string): boolean {
  return !pattern.includes('?') && matchesGlob(pattern.toLowerCase(), text.toLowerCase());
}

function readRule(rule: XmlValue): CorsRule {
  const methods = texts(rule, 'AllowedMethod');
  const origins = texts(rule, 'AllowedOrigin');
  const headers = texts(rule, 'AllowedHeader');
  const maxAgeSec = childText(rule, 'MaxAgeSeconds')?.trim();
  if (origins.length === 0 || methods.length === 0) {
    throw new ServiceError('MalformedXML', 'CORSRule: expected an AllowedOrigin and a method.');
  }
  const method = methods.find((name) => !METHODS.includes(name));
  if (method !== undefined) {
    throw invalidArgument('AllowedMethod', method, `one of ${METHODS.join(', ')}`);
  }
  const pattern = [...origins, ...headers].find((text) => text.split('*').length > 2);
  if (pattern !== undefined) throw invalidArgument('CORSRule', pattern, "at most one '*'");
  if (maxAgeSec !== undefined && !/^\d{1,9}$/.test(maxAgeSec)) {
    throw invalidArgument('MaxAgeSeconds', maxAgeSec, 'a number of seconds');
  }
  return { origins, methods, headers, exposed: exposedNames(rule), maxAgeSec };
}

/** They are written into a header of ours. */
function exposedNames(rule: XmlValue): readonly string[] {
  const names = texts(rule, 'ExposeHeader');
  const wrong = names.find((name) => !/^[\w!#$%&'*+.^`|~-]+$/.test(name));
  if (wrong === undefined) return names;
  throw invalidArgument('ExposeHeader', wrong, 'the name of a header');
}

function texts(rule: XmlValue, name: string): readonly string[] {
  return childrenOf(rule, name)
    .map((value) => (typeof value === 'string' ? value.trim() : ''))
    .filter((text) => text !== '');
}

function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function forbidden(why: string): ServiceError {
  return new ServiceError('AccessForbidden', `CORSResponse: ${why}`);
}
