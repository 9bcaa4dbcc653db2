/**
 * The pictures that a chain's marks show: objects of the same bucket, which the caller must be allowed
 * to read, or, where a style names them, its owner. Easily got wrong: a private logo that a caller's
 * own chain puts on a public picture would show itself to everyone.
 * @module
 */

import { isImageError, listMarkKeys } from '@safelight/core';
import { type ParsedImage, placeError } from '@safelight/grammar';
import { type ObjectRecord, readObject } from '@safelight/storage';
import type { ObjectCall } from './call.ts';
import { findReadableObject } from './lookup.ts';
import type { ReadPurpose } from './process-configuration.ts';
import { ServiceError } from './service-error.ts';
import type { MarkBytes, Service } from './service.ts';

export interface Marks {
  /** Of those that exist, in the order of the chain: their ETags name a result's version. */
  readonly records: readonly ObjectRecord[];
  readonly readBytes: () => Promise<MarkBytes>;
}

/**
 * Undefined for a chain without such marks. A missing picture is the render's to report. A style was
 * written by the owner, who alone decides what it shows: its marks may be private (protocol, 3).
 * @throws ServiceError `AccessDenied`; ImageError `too-many-marks`
 */
export async function findMarks(
  call: ObjectCall,
  service: Service,
  image: Pick<ParsedImage, 'chain' | 'steps'>,
  purpose: ReadPurpose,
): Promise<Marks | undefined> {
  const keys = markKeys(image);
  if (keys.length === 0) return undefined;
  const found = new Map<string, ObjectRecord>();
  const right = purpose === 'style' ? 'trusted' : 'caller';
  for (const key of keys) {
    const named = { ...call, address: { ...call.address, key } };
    const record = await findReadableObject(named, service, purpose, right);
    if (record !== undefined) found.set(key, record);
  }
  return {
    records: [...found.values()],
    readBytes: () => readMarks(call.address.bucket, service, found),
  };
}

function markKeys({ chain, steps }: Pick<ParsedImage, 'chain' | 'steps'>): readonly string[] {
  try {
    return listMarkKeys(chain);
  } catch (error) {
    throw isImageError(error) ? placeError(error, steps) : error;
  }
}

async function readMarks(
  bucket: string,
  service: Service,
  records: ReadonlyMap<string, ObjectRecord>,
): Promise<MarkBytes> {
  const { maxSourceBytes: maxBytes, timeoutMs } = service.limits;
  const marks = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [name, record] of records) {
    checkSourceSize(record, maxBytes);
    const { key, etag } = record;
    const limits = { maxBytes, timeoutMs, ifEtag: etag };
    const mark = await readObject(service.store, bucket, key, limits);
    if (mark !== undefined) marks.set(name, mark.bytes);
  }
  return marks;
}

/** @throws ServiceError `ImageTooLarge` before anything is read */
export function checkSourceSize({ size }: Pick<ObjectRecord, 'size'>, maxBytes: number): void {
  if (size <= maxBytes) return;
  throw new ServiceError(
    'ImageTooLarge',
    `The source picture is too large: expected at most ${maxBytes} bytes, got ${size}.`,
    { ec: '0040-00000001' },
  );
}
