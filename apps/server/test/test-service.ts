/**
 * The application over the memory driver, asked without a port: the raw target and headers go in by
 * the request's environment, as a runtime's entry would give them.
 * @module
 */

import { OSS_LIMITS } from '@safelight/core';
import { signV1Header } from '@safelight/signing';
import type { StorageDriver } from '@safelight/storage';
import { createMemoryDriver } from '@safelight/storage/memory';
import type { Context, Hono } from 'hono';
import {
  type AppDeps,
  createApp,
  type RenderedPicture,
  type Renderer,
  type RenderRequest,
} from '../src/index.ts';

export const KEY_ID = 'test-id';
export const SECRET = 'test-secret';

/** 2 January 2026, 03:04:05.678. */
export const NOW_MS = 1_767_323_045_678;

export interface Ask {
  readonly method?: string;
  /** Raw, with its query. */
  readonly target: string;
  /** @default 'localhost' */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Signs by version 1, header form, for this bucket and key. */
  readonly as?: { readonly bucket?: string; readonly key?: string };
}

export interface TestService {
  readonly app: Hono;
  readonly store: StorageDriver;
  /** What was rendered so far. */
  readonly renders: RenderRequest[];
  ask(ask: Ask): Promise<Response>;
}

/** Gives the chain back as JSON: shows what would have been rendered. */
export function createEchoRenderer(renders: RenderRequest[]): Renderer {
  return {
    version: 'echo-1',
    async render(request): Promise<RenderedPicture> {
      renders.push(request);
      const source = await request.readSource();
      const text = JSON.stringify({ chain: request.chain, bytes: source.byteLength });
      return { bytes: new TextEncoder().encode(text), mediaType: 'image/x-echo' };
    },
  };
}

export function createTestService(deps: Partial<AppDeps> = {}): TestService {
  const renders: RenderRequest[] = [];
  const store = deps.store ?? createMemoryDriver({ now: () => NOW_MS });
  const app = createApp({
    store,
    renderer: createEchoRenderer(renders),
    findKey: (id) => (id === KEY_ID ? { secret: SECRET } : undefined),
    limits: OSS_LIMITS,
    clock: () => NOW_MS,
    rawTarget: (context) => environment(context).target,
    rawHeaders: (context) => environment(context).headers,
    ...deps,
    // Tests write to the store behind the service's back.
    settings: { metadataMaxAgeMs: 0, ...deps.settings },
  });
  return { app, store, renders, ask: (ask) => send(app, ask) };
}

interface Environment {
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
}

function environment(context: Context): Environment {
  return context.env as Environment;
}

async function send(app: Hono, ask: Ask): Promise<Response> {
  const { method = 'GET', host = 'localhost', body } = ask;
  const length = typeof body === 'string' ? new TextEncoder().encode(body).length : body?.length;
  let headers: readonly (readonly [string, string])[] = [
    ['host', host],
    ...(length === undefined ? [] : [['content-length', String(length)] as const]),
    ...Object.entries(ask.headers ?? {}),
  ];
  let { target } = ask;
  if (ask.as !== undefined) {
    const { bucket, key } = ask.as;
    const signed = signV1Header(
      { method, target, headers, bucket, key },
      { accessKeyId: KEY_ID, secret: SECRET, nowMs: NOW_MS },
    );
    ({ headers, target } = signed.request);
  }
  const init: RequestInit = { method };
  if (body !== undefined) init.body = body;
  return app.request('http://localhost/', init, { target, headers } satisfies Environment);
}

/** Asks as the owner; bucket and key are those of the path-style target. */
export function askOwner(
  service: TestService,
  method: string,
  target: string,
  more: Pick<Ask, 'headers' | 'body'> = {},
): Promise<Response> {
  const [, bucket = '', ...key] = (target.split('?')[0] ?? '').split('/');
  const path = key.join('/');
  const as = path === '' ? { bucket } : { bucket, key: decodeURIComponent(path) };
  return service.ask({ method, target, as, ...more });
}

/** All texts of an element. */
export function elementsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(
    (match) => match[1] ?? '',
  );
}

/** The text of an element of an error document. */
export function elementOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}

/** Status, code and EC of an error answer. */
export async function errorOf(
  response: Response,
): Promise<{ status: number; code: string | undefined; ec: string | undefined }> {
  const xml = await response.text();
  return { status: response.status, code: elementOf(xml, 'Code'), ec: elementOf(xml, 'EC') };
}
