/**
 * What every tier of the result cache offers. Easily got wrong: the bytes of a result are shared by
 * all who ask for it, so nobody may write to them or transfer their buffer.
 * @module
 */

/** A finished picture, or facts about one. */
export interface CachedResult {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
}

/** What a result was made of, as far as purges go by it. */
export interface ResultPlace {
  readonly bucket: string;
  readonly key: string;
  /** Undefined for a literal chain. */
  readonly style: string | undefined;
}

/** Names one result for ever: whatever could change its bytes is part of the text. */
export interface ResultKey extends ResultPlace {
  readonly text: string;
}

/** A whole bucket, or one of its objects, or what one of its styles made. */
export interface PurgeScope {
  readonly bucket: string;
  readonly key?: string | undefined;
  readonly style?: string | undefined;
}

/**
 * A place that keeps results. A tier never fails its caller: what it cannot read it does not have, what
 * it cannot write it drops.
 */
export interface ResultTier {
  /** For metrics: `memory`, `disk`, `redis`. */
  readonly name: string;
  /** Whether other nodes keep theirs in it too: it is purged when told, not after every write. */
  readonly isShared: boolean;
  /** Undefined when it is not there. */
  get(key: ResultKey): Promise<CachedResult | undefined> | CachedResult | undefined;
  put(key: ResultKey, result: CachedResult): Promise<void> | void;
  /**
   * Forgets, and tells how many results.
   * @param beforeMs only what was put before this Unix time in ms, where the tier knows when it was
   */
  purge(scope: PurgeScope, beforeMs?: number): Promise<number> | number;
  /** Ends what is being written. */
  close(): Promise<void>;
  /** What is held now; undefined where only a server of its own knows. */
  readonly usage: { readonly bytes: number; readonly results: number } | undefined;
}

/** Whether a result lies in the scope. */
export function isInScope(place: ResultPlace, scope: PurgeScope): boolean {
  return (
    place.bucket === scope.bucket &&
    (scope.key === undefined || place.key === scope.key) &&
    (scope.style === undefined || place.style === scope.style)
  );
}
