/**
 * A form is read alike however it is cut into chunks, and whatever it holds: the file comes out byte
 * for byte, or the form is refused by one of three codes.
 * @module
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUploadForm } from '../../src/form-data.ts';
import { isServiceError } from '../../src/service-error.ts';

const TYPE = 'multipart/form-data; boundary=b';

/** Bytes that a boundary is made of, mostly. */
const tricky = fc
  .array(fc.constantFrom(13, 10, 45, 98, 0, 255), { maxLength: 200 })
  .map((bytes) => Uint8Array.from(bytes));

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });

async function* cut(bytes: Uint8Array, pieces: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = pieces[i % pieces.length] ?? 1;
    yield bytes.slice(at, at + size);
    at += size;
  }
}

async function readFile(bytes: Uint8Array, pieces: readonly number[]): Promise<Buffer> {
  const form = await readUploadForm(TYPE, cut(bytes, pieces));
  const chunks: Uint8Array[] = [];
  for await (const chunk of form.file) chunks.push(chunk.slice());
  return Buffer.concat(chunks);
}

function printForm(file: Uint8Array): Buffer {
  const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n';
  return Buffer.concat([Buffer.from(head), file, Buffer.from('\r\n--b--\r\n')]);
}

describe('a form', () => {
  it('gives its file back byte for byte, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(tricky, sizes, async (file, pieces) => {
        fc.pre(!Buffer.from(file).includes('\r\n--b'));
        const read = await readFile(printForm(file), pieces);
        expect(read.equals(Buffer.from(file))).toBe(true);
      }),
    );
  });

  it('is refused by a code of ours when it is cut off or is no form', async () => {
    const whole = printForm(Buffer.from('file'));
    const cutOff = fc.integer({ min: 0, max: whole.length }).map((end) => whole.subarray(0, end));
    await fc.assert(
      fc.asyncProperty(fc.oneof(tricky, cutOff), sizes, async (bytes, pieces) => {
        const outcome = await readFile(bytes, pieces).catch((error: unknown) => error);
        if (Buffer.isBuffer(outcome)) return;
        expect(isServiceError(outcome) && outcome.status).toBe(400);
      }),
    );
  });
});
