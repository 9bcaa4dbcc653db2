/**
 * The real S3 server that the `SAFELIGHT_SOAK_S3_*` variables name, where they do: `pnpm soak:s3`
 * starts one. Every caller gets a bucket of its own.
 * @module
 */

import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

export interface RealS3 {
  readonly endpoint: string;
  /** Empty. */
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A new bucket of it. Throws for a variable that is missing. */
export async function openRealS3(): Promise<RealS3> {
  const endpoint = variable('ENDPOINT');
  const credentials = { accessKeyId: variable('KEY_ID'), secretAccessKey: variable('SECRET') };
  const bucket = `store-${randomUUID()}`;
  const client = new S3Client({ endpoint, credentials, forcePathStyle: true, region: 'us-east-1' });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
  return { endpoint, bucket, ...credentials };
}

function variable(name: string): string {
  const value = process.env[`SAFELIGHT_SOAK_S3_${name}`];
  if (value === undefined) throw new Error(`SAFELIGHT_SOAK_S3_${name}: expected a value, got none`);
  return value;
}
