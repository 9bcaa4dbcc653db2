/**
 * The caret stands under the token at fault.
 * @module
 */

import { ImageError } from '@safelight/core';
import { expect, it } from 'vitest';
import { pointAt } from './fault-pointer.ts';

const CHAIN = 'image/resize,w_100/rotate,400';

it('underlines the token at the error place', () => {
  const error = new ImageError('InvalidArgument', 'out-of-range', 'rotate: too far', {
    at: CHAIN.indexOf('400'),
  });
  expect(pointAt(CHAIN, error)).toBe(
    'image/resize,w_100/rotate,400\n                          ^^^\nrotate: too far',
  );
});

it('marks the end of the text when something is missing there', () => {
  const error = new ImageError('InvalidArgument', 'missing-argument', 'missing', {
    at: CHAIN.length,
  });
  expect(pointAt(CHAIN, error).split('\n')[1]).toBe(`${' '.repeat(CHAIN.length)}^`);
});

it('gives the message alone when the fault has no place', () => {
  expect(pointAt(CHAIN, new ImageError('BadImage', 'damaged', 'broken'))).toBe('broken');
});
