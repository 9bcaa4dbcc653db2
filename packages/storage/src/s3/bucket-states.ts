/**
 * The states of buckets as small objects, changed by reading, changing and writing on condition that
 * nobody else did. Easily got wrong: that a bucket exists is believed for a moment, since every call
 * needs it; its settings never are, for whoever calls may keep them a moment itself.
 * @module
 */

import { randomUUID } from 'node:crypto';

import { bucketAlreadyExists, noSuchBucket } from '../bucket-state.ts';
import type { BucketState } from '../bucket-state.ts';
import { StorageError } from '../errors.ts';
import { mapBounded } from '../fs/bounded-map.ts';
import { parseBucketFile, parseFile, stringOf } from '../fs/record-file.ts';
import { Mutex } from '../mutex.ts';
import { bucketsPrefix, objectNames } from './object-names.ts';
import { CONFLICT } from './failures.ts';
import type { S3Objects } from './s3-objects.ts';

export interface KnownBucket {
  readonly state: BucketState;
  /** Another one when the bucket was deleted and made again. */
  readonly incarnation: string;
  readonly etag: string;
}

export interface BucketStatesOptions {
  /** Put before all names. */
  readonly root: string;
  /** How long a state that was read is believed, in ms. */
  readonly freshMs: number;
  /** Whether the store honours conditions; else only this process's own writers take turns. */
  readonly isConditional: boolean;
}

/** Writers of one bucket meet rarely: more rounds than this are a fault of the store. */
const MAX_ROUNDS = 20;
const MAX_KNOWN = 1000;

export class BucketStates {
  readonly #store: S3Objects;
  readonly #options: BucketStatesOptions;
  readonly #turns = new Mutex();
  readonly #known = new Map<string, KnownBucket & { readonly readMs: number }>();

  constructor(store: S3Objects, options: BucketStatesOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** `undefined` when missing. For what does not depend on settings: it may be `freshMs` old. */
  async get(name: string): Promise<KnownBucket | undefined> {
    const known = this.#known.get(name);
    if (known !== undefined && performance.now() - known.readMs < this.#options.freshMs) {
      return known;
    }
    return this.read(name);
  }

  /** As the store has it now. */
  async read(name: string): Promise<KnownBucket | undefined> {
    const found = await this.#store.getText(this.#nameOf(name));
    if (found === undefined) {
      this.#known.delete(name);
      return undefined;
    }
    const incarnation = parseFile(found.text, `bucket ${name}`, (fields) =>
      stringOf(fields, 'incarnation'),
    );
    const known = { state: parseBucketFile(found.text, name), incarnation, etag: found.etag };
    this.#learn(name, known);
    return known;
  }

  async create(name: string, state: BucketState): Promise<void> {
    await this.#turns.run(async () => {
      if (!this.#options.isConditional && (await this.read(name)) !== undefined) {
        throw bucketAlreadyExists(name);
      }
      const incarnation = randomUUID();
      const etag = await this.#write(name, { state, incarnation }, { ifNoneMatch: '*' });
      if (etag === CONFLICT) throw bucketAlreadyExists(name);
      this.#learn(name, { state, incarnation, etag });
    });
  }

  /** Throws `NoSuchBucket` and what `change` throws. */
  async update(name: string, change: (state: BucketState) => BucketState): Promise<BucketState> {
    return this.#turns.run(async () => {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const known = await this.read(name);
        if (known === undefined) throw noSuchBucket(name);
        const next = { ...known, state: change(known.state) };
        const etag = await this.#write(name, next, { ifMatch: known.etag });
        if (etag === CONFLICT) continue;
        this.#learn(name, { ...next, etag });
        return next.state;
      }
      throw new StorageError('StoreUnavailable', `bucket ${name}: others kept changing it`);
    });
  }

  async delete(name: string): Promise<void> {
    await this.#store.delete(this.#nameOf(name));
    this.#known.delete(name);
  }

  async list(): Promise<readonly BucketState[]> {
    const prefix = bucketsPrefix(this.#options.root);
    const names: string[] = [];
    for await (const { name } of this.#store.listAll(prefix)) {
      names.push(name.slice(prefix.length, -'.json'.length));
    }
    const found = await mapBounded(names, (name) => this.read(name));
    return found.flatMap((known) => known?.state ?? []);
  }

  #write(
    name: string,
    { state, incarnation }: Omit<KnownBucket, 'etag'>,
    condition: { readonly ifNoneMatch?: '*'; readonly ifMatch?: string },
  ): Promise<string | typeof CONFLICT> {
    const text = JSON.stringify({ incarnation, ...state.record, styles: state.styles });
    return this.#store.putText(this.#nameOf(name), text, condition);
  }

  #learn(name: string, known: KnownBucket): void {
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(name, { ...known, readMs: performance.now() });
  }

  #nameOf(name: string): string {
    return objectNames(this.#options.root, name).state;
  }
}
