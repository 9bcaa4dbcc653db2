/**
 * A range of an open file as a stream, read as it is asked for, or as a whole. The file may be unlinked meanwhile:
 * the handle keeps its bytes. Whoever takes the stream must end or cancel it, or the handle leaks.
 * @module
 */

import type { FileHandle } from 'node:fs/promises';

import type { ByteRange, StoredObject } from '../driver.ts';
import { StorageError } from '../errors.ts';

/** Bytes asked of the disk at once: large enough that the hop to the thread pool is not felt. */
const CHUNK_BYTES = 256 * 1024;

/** Owns `handle` from now on. */
export function bodyOfFile(
  handle: FileHandle,
  range: ByteRange,
): Required<Pick<StoredObject, 'body' | 'fill'>> {
  return {
    body: streamFile(handle, range),
    fill: (target) => fillFromFile(handle, range.offset, target),
  };
}

export function streamFile(handle: FileHandle, range: ByteRange): ReadableStream<Uint8Array> {
  const end = range.offset + range.length;
  let at = range.offset;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller): Promise<void> {
        if (at >= end) {
          await handle.close();
          controller.close();
          return;
        }
        try {
          const chunk = await readChunk(handle, at, Math.min(CHUNK_BYTES, end - at));
          at += chunk.byteLength;
          controller.enqueue(chunk);
        } catch (error) {
          await handle.close();
          throw error;
        }
        if (at < end) return;
        await handle.close();
        controller.close();
      },
      async cancel(): Promise<void> {
        await handle.close();
      },
    },
    // Nothing is read before it is asked for.
    { highWaterMark: 0 },
  );
}

async function fillFromFile(handle: FileHandle, offset: number, target: Uint8Array): Promise<void> {
  try {
    for (let filled = 0; filled < target.byteLength;) {
      const rest = target.subarray(filled);
      const { bytesRead } = await handle.read(rest, 0, rest.byteLength, offset + filled);
      if (bytesRead === 0) throw cutShort(offset + filled);
      filled += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

async function readChunk(handle: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const { bytesRead, buffer } = await handle.read(new Uint8Array(length), 0, length, at);
  if (bytesRead > 0) return buffer.subarray(0, bytesRead);
  throw cutShort(at);
}

function cutShort(at: number): StorageError {
  return new StorageError('StoreDamaged', `data file: expected a byte at ${at}, got the end`);
}
