/**
 * The web platform's compression streams as a deflater: browsers and Workers. Stricter than zlib,
 * they refuse bytes behind the end of a stream; they do not tell a cut stream from a damaged one, and
 * they have one level, of their own choice.
 * @module
 */

import { crc32 } from '../crc32.ts';
import { type Deflater, InflateError } from './deflater.ts';

export const webDeflater: Deflater = { inflate, deflate, crc32 };

async function inflate(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const stream = new DecompressionStream('deflate');
  const wrote = write(stream.writable, bytes);
  const result = new Uint8Array(maxBytes);
  let length = 0;
  const reader = stream.readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (length + value.length > maxBytes) throw new InflateError('too-long');
      result.set(value, length);
      length += value.length;
    }
    await wrote;
  } catch (error) {
    await reader.cancel(error).catch(() => undefined);
    if (error instanceof InflateError) throw error;
    // The same TypeError for streams that are cut and streams that are wrong.
    throw new InflateError('damaged', error);
  }
  return result.subarray(0, length);
}

async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new CompressionStream('deflate');
  const [result] = await Promise.all([
    new Response(stream.readable).arrayBuffer(),
    write(stream.writable, bytes),
  ]);
  return new Uint8Array(result);
}

/** Writes everything. Its failure is the reader's too, so it is never left unheard. */
function write(
  writable: WritableStream<Uint8Array<ArrayBuffer>>,
  bytes: Uint8Array,
): Promise<unknown> {
  const writer = writable.getWriter();
  // Streams take no views of shared memory, which an arena's may be.
  const wrote = Promise.all([writer.write(new Uint8Array(bytes)), writer.close()]);
  wrote.catch(() => undefined);
  return wrote;
}
