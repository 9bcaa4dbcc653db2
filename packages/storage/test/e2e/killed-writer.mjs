/**
 * Writes into a store until it is killed: `killed-writer.mjs <built fs.js> <folder>`. Says on
 * stdout what it was told is stored, one line a write, so that a test can hold the store to it.
 * @module
 */

import { createHash } from 'node:crypto';

const [entry, folder] = process.argv.slice(2);
const { openFsDriver } = await import(entry);
const driver = await openFsDriver({ folder });
if ((await driver.getBucket('pictures')) === undefined) await driver.createBucket('pictures');

/** Several writers, so that a kill hits puts in every stage. */
await Promise.all([0, 1, 2].map(write));

async function write(writer) {
  for (let round = 0; ; round++) {
    const key = `k${writer}`;
    const body = Buffer.alloc(
      1 + ((round * 37_911) % 200_000),
      `${process.pid} ${writer} ${round} `,
    );
    await driver.putObject('pictures', key, pieces(body));
    const md5 = createHash('md5').update(body).digest('hex').toUpperCase();
    process.stdout.write(`${key} ${md5}\n`);
    await uploadInParts(`m${writer}`, body);
    process.stdout.write(`m${writer} ${md5}\n`);
    await driver.putStyle('pictures', `style${writer}`, `image/resize,w_${round + 1}`);
  }
}

async function* pieces(body) {
  for (let at = 0; at < body.length; at += 16_384) yield body.subarray(at, at + 16_384);
}

async function uploadInParts(key, body) {
  const { uploadId } = await driver.createUpload('pictures', key);
  const upload = { bucket: 'pictures', key, uploadId };
  const half = Math.floor(body.length / 2);
  const parts = [body.subarray(0, half), body.subarray(half)];
  const stored = await Promise.all(
    parts.map((part, index) => driver.putPart(upload, index + 1, pieces(part))),
  );
  await driver.completeUpload(upload, stored);
}
