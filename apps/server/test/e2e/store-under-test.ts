/**
 * Which store the end-to-end tests of clients run on: the usual one, or with `E2E_STORE=s3` (a project of
 * vitest.config.ts sets it) the S3 driver, over the real server that `pnpm soak:s3` names, else over the
 * fake of the storage package. There is one of them for a process, so test files must not use the same
 * prefix.
 * @module
 */

import { randomUUID } from 'node:crypto';
import { type FakeS3, startFakeS3 } from '../../../../packages/storage/test/fake-s3.ts';
import type { RealS3 } from '../../../../packages/storage/test/real-s3.ts';

export type S3UnderTest = FakeS3 | RealS3;

let fake: Promise<FakeS3> | undefined;
let real: Promise<RealS3> | undefined;

/** Settings of a server whose store is empty. @param usual the store where none is chosen */
export async function storeUnderTest(
  usual: 'fs' | 'memory' = 'memory',
): Promise<Readonly<Record<string, string>>> {
  if (process.env['E2E_STORE'] !== 's3') return { SAFELIGHT_STORE: usual };
  return s3Settings(await sharedS3(), `${randomUUID()}/`);
}

/** A bucket over S3 for this process, of the real server where there is one. */
export async function sharedS3(): Promise<S3UnderTest> {
  if (process.env['SAFELIGHT_SOAK_S3_ENDPOINT'] === undefined) return sharedFake();
  // Loads the large S3 client, which the fake does not need.
  const { openRealS3 } = await import('../../../../packages/storage/test/real-s3.ts');
  return (real ??= openRealS3());
}

/** The fake of this process, which ends with it. */
export function sharedFake(): Promise<FakeS3> {
  return (fake ??= startFakeS3());
}

export function s3Settings(store: S3UnderTest, prefix: string): Readonly<Record<string, string>> {
  return {
    SAFELIGHT_STORE: 's3',
    SAFELIGHT_S3_BUCKET: store.bucket,
    SAFELIGHT_S3_ENDPOINT: store.endpoint,
    SAFELIGHT_S3_PREFIX: prefix,
    SAFELIGHT_S3_KEY_ID: store.accessKeyId,
    SAFELIGHT_S3_SECRET: store.secretAccessKey,
  };
}
