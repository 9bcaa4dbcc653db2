/**
 * What all buckets of one folder share (where drafts go, whether writes are flushed, the clock), and
 * what passes between them and their uploads.
 * @module
 */

import type { BodyDigest } from '../body-digest.ts';
import type { ObjectMetadata } from '../driver.ts';
import type { StorageError } from '../errors.ts';

/** What all buckets of a store share. */
export interface FsContext {
  readonly temporaryFolder: string;
  readonly durable: boolean;
  readonly now: () => number;
  readonly onProblem: (problem: StorageError) => void;
  /**
   * Throws `StoreLocked` once the store is closed: its folder may belong to another process by now.
   */
  readonly checkOpen: () => void;
}

/** An object whose bytes are in their file, and whose record is not yet written. */
export interface ObjectDraft {
  readonly digest: BodyDigest;
  readonly metadata: ObjectMetadata;
}
