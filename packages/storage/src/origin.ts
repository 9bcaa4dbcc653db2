/**
 * A mirror: buckets whose missing objects are fetched from another web server once, and kept in the
 * store behind. Styles, ACLs and settings of such a bucket are the store's, and so is what users upload:
 * the origin's bytes replace only what came from the origin. Easily got wrong: a key is not a path, so one that a web server
 * would resolve to another place (`..`) is missing, not fetched.
 * @module
 */

import type { ObjectRecord, StorageDriver } from './driver.ts';
import { isStorageError } from './errors.ts';
import { fetchOrigin, type FetchOptions, type OriginAnswer } from './origin/fetch-origin.ts';

export { isPublicAddress } from './origin/address-rule.ts';

export interface Origin {
  readonly bucket: string;
  /** `http:` or `https:`; a key is added to its path, which ends with a slash. */
  readonly base: URL;
  /** Hosts (`name` or `name:port`) that a redirect may lead to, beside the base's own. @default [] */
  readonly redirectHosts?: readonly string[] | undefined;
}

export interface MirrorOptions {
  readonly origins: readonly Origin[];
  /** Of one object. @default 104857600 */
  readonly maxBytes?: number | undefined;
  /** For the whole of a fetch. @default 10000 */
  readonly timeoutMs?: number | undefined;
  /** @default 3 */
  readonly maxRedirects?: number | undefined;
  /** How long a mirrored object is served before the origin is asked for a newer one. @default 3600000 */
  readonly freshMs?: number | undefined;
  /** How long the origin's "not found" is believed. @default 10000 */
  readonly missingMs?: number | undefined;
  /** Which addresses may be connected to. @default isPublicAddress */
  readonly allowsAddress?: ((address: string) => boolean) | undefined;
  /** Unix time in ms. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Told what kept a newer object from being fetched while an older one was served. */
  readonly onProblem?: ((problem: unknown) => void) | undefined;
}

/**
 * `driver` with mirrored buckets, which are created (`private`) where they are missing. Reading from
 * one throws, beside what `driver` throws, `AccessDenied` for an address or a redirect that is not
 * allowed, `EntityTooLarge`, and `StoreUnavailable` when the origin fails.
 */
