/**
 * A bucket's own record and its styles as one immutable value. Drivers replace it whole, under a
 * lock, so no change is lost and none is half seen.
 * @module
 */

import type {
  BucketChange,
  BucketRecord,
  CreateBucketOptions,
  PutStyleOptions,
  StyleRecord,
} from './driver.ts';
import { StorageError } from './errors.ts';

export interface BucketState {
  readonly record: BucketRecord;
  /** In order of creation. */
  readonly styles: readonly StyleRecord[];
}

export function createBucketState(
  name: string,
  options: CreateBucketOptions,
  nowMs: number,
): BucketState {
  const record: BucketRecord = {
    name,
    acl: options.acl ?? 'private',
    createdMs: nowMs,
    location: options.location,
    storageClass: options.storageClass,
    settings: options.settings ?? {},
  };
  return freezeState({ record, styles: [] });
}

export function patchBucketState(state: BucketState, change: BucketChange): BucketState {
  const patch = typeof change === 'function' ? change(state.record) : change;
  const merged = { ...state.record.settings, ...patch.settings };
  const settings = Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const record = { ...state.record, acl: patch.acl ?? state.record.acl, settings };
  return freezeState({ record, styles: state.styles });
}

export function findStyle(state: BucketState, style: string): StyleRecord | undefined {
  return state.styles.find((other) => other.name === style);
}

/**
 * Replacing keeps the time of creation and the place in the list, whatever the limit. Throws
 * `TooManyStyles`.
 */
export function withStyle(
  state: BucketState,
  name: string,
  content: string,
  options: PutStyleOptions & { readonly nowMs: number },
): BucketState {
  const old = findStyle(state, name);
  const { nowMs, maxStyles = Number.POSITIVE_INFINITY } = options;
  if (old === undefined && state.styles.length >= maxStyles) {
    throw new StorageError(
      'TooManyStyles',
      `styles of ${state.record.name}: expected at most ${maxStyles}`,
    );
  }
  const style = { name, content, createdMs: old?.createdMs ?? nowMs, modifiedMs: nowMs };
  const styles =
    old === undefined
      ? [...state.styles, style]
      : state.styles.map((other) => (other === old ? style : other));
  return freezeState({ record: state.record, styles });
}

export function withoutStyle(state: BucketState, name: string): BucketState {
  return freezeState({
    record: state.record,
    styles: state.styles.filter((style) => style.name !== name),
  });
}

export function freezeState(state: BucketState): BucketState {
  const settings = Object.freeze({ ...state.record.settings });
  return Object.freeze({
    record: Object.freeze({ ...state.record, settings }),
    styles: Object.freeze(state.styles.map((style) => Object.freeze({ ...style }))),
  });
}

export function noSuchBucket(name: string): StorageError {
  return new StorageError('NoSuchBucket', `bucket: expected a bucket, got none: ${name}`);
}

export function bucketAlreadyExists(name: string): StorageError {
  return new StorageError('BucketAlreadyExists', `bucket: expected none, got a bucket: ${name}`);
}

export function bucketNotEmpty(name: string): StorageError {
  return new StorageError('BucketNotEmpty', `bucket: expected no objects, got some: ${name}`);
}
