/**
 * The service as a Hono application. One request: raw target, address, credential and signature,
 * operation, and what the operation does, in `answerCall`. Easily got wrong: Hono's own path is
 * normalised, so nothing may route by it.
 * @module
 */

import { type HeaderList, parseTarget } from '@safelight/signing';
import { type Context, Hono } from 'hono';
import { type Address, resolveAddress } from './address.ts';
import { type Answer, answerToResponse } from './answer.ts';
import { authenticate } from './authentication.ts';
import { createProcessReader } from './cache/chain-cache.ts';
import { createMetadataCache } from './cache/metadata-cache.ts';
import { createPurgeFollower } from './cache/purge-notes.ts';
import { createRepeatedAnswers } from './cache/repeated-answers.ts';
import { createResultCache } from './cache/result-cache.ts';
import { createResultIdentity } from './cache/result-identity.ts';
import { type Call, headerOf, type RawCall } from './call.ts';
import { ANONYMOUS, type Caller } from './caller.ts';
import { describeError, errorAnswer, errorLevel, type ErrorFacts } from './error-response.ts';
import { answerInternal } from './internal-routes.ts';
import { chooseOperation } from './operation.ts';
import { withCorsHeaders } from './cors.ts';
import { createRequestId } from './request-id.ts';
import { type AppDeps, type Service, SILENT_LOGGER } from './service.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import { SILENT_TELEMETRY, traceRequest } from './telemetry.ts';

/** The whole service. It can be mounted: `outer.route('/', createApp(deps))`. */
export function createApp(deps: AppDeps): Hono {
  const service = createService(deps);
  const rawTarget = deps.rawTarget ?? targetOfUrl;
  const rawHeaders = deps.rawHeaders ?? joinedHeaders;
  const app = new Hono();
  app.all('*', (context) => {
    const { raw } = context.req;
    return answerTraced(service, {
      method: raw.method,
      target: rawTarget(context),
      headers: rawHeaders(context),
      body: raw.method === 'GET' || raw.method === 'HEAD' ? null : raw.body,
      // Made when asked for: an AbortController costs 10 µs (Node 20), and a hit needs none.
      get signal() {
        return raw.signal;
      },
      requestId: createRequestId(),
      nowMs: service.clock(),
    });
  });
  return app;
}

/** The dependencies with what is made of them: caches, and the defaults of what was not given. */
function createService(deps: AppDeps): Service {
  const settings = { ...DEFAULT_SETTINGS, ...deps.settings };
  const { limits, renderer } = deps;
  const results = createResultCache(deps.cache ?? []);
  const purges = createPurgeFollower(results);
  const metadata = createMetadataCache(deps.store, {
    maxAgeMs: settings.metadataMaxAgeMs,
    onBucket: (record) => purges.follow(record),
    onWrite: (bucket, key) => results.forgetObject(bucket, key),
  });
  return {
    store: metadata.store,
    recordAgeMs: metadata.ageMsOf,
    holdRecords: metadata.holdRecords,
    repeated: createRepeatedAnswers(results),
    renderer,
    findKey: deps.findKey,
    limits,
    settings,
    results,
    purges,
    identity: createResultIdentity(renderer.version, limits),
    readChain: createProcessReader({ limits, strict: settings.strict }),
    clock: deps.clock ?? Date.now,
    logger: deps.logger ?? SILENT_LOGGER,
    telemetry: deps.telemetry ?? SILENT_TELEMETRY,
    isReady: deps.isReady ?? (() => true),
  };
}

function answerTraced(service: Service, raw: RawCall): Response | Promise<Response> {
  return traceRequest<Response>(
    raw.method,
    () => Object.fromEntries(raw.headers.map(([name, value]) => [name.toLowerCase(), value])),
    () => respond(service, raw),
    (response) => ({
      'http.request.method': raw.method,
      'http.response.status_code': response.status,
      'url.path': pathOf(raw),
      'safelight.request_id': raw.requestId,
    }),
  );
}

/** Without the query: a signature there is as good as a key until it expires. */
function pathOf(raw: RawCall): string {
  const end = raw.target.indexOf('?');
  return end < 0 ? raw.target : raw.target.slice(0, end);
}

/** What is known of a request when it has been answered; for the log. */
interface Trace {
  operation: string | undefined;
  caller: Caller;
  address: Address | undefined;
}

