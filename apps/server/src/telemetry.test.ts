/**
 * Spans as OpenTelemetry's own SDK gets them, which a user's process registers before the service.
 * @module
 */

import { ImageError } from '@safelight/core';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { createEchoRenderer, createTestService, type TestService } from '../test/test-service.ts';

/** As the API numbers them. */
const SERVER = 1;
const ERROR = 2;

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();

let service: TestService;

afterAll(() => provider.shutdown());

beforeEach(async () => {
  exporter.reset();
  service = createTestService();
  await service.store.createBucket('box', { acl: 'public-read' });
  await service.store.putObject('box', 'a.jpg', new Uint8Array(9));
});

function spanOf(name: string): ReadableSpan {
  const found = exporter.getFinishedSpans().filter((span) => span.name === name);
  expect(found.length, name).toBe(1);
  return found[0]!;
}

it('has a span for a request, and below it one for its render', async () => {
  const target = '/box/a.jpg?x-oss-process=image/resize,w_9&secret=signature';
  const response = await service.ask({ target });
  expect(response.status).toBe(200);
  const request = spanOf('GET');
  expect([request.kind, request.parentSpanContext]).toEqual([SERVER, undefined]);
  expect(request.attributes).toEqual({
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'url.path': '/box/a.jpg',
    'safelight.request_id': response.headers.get('x-oss-request-id'),
  });
  const render = spanOf('render');
  expect(render.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
  expect(render.attributes).toEqual({
    'safelight.chain': 'image/resize,w_9',
    'safelight.bucket': 'box',
  });
});

it('goes on with the trace that the caller names', async () => {
  const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
  const headers = { traceparent: `00-${traceId}-${spanId}-01` };
  await service.ask({ target: '/box/a.jpg', headers });
  const request = spanOf('GET');
  expect([request.spanContext().traceId, request.parentSpanContext?.spanId]).toEqual([
    traceId,
    spanId,
  ]);
});

it('tells of a render that failed', async () => {
  const failing = createTestService({
    store: service.store,
    renderer: {
      ...createEchoRenderer([]),
      render: () => Promise.reject(new ImageError('BadImage', 'damaged', 'torn')),
    },
  });
  const response = await failing.ask({ target: '/box/a.jpg?x-oss-process=image/resize,w_9' });
  expect(response.status).toBe(400);
  const render = spanOf('render');
  expect([render.status.code, render.events.map(({ name }) => name)]).toEqual([
    ERROR,
    ['exception'],
  ]);
  expect(spanOf('GET').attributes['http.response.status_code']).toBe(400);
});
