/**
 * What the service is made of, as values: `createApp` takes these and touches nothing else, so that it
 * runs wherever `Request` and `Response` exist.
 * @module
 */

import type { Chain, ImageFormat, Limits } from '@safelight/core';
import type { FindKey, HeaderList } from '@safelight/signing';
import type { StorageDriver } from '@safelight/storage';
import type { Context } from 'hono';
import type { ProcessReader } from './cache/chain-cache.ts';
import type { PurgeFollower } from './cache/purge-notes.ts';
import type { RepeatedAnswers } from './cache/repeated-answers.ts';
import type { ResultCache } from './cache/result-cache.ts';
import type { ResultIdentity } from './cache/result-identity.ts';
import type { ResultTier } from './cache/result-tier.ts';
import type { ServiceSettings } from './settings.ts';
import type { Telemetry } from './telemetry.ts';

export interface AppDeps {
  readonly store: StorageDriver;
  readonly renderer: Renderer;
  /** The keys that may sign. */
  readonly findKey: FindKey;
  /** What a render may cost; the renderer enforces them, the service checks sizes before it reads. */
  readonly limits: Limits;
  /** @default DEFAULT_SETTINGS for what is absent */
  readonly settings?: Partial<ServiceSettings>;
  /** Unix time in ms. @default Date.now */
  readonly clock?: () => number;
  /** @default silent */
  readonly logger?: Logger;
  /** Where results are kept, the quickest first. Closed by who made them. @default nowhere */
  readonly cache?: readonly ResultTier[];
  /** Counts requests and results. @default nothing is counted */
  readonly telemetry?: Telemetry;
  /** Whether new requests should come here; asked by `/-/ready`. @default always */
  readonly isReady?: () => boolean | Promise<boolean>;
  /**
   * The request target as it stood on the wire. Frameworks normalise paths (`/b/a/../c` becomes
   * `/b/c`), while such keys are legal and signed.
   * @default the path and query of the request's URL, which is normalised
   */
  readonly rawTarget?: (context: Context) => string;
  /**
   * The headers as they stood on the wire, repeated ones apart.
   * @default those of the request, where repeated ones are joined
   */
  readonly rawHeaders?: (context: Context) => HeaderList;
}

/** The dependencies with their defaults, as operations see them. */
export interface Service {
  readonly store: StorageDriver;
  readonly renderer: Renderer;
  readonly findKey: FindKey;
  readonly limits: Limits;
  readonly settings: ServiceSettings;
  readonly clock: () => number;
  readonly logger: Logger;
  readonly results: ResultCache;
  readonly purges: PurgeFollower;
  readonly identity: ResultIdentity;
  /** Reads process texts. */
  readonly readChain: ProcessReader;
  /** How long ago the store was asked for an object's record, ms. */
  readonly recordAgeMs: (bucket: string, key: string) => number;
  /** Whether the records kept now are kept still, as `MetadataCache.holdRecords`. */
  readonly holdRecords: (bucket: string, key: string) => (() => boolean) | undefined;
  /** Answers that are given again without reading the request anew. */
  readonly repeated: RepeatedAnswers;
  readonly telemetry: Telemetry;
  readonly isReady: () => boolean | Promise<boolean>;
}

/** Makes pictures. Never on the thread that answers requests, outside of tests. */
export interface Renderer {
  /** Changes whenever the same source and chain may give other bytes. */
  readonly version: string;
  /**
   * Waits for a free place, reads the source and renders it. `readSource` is called when the render's
   * turn comes: a queue of waiting requests holds no pictures.
   * @throws ServiceError `ServiceUnavailable` at once when too many wait already
   * @throws ImageError for everything that is wrong with the picture or the chain
   */
  render(request: RenderRequest, signal: AbortSignal): Promise<RenderedPicture>;
  /** Formats that results can have. Without it, none is negotiated. */
  writes?(): Promise<readonly ImageFormat[]>;
}

export interface RenderRequest {
  readonly chain: Chain;
  /** Size of the source, as its record says. */
  readonly sourceBytes: number;
  /**
   * The bytes, to be moved to another thread: nothing else of value lies in their buffer.
   * @param allocate gives a place of exactly the source's size. @default a buffer of their own
   */
  readonly readSource: (allocate?: Allocate) => Promise<Uint8Array<ArrayBuffer>>;
  /** The pictures of the chain's marks by key, likewise; those that do not exist are not in it. */
  readonly readMarks?: (() => Promise<MarkBytes>) | undefined;
}

type Allocate = (byteLength: number) => Uint8Array<ArrayBuffer>;

export type MarkBytes = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

export interface RenderedPicture {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** `image/jpeg`, or `application/json` for facts about a picture. */
  readonly mediaType: string;
}

/** The part of pino's interface that is used. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const ignore = (): void => {};

export const SILENT_LOGGER: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