/** At once where nothing has to be waited for: each promise in between costs a cached answer. */
function respond(service: Service, raw: RawCall): Response | Promise<Response> {
  const repeated = service.repeated.find(raw);
  if (repeated === undefined) return respondAnew(service, raw);
  const { operation, answer } = repeated;
  const trace = { operation, caller: ANONYMOUS, address: undefined };
  return finish(service, raw, { trace, facts: undefined, answer });
}

async function respondAnew(service: Service, raw: RawCall): Promise<Response> {
  const trace: Trace = { operation: undefined, caller: ANONYMOUS, address: undefined };
  let facts: ErrorFacts | undefined;
  let answer: Answer;
  try {
    answer = await answerCall(service, raw, trace);
  } catch (error) {
    facts = describeError(error);
    logError(service, raw, facts, error);
    answer = errorAnswer(facts, {
      requestId: raw.requestId,
      hostId: headerOf(raw, 'host') ?? '',
      isHead: raw.method === 'HEAD',
      retryAfterSeconds: service.settings.retryAfterSeconds,
    });
  }
  answer = await withCorsHeaders(service, raw, trace.address, answer);
  service.repeated.keep(raw, trace.operation, answer);
  return finish(service, raw, { trace, facts, answer });
}

/** Log, numbers, and what every response carries. */
function finish(
  service: Service,
  raw: RawCall,
  outcome: { trace: Trace; facts: ErrorFacts | undefined; answer: Answer },
): Response {
  const { trace, facts, answer } = outcome;
  const nowMs = service.clock();
  const elapsedMs = nowMs - raw.nowMs;
  const { status, origin } = answer;
  logAccess(service, raw, { trace, facts, status, origin, elapsedMs });
  const { method, requestId } = raw;
  service.telemetry.requestEnded({ operation: trace.operation, method, status, elapsedMs });
  if (origin !== undefined) service.telemetry.resultServed(origin);
  return answerToResponse(answer, { requestId, nowMs, elapsedMs, isHead: method === 'HEAD' });
}

/** The order of checks, which decides what a stranger can learn from an error. */
async function answerCall(service: Service, raw: RawCall, trace: Trace): Promise<Answer> {
  const parsed = parseTarget(raw.target);
  const address = resolveAddress(headerOf(raw, 'host') ?? '', parsed.rawPath, service.settings);
  if (address.level === 'internal') return answerInternal(service, raw, address.path);
  trace.address = address;
  // A browser asks beforehand with the URL it was given, whose signature is for the request to come.
  const isPreflight = raw.method === 'OPTIONS';
  const caller = isPreflight
    ? ANONYMOUS
    : authenticate(service, raw, {
        bucket: 'bucket' in address ? address.bucket : undefined,
        key: 'key' in address ? address.key : undefined,
      });
  trace.caller = caller;
  const { method, target, headers, body, requestId, nowMs } = raw;
  const call: Call = {
    method,
    target,
    headers,
    body,
    requestId,
    nowMs,
    parsed,
    address,
    caller,
    get signal() {
      return raw.signal;
    },
  };
  const operation = chooseOperation(call);
  trace.operation = operation.name;
  return operation.run(service);
}

function logError(service: Service, raw: RawCall, facts: ErrorFacts, error: unknown): void {
  const level = errorLevel(facts);
  const fields = { requestId: raw.requestId, code: facts.code, err: error };
  service.logger[level](fields, facts.message);
}

function logAccess(
  service: Service,
  raw: RawCall,
  outcome: {
    trace: Trace;
    facts: ErrorFacts | undefined;
    status: number;
    origin: string | undefined;
    elapsedMs: number;
  },
): void {
  const { trace, facts, status, origin, elapsedMs } = outcome;
  service.logger.info(
    {
      requestId: raw.requestId,
      method: raw.method,
      host: headerOf(raw, 'host'),
      path: pathOf(raw),
      operation: trace.operation,
      accessKeyId: trace.caller.kind === 'owner' ? trace.caller.accessKeyId : undefined,
      status,
      origin,
      code: facts?.code,
      ec: facts?.ec,
      ms: Math.round(elapsedMs),
    },
    'request',
  );
}

/** The URL's path is normalised: an entry that can reach the raw target gives it instead. */
function targetOfUrl(context: Context): string {
  return context.req.raw.url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/s, '');
}

/** `Headers` has no Host in some runtimes: the URL knows it. */
function joinedHeaders(context: Context): HeaderList {
  const headers = [...context.req.raw.headers];
  if (!context.req.raw.headers.has('host')) headers.push(['host', new URL(context.req.url).host]);
  return headers;
}
