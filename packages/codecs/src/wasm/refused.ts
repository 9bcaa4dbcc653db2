/**
 * What a guest's failure means to whoever sent the picture. A codec's own words never go further than
 * the `cause` of an error.
 * @module
 */

import { ImageError, type ImageFormat } from '@safelight/core';
import { settle } from '../deflate/deflater.ts';
import { damaged } from '../refusal.ts';
import { GuestError } from './guest.ts';

/** As people write them. */
const NAMES: Readonly<Partial<Record<ImageFormat, string>>> = {
  webp: 'WebP',
  avif: 'AVIF',
  heic: 'HEIC',
};

/** Goes on with what a guest decodes; its failure, now or later, is damage of the file. */
export function decoded<T, U>(
  format: ImageFormat,
  run: () => T | Promise<T>,
  next: (value: T) => U,
): U | Promise<U> {
  return guarded(run, next, (error) =>
    error.failure === 'failed'
      ? damaged(format, 'the pixels cannot be decoded', error)
      : refusal(format, 'decoder', error),
  );
}

/** What a guest encodes. A failure that is not about memory is a bug: our input is always right. */
export function encoded<T, U>(
  format: ImageFormat,
  run: () => T | Promise<T>,
  next: (value: T) => U,
): U | Promise<U> {
  return guarded(run, next, (error) =>
    error.failure === 'failed'
      ? new ImageError('Internal', 'bug', `${format}: the encoder failed`, { cause: error })
      : refusal(format, 'encoder', error),
  );
}

function guarded<T, U>(
  run: () => T | Promise<T>,
  next: (value: T) => U,
  translate: (error: GuestError) => ImageError,
): U | Promise<U> {
  const rethrow = (error: unknown): never => {
    throw error instanceof GuestError ? translate(error) : error;
  };
  let value: T | Promise<T>;
  try {
    value = run();
  } catch (error) {
    return rethrow(error);
  }
  return settle(value instanceof Promise ? value.catch(rethrow) : value, next);
}

function refusal(format: ImageFormat, part: string, error: GuestError): ImageError {
  if (error.failure === 'absent') {
    return new ImageError(
      'UnsupportedFormat',
      'unsupported-kind',
      `${format}: expected a ${part} that can be loaded, got none`,
      {
        publicMessage: `This image format is not supported: ${NAMES[format] ?? format}.`,
        cause: error,
      },
    );
  }
  return new ImageError(
    'LimitExceeded',
    'too-much-memory',
    `${format} ${part}: expected to need no more memory than predicted`,
    { publicMessage: 'The picture needs more memory than one render may use.', cause: error },
  );
}
