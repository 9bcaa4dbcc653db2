/**
 * The driver suite over a real S3 server, named by `SAFELIGHT_SOAK_S3_*`; `pnpm soak:s3` starts one.
 * @module
 */

import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, expect, it } from 'vitest';

import { openS3Driver } from '../../src/s3.ts';
import { describeDriver } from '../driver-suite.ts';

const endpoint = setting('ENDPOINT');
const credentials = { accessKeyId: setting('KEY_ID'), secretAccessKey: setting('SECRET') };
const bucket = `store-${randomUUID()}`;

beforeAll(async () => {
  const client = new S3Client({ endpoint, credentials, forcePathStyle: true, region: 'us-east-1' });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
});

it('is opened without a problem: conditional writes work', async () => {
  const problems: Error[] = [];
  const driver = await openS3Driver({
    ...credentials,
    bucket,
    endpoint,
    onProblem: (problem) => problems.push(problem),
  });
  await driver.close();
  expect(problems).toEqual([]);
});

describeDriver('s3', async (now) =>
  openS3Driver({
    ...credentials,
    bucket,
    endpoint,
    prefix: `${randomUUID()}/`,
    freshMs: 0,
    now,
  }),
);

function setting(name: string): string {
  const value = process.env[`SAFELIGHT_SOAK_S3_${name}`];
  if (value === undefined) throw new Error(`SAFELIGHT_SOAK_S3_${name}: expected a value, got none`);
  return value;
}
