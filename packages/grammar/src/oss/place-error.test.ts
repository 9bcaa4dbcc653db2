/**
 * An error of the engine points at the token that the caller wrote.
 * @module
 */

import { ImageError, type ImageFault, OSS_LIMITS } from '@safelight/core';
import { describe, expect, it } from 'vitest';

import { parseProcess } from './parse.ts';
import { placeError } from './place-error.ts';

function placed(text: string, fault: ImageFault | undefined, at?: number): ImageError {
  const parsed = parseProcess(text, { limits: OSS_LIMITS });
  if (parsed.kind !== 'image') throw new Error('expected a chain');
  const error = new ImageError('InvalidArgument', 'position-outside', 'message', {
    publicMessage: 'public',
    cause: 'the cause',
    ...(fault === undefined ? {} : { fault }),
    ...(at === undefined ? {} : { at }),
  });
  return placeError(error, parsed.steps);
}

describe('placeError', () => {
  it.each<[string, ImageFault, string, string | undefined]>([
    ['image/rotate,90/crop,x_500', { step: 1, action: 'crop', parameter: 'left' }, 'x_500', 'x'],
    ['image/crop,x_1,x_5', { step: 0, action: 'crop', parameter: 'left' }, 'x_5', 'x'],
    ['image/crop,g_se', { step: 0, action: 'crop', parameter: 'top' }, 'crop', 'y'],
    ['image/rotate,90', { step: 0, action: 'rotate', parameter: 'angleDeg' }, '90', 'rotate'],
    ['image/resize,w_9/rotate,90', { step: 1, action: 'rotate', value: '9x9' }, '90', undefined],
    ['image/resize,w_9', { step: 0, action: 'resize', value: '9x9' }, 'resize', undefined],
  ])('finds the place in %s of %j', (text, fault, token, letter) => {
    const error = placed(text, fault);
    expect(text.slice(error.at).startsWith(token)).toBe(true);
    expect(error.at).toBe(text.lastIndexOf(token));
    expect(error.fault?.parameter).toBe(letter);
    expect([error.message, error.publicMessage, error.cause]).toEqual([
      'message',
      'public',
      'the cause',
    ]);
  });

  it.each<[ImageFault | undefined]>([
    [undefined],
    [{ action: 'format', value: 'webp' }],
    [{ parameter: 'jpeg', value: '30001x10' }],
    [{ step: 7, action: 'resize' }],
    // The orientation of the source, applied unasked before a chain that does not name it.
    [{ step: 0, action: 'auto-orient', value: '5000x5000' }],
  ])('leaves %j without a place', (fault) => {
    expect(placed('image/resize,w_9', fault).at).toBeUndefined();
  });

  it('keeps the place that the parser found', () => {
    expect(placed('image/resize,w_9', { step: 0, action: 'resize' }, 13).at).toBe(13);
  });
});
