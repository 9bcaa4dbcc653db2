/**
 * The real S3 server that the `SAFELIGHT_SOAK_S3_*` variables name, where they do: `pnpm soak:s3`
 * starts one. Every caller gets a bucket of its own.
 * @module
 */

import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';

import type { OpenUpload } from './fake-s3.ts';

export interface RealS3 {
  readonly endpoint: string;
  /** Empty. */
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of all objects. */
  names(): Promise<string[]>;
  /** Of uploads that were begun and not ended; at most a thousand. */
  openUploads(): Promise<OpenUpload[]>;
}

/** A new bucket of it. Throws for a variable that is missing. */
export async function openRealS3(): Promise<RealS3> {
  const endpoint = variable('ENDPOINT');
  const credentials = { accessKeyId: variable('KEY_ID'), secretAccessKey: variable('SECRET') };
  const bucket = `store-${randomUUID()}`;
  const client = new S3Client({ endpoint, credentials, forcePathStyle: true, region: 'us-east-1' });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    endpoint,
    bucket,
    ...credentials,
    async names() {
      const names: string[] = [];
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket })) {
        names.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
      }
      return names;
    },
    async openUploads() {
      const { Uploads = [] } = await client.send(
        new ListMultipartUploadsCommand({ Bucket: bucket }),
      );
      return Promise.all(
        Uploads.map(async ({ Key = '', UploadId }) => {
          const place = { Bucket: bucket, Key, UploadId };
          const { Parts = [] } = await client.send(new ListPartsCommand(place));
          return { name: Key, size: Parts.reduce((sum, { Size = 0 }) => sum + Size, 0) };
        }),
      );
    },
  };
}

function variable(name: string): string {
  const value = process.env[`SAFELIGHT_SOAK_S3_${name}`];
  if (value === undefined) throw new Error(`SAFELIGHT_SOAK_S3_${name}: expected a value, got none`);
  return value;
}
