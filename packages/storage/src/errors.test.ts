/**
 * Recognising a StorageError by its brand.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { isStorageError, StorageError } from './errors.ts';

describe('StorageError', () => {
  it('is recognised by its brand, also from another copy of the package', () => {
    const foreign = { [Symbol.for('safelight.StorageError')]: true, code: 'NoSuchKey' };
    expect(isStorageError(new StorageError('NoSuchKey', 'text'))).toBe(true);
    expect(isStorageError(foreign)).toBe(true);
  });

  it('is not taken from a look-alike', () => {
    for (const other of [new Error('x'), { code: 'NoSuchKey' }, null, undefined, 'NoSuchKey']) {
      expect(isStorageError(other)).toBe(false);
    }
  });

  it('keeps code and cause', () => {
    const cause = new Error('disk');
    const error = new StorageError('StoreUnavailable', 'text', { cause });
    expect(error).toMatchObject({ name: 'StorageError', code: 'StoreUnavailable', cause });
  });
});
