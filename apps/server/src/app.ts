/**
 * The service as a Hono application. One request: raw target, address, credential and signature,
 * operation, and what the operation does, in `answerCall`. Easily got wrong: Hono's own path is
 * normalised, so nothing may route by it.
 * @module
 */

import { parseTarget, verifySignature, type HeaderList } from '@safelight/signing';
import { type Context, Hono } from 'hono';
import { resolveAddress, type Address } from './address.ts';
import { type Answer, answerToResponse } from './answer.ts';
import { type Call, headerOf, type RawCall } from './call.ts';
import { ANONYMOUS, type Caller } from './caller.ts';
import { describeError, errorAnswer, errorLevel, type ErrorFacts } from './error-response.ts';
import { answerInternal } from './internal-routes.ts';
import { chooseOperation } from './operation.ts';
import { withCorsHeaders } from './cors.ts';
import { createRequestId } from './request-id.ts';
import { type AppDeps, type Service, SILENT_LOGGER } from './service.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

/** The whole service. It can be mounted: `outer.route('/', createApp(deps))`. */
export function createApp(deps: AppDeps): Hono {
  const service: Service = {
    store: deps.store,
    renderer: deps.renderer,
    findKey: deps.findKey,
    limits: deps.limits,
    settings: { ...DEFAULT_SETTINGS, ...deps.settings },
    clock: deps.clock ?? Date.now,
    logger: deps.logger ?? SILENT_LOGGER,
  };
  const rawTarget = deps.rawTarget ?? targetOfUrl;
  const rawHeaders = deps.rawHeaders ?? joinedHeaders;
  const app = new Hono();
  app.all('*', (context) => {
    const { raw } = context.req;
    return respond(service, {
      method: raw.method,
      target: rawTarget(context),
      headers: rawHeaders(context),
      body: raw.method === 'GET' || raw.method === 'HEAD' ? null : raw.body,
      signal: raw.signal,
      requestId: createRequestId(),
      nowMs: service.clock(),
    });
  });
  return app;
}

/** What is known of a request when it has been answered; for the log. */
interface Trace {
  operation: string | undefined;
  caller: Caller;
  address: Address | undefined;
}

async function respond(service: Service, raw: RawCall): Promise<Response> {
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
  const nowMs = service.clock();
  const elapsedMs = nowMs - raw.nowMs;
  logAccess(service, raw, { trace, facts, status: answer.status, elapsedMs });
  const { requestId } = raw;
  return answerToResponse(answer, { requestId, nowMs, elapsedMs, isHead: raw.method === 'HEAD' });
}

/** The order of checks, which decides what a stranger can learn from an error. */
async function answerCall(service: Service, raw: RawCall, trace: Trace): Promise<Answer> {
  const parsed = parseTarget(raw.target);
  const address = resolveAddress(headerOf(raw, 'host') ?? '', parsed.rawPath, service.settings);
  if (address.level === 'internal') return answerInternal(raw.method, address.path);
  trace.address = address;
  // A browser asks beforehand with the URL it was given, whose signature is for the request to come.
  const isPreflight = raw.method === 'OPTIONS';
  const caller = isPreflight ? ANONYMOUS : authenticate(service, raw, address);
  trace.caller = caller;
  const call: Call = { ...raw, parsed, address, caller };
  const operation = chooseOperation(call);
  trace.operation = operation.name;
  return operation.run(service);
}

/** @throws SigningError for every credential that is not right */
function authenticate(service: Service, raw: RawCall, address: Address): Caller {
  const verified = verifySignature(
    {
      method: raw.method,
      target: raw.target,
      headers: raw.headers,
      bucket: 'bucket' in address ? address.bucket : undefined,
      key: 'key' in address ? address.key : undefined,
    },
    { findKey: service.findKey, nowMs: raw.nowMs },
  );
  if (verified.form === 'anonymous') return ANONYMOUS;
  const via = verified.form.endsWith('-query') ? 'query' : 'header';
  return { kind: 'owner', accessKeyId: verified.accessKeyId, via };
}

function logError(service: Service, raw: RawCall, facts: ErrorFacts, error: unknown): void {
  const level = errorLevel(facts);
  const fields = { requestId: raw.requestId, code: facts.code, err: error };
  service.logger[level](fields, facts.message);
}

function logAccess(
  service: Service,
  raw: RawCall,
  outcome: { trace: Trace; facts: ErrorFacts | undefined; status: number; elapsedMs: number },
): void {
  const { trace, facts, status, elapsedMs } = outcome;
  service.logger.info(
    {
      requestId: raw.requestId,
      method: raw.method,
      host: headerOf(raw, 'host'),
      // Without the query: a signature there is as good as a key until it expires.
      path: raw.target.split('?', 1)[0],
      operation: trace.operation,
      accessKeyId: trace.caller.kind === 'owner' ? trace.caller.accessKeyId : undefined,
      status,
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
