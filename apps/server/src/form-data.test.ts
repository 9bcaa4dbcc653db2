import { describe, expect, it } from 'vitest';
import { readUploadForm } from './form-data.ts';

const CONTENT_TYPE = 'multipart/form-data; boundary="b b"';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function collect(file: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks);
}

describe('readUploadForm', () => {
  // Everything that looks like a boundary and is none.
  const file = Buffer.from('\r\n--b \r\n--b b\r\r\n-\r\n--b c--b b--\r\n\r\n--b');
  const form = Buffer.concat([
    Buffer.from(
      'preamble\r\n--b b  \r\nContent-Disposition: form-data; name="key"\r\n\r\n图\r\n--b b\r\n' +
        'content-disposition: form-data; filename="a.png"; NAME=file\r\ncontent-type: image/png\r\n\r\n',
    ),
    Buffer.from('start'),
    file.subarray(0, -4),
    Buffer.from('\r\n--b b--\r\nepilogue'),
  ]);

  it.each([1, 2, 3, 5, 8, 64, 10_000])('reads it %i bytes at a time', async (size) => {
    const text = form.toString('latin1').replace('\r\n--b b\r\r\n', '\r\n--b_b\r\r\n');
    const bytes = Buffer.from(text, 'latin1');
    const read = await readUploadForm(CONTENT_TYPE, inPieces(bytes, size));
    expect(read.fields).toEqual([['key', '图']]);
    expect([read.fileName, read.contentType]).toEqual(['a.png', 'image/png']);
    const expected = text.slice(text.indexOf('start'), text.indexOf('\r\n--b b--'));
    expect((await collect(read.file)).toString('latin1')).toBe(expected);
  });

  it('says at the end of the file that the form was cut off', async () => {
    const cut = form.subarray(0, form.indexOf('start') + 5);
    const read = await readUploadForm(CONTENT_TYPE, inPieces(cut, 7));
    await expect(collect(read.file)).rejects.toMatchObject({ code: 'IncompleteBody' });
  });

  it('takes an empty file', async () => {
    const empty = Buffer.from(
      '--b b\r\nContent-Disposition: form-data; name=file\r\n\r\n\r\n--b b--',
    );
    const read = await readUploadForm(CONTENT_TYPE, inPieces(empty, 4));
    expect([read.fileName, (await collect(read.file)).length]).toEqual(['', 0]);
  });
});