export async function mirrorOrigins(
  driver: StorageDriver,
  options: MirrorOptions,
): Promise<StorageDriver> {
  for (const { bucket } of options.origins) {
    if ((await driver.getBucket(bucket)) === undefined) await createBucket(driver, bucket);
  }
  const mirror = new Mirror(driver, options);
  const overrides: Pick<StorageDriver, 'headObject' | 'getObject' | 'copyObject' | 'copyPart'> = {
    async headObject(bucket, key) {
      await mirror.prepare(bucket, key);
      return driver.headObject(bucket, key);
    },
    async getObject(bucket, key, getOptions) {
      await mirror.prepare(bucket, key);
      return driver.getObject(bucket, key, getOptions);
    },
    async copyObject(source, target, copyOptions) {
      await mirror.prepare(source.bucket, source.key);
      return driver.copyObject(source, target, copyOptions);
    },
    async copyPart(source, upload, partNumber) {
      await mirror.prepare(source.bucket, source.key);
      return driver.copyPart(source, upload, partNumber);
    },
  };
  return new Proxy(driver, {
    get(target, property) {
      if (Object.hasOwn(overrides, property)) return Reflect.get(overrides, property);
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Another node that starts at the same time may be quicker. */
async function createBucket(driver: StorageDriver, bucket: string): Promise<void> {
  try {
    await driver.createBucket(bucket);
  } catch (error) {
    if (!isStorageError(error) || error.code !== 'BucketAlreadyExists') throw error;
  }
}

/** Marks what was mirrored, and remembers the origin's validators; `x-oss-meta-` stands before it. */
const MARK = 'mirror';
/** At most so many keys are remembered as missing or fresh. */
const MAX_REMEMBERED = 10_000;

class Mirror {
  readonly #driver: StorageDriver;
  readonly #options: MirrorOptions;
  readonly #origins: ReadonlyMap<string, Origin>;
  readonly #running = new Map<string, Promise<void>>();
  /** When the origin was last asked about a key, in ms. */
  readonly #askedMs = new Map<string, number>();

  constructor(driver: StorageDriver, options: MirrorOptions) {
    this.#driver = driver;
    this.#options = options;
    this.#origins = new Map(options.origins.map((origin) => [origin.bucket, origin]));
  }

  /** After it the store behind has what there is. Runs once for callers of the same object. */
  async prepare(bucket: string, key: string): Promise<void> {
    const origin = this.#origins.get(bucket);
    const url = origin === undefined ? undefined : locate(origin, key);
    if (origin === undefined || url === undefined) return;
    const place = `${bucket}/${key}`;
    const running = this.#running.get(place) ?? this.#mirror(origin, url, key, place);
    this.#running.set(place, running);
    try {
      await running;
    } finally {
      this.#running.delete(place);
    }
  }

  async #mirror(origin: Origin, url: URL, key: string, place: string): Promise<void> {
    const { freshMs = 3_600_000, missingMs = 10_000, now = Date.now } = this.#options;
    const stored = await this.#driver.headObject(origin.bucket, key);
    if (stored !== undefined && stored.userMetadata[MARK] === undefined) return;
    const asked = this.#askedMs.get(place) ?? stored?.lastModifiedMs ?? Number.NEGATIVE_INFINITY;
    if (now() - asked < (stored === undefined ? missingMs : freshMs)) return;
    try {
      await this.#refresh(origin, url, key, stored);
    } catch (error) {
      // An older picture is better than none while the origin is away.
      if (stored === undefined) throw error;
      this.#options.onProblem?.(error);
    }
    if (this.#askedMs.size >= MAX_REMEMBERED) this.#askedMs.clear();
    this.#askedMs.set(place, now());
  }

  async #refresh(
    origin: Origin,
    url: URL,
    key: string,
    stored: ObjectRecord | undefined,
  ): Promise<void> {
    const answer = await fetchOrigin(url, this.#fetchOptions(origin, stored));
    if (answer === 'unchanged') return;
    if (answer === 'missing') {
      if (stored !== undefined) await this.#driver.deleteObject(origin.bucket, key);
      return;
    }
    await this.#store(origin.bucket, key, answer, stored);
  }

  /** An upload by a user that came first wins: the fetched bytes are dropped. */
  async #store(
    bucket: string,
    key: string,
    answer: OriginAnswer,
    stored: ObjectRecord | undefined,
  ): Promise<void> {
    const { maxBytes = DEFAULT_MAX_BYTES } = this.#options;
    const cache = answer.cacheControl;
    try {
      await this.#driver.putObject(bucket, key, answer.body, {
        contentType: answer.contentType,
        headers: cache === undefined ? {} : { 'cache-control': cache },
        userMetadata: { [MARK]: JSON.stringify([answer.etag ?? '', answer.lastModified ?? '']) },
        maxBytes,
        ifAbsent: stored === undefined,
      });
    } catch (error) {
      if (!isStorageError(error) || error.code !== 'FileAlreadyExists') throw error;
    }
  }

  #fetchOptions(origin: Origin, stored: ObjectRecord | undefined): FetchOptions {
    const { maxBytes = DEFAULT_MAX_BYTES, timeoutMs = 10_000, maxRedirects = 3 } = this.#options;
    const hosts = new Set([origin.base.host, ...(origin.redirectHosts ?? [])]);
    return {
      allowsHost: (host) => hosts.has(host),
      allowsAddress: this.#options.allowsAddress,
      maxBytes,
      timeoutMs,
      maxRedirects,
      headers: validators(stored),
    };
  }
}

const DEFAULT_MAX_BYTES = 100 * 1024 * 1024;

/** The conditional headers of a second fetch. */
function validators(stored: ObjectRecord | undefined): Record<string, string> {
  if (stored === undefined) return {};
  const [etag = '', lastModified = ''] = JSON.parse(stored.userMetadata[MARK] ?? '[]') as string[];
  return {
    ...(etag !== '' && { 'if-none-match': etag }),
    ...(lastModified !== '' && { 'if-modified-since': lastModified }),
  };
}

/** Undefined for a key that stands for no path of its own below the base. */
function locate({ base }: Origin, key: string): URL | undefined {
  const segments = key.split('/');
  const climbs = segments.some((segment) => segment === '.' || segment === '..');
  // A web server may take a backslash for a slash, and a control character for the end.
  if (climbs || /[\\\p{Cc}]/u.test(key)) return undefined;
  const url = new URL(base);
  url.pathname = base.pathname + segments.map(encodeURIComponent).join('/');
  return url;
}
