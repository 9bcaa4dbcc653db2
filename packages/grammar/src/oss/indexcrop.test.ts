/**
 * Every key of `indexcrop`, at and beyond its edges. Numbers outside the range and what is no number
 * have ids of their own.
 * @module
 */

import { ImageError, indexCrop } from '@safelight/core';
import { describe, expect, it } from 'vitest';

import { accepts, chainOf, refusalOf, refuses } from '../../test/cases.ts';
import { describeOssError, printChain } from '../index.ts';

describe('indexcrop', () => {
  accepts([
    ['indexcrop,x_100,i_0', indexCrop({ stripWidth: 100 })],
    ['indexcrop,x_100', indexCrop({ stripWidth: 100 })],
    ['indexcrop,i_3,x_100', indexCrop({ stripWidth: 100, index: 3 })],
    ['indexcrop,y_100,i_10', indexCrop({ stripHeight: 100, index: 10 })],
    ['indexcrop,x_7,y_9,i_1', indexCrop({ stripWidth: 7, stripHeight: 9, index: 1 })],
    ['indexcrop,x_1', indexCrop({ stripWidth: 1 })],
    ['indexcrop,y_1', indexCrop({ stripHeight: 1 })],
    ['indexcrop,x_0100', indexCrop({ stripWidth: 100 })],
    ['indexcrop,x_999999999', indexCrop({ stripWidth: 999_999_999 })],
    ['indexcrop,y_999999999', indexCrop({ stripHeight: 999_999_999 })],
    ['indexcrop,x_1,i_999999999', indexCrop({ stripWidth: 1, index: 999_999_999 })],
    ['indexcrop,x_1,i_2,i_3', indexCrop({ stripWidth: 1, index: 3 })],
    ['indexcrop,x_1,i_-0', indexCrop({ stripWidth: 1 })],
  ]);
  refuses([
    ['indexcrop', 230],
    ['indexcrop,i_0', 230],
    ['indexcrop,100', 230],
    ['indexcrop,x_0', 230],
    ['indexcrop,x_0,i_0', 230],
    ['indexcrop,y_0,i_0', 230],
    ['indexcrop,x_-1', 230],
    ['indexcrop,y_-1', 230],
    ['indexcrop,x_1234567890', 230],
    ['indexcrop,x_0,y_100', 230],
    ['indexcrop,x_0,y_0', 230],
    ['indexcrop,x_abc,i_0', 223],
    ['indexcrop,x_', 223],
    ['indexcrop,x', 223],
    ['indexcrop,x_+5', 223],
    ['indexcrop,x_1.5', 223],
    ['indexcrop,x_100px', 223],
    ['indexcrop,x_--1', 223],
    ['indexcrop,x_１', 223],
    ['indexcrop,y_abc,i_0', 224],
    ['indexcrop,y_', 224],
    ['indexcrop,y_1.5', 224],
    ['indexcrop,x_100,y_abc', 224],
    ['indexcrop,x_100,i_abc', 229],
    ['indexcrop,x_100,i_-1', 229],
    ['indexcrop,x_100,i_', 229],
    ['indexcrop,x_100,i_1234567890', 229],
  ]);

  it('names value and letter', () => {
    expect(refusalOf('image/indexcrop,x_0,i_0').message).toBe(
      'The value: 0 of parameter: x is invalid.',
    );
    expect(refusalOf('image/indexcrop,x_100,i_abc').message).toBe(
      'The value: abc of parameter: i is invalid.',
    );
  });

  it('has the same ids for faults that the engine finds', () => {
    const fault = { action: 'indexcrop', parameter: 'stripHeight', value: '0' };
    const error = new ImageError('InvalidArgument', 'out-of-range', 'text', { fault });
    expect(describeOssError(error)).toMatchObject({
      message: 'The value: 0 of parameter: y is invalid.',
      ec: '0040-00000230',
    });
  });

  it('is printed without the first number', () => {
    expect(printChain(chainOf('image/indexcrop,i_0,y_100'))).toBe('image/indexcrop,y_100');
    expect(printChain([indexCrop({ stripWidth: 5, index: 0 })])).toBe('image/indexcrop,x_5');
  });
});
