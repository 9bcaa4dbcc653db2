/**
 * What the service tells about itself while it works: numbers for metrics, spans for traces. Spans go
 * to whatever OpenTelemetry SDK the process has registered, and nowhere without one.
 * @module
 */

import {
  context,
  defaultTextMapGetter,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** Numbers; each call is one event. */
export interface Telemetry {
  requestEnded(facts: RequestFacts): void;
  /** A processed picture was given out. `origin` is a tier's name, `render` or `shared`. */
  resultServed(origin: string): void;
  /** Everything so far, in the text format of Prometheus. */
  print(): Promise<{ readonly mediaType: string; readonly text: string }>;
}

interface RequestFacts {
  /** As the manual names it; undefined when none was found. */
  readonly operation: string | undefined;
  readonly method: string;
  readonly status: number;
  readonly elapsedMs: number;
}

export const SILENT_TELEMETRY: Telemetry = {
  requestEnded: () => {},
  resultServed: () => {},
  print: () => Promise.resolve({ mediaType: 'text/plain; version=0.0.4', text: '' }),
};

/** Attributes of a span, by their OpenTelemetry names. */
type Attributes = Readonly<Record<string, string | number>>;

const tracer = trace.getTracer('safelight');

/**
 * Runs a request in a span of its own, under the caller's span when its headers name one.
 * @param describe attributes of what came out, asked for only when somebody records
 */
export function traceRequest<T>(
  name: string,
  headers: () => Readonly<Record<string, string>>,
  run: () => T | Promise<T>,
  describe: (outcome: T) => Attributes,
): T | Promise<T> {
  const isWanted = propagation.fields().length > 0;
  const active = context.active();
  const parent = isWanted ? propagation.extract(active, headers(), defaultTextMapGetter) : active;
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER }, parent);
  if (!span.isRecording()) return run();
  return context.with(trace.setSpan(parent, span), () => settle(span, run, describe));
}

/** Runs a part of a request in a span below the active one. */
export function traceStep<T>(
  name: string,
  attributes: Attributes,
  run: () => Promise<T>,
): Promise<T> {
  const span = tracer.startSpan(name, { attributes });
  if (!span.isRecording()) return run();
  return context.with(trace.setSpan(context.active(), span), () => settle(span, run, () => ({})));
}

async function settle<T>(
  span: Span,
  run: () => T | Promise<T>,
  describe: (outcome: T) => Attributes,
): Promise<T> {
  try {
    const outcome = await run();
    span.setAttributes(describe(outcome));
    return outcome;
  } catch (error) {
    span.recordException(error instanceof Error ? error : String(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
