/**
 * The driver suite over a real S3 server; `pnpm soak:s3` starts one.
 * @module
 */

import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';

import { openS3Driver } from '../../src/s3.ts';
import { describeDriver } from '../driver-suite.ts';
import { openRealS3, type RealS3 } from '../real-s3.ts';

let store: RealS3;

beforeAll(async () => {
  store = await openRealS3();
});

it('is opened without a problem: conditional writes work', async () => {
  const problems: Error[] = [];
  const driver = await openS3Driver({ ...store, onProblem: (problem) => problems.push(problem) });
  await driver.close();
  expect(problems).toEqual([]);
});

describeDriver('s3', async (now) =>
  openS3Driver({ ...store, prefix: `${randomUUID()}/`, freshMs: 0, now }),
);
