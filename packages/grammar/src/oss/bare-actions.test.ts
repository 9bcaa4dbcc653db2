/**
 * The actions with one bare value: rotate, auto-orient, flip, bright, contrast, sharpen, format,
 * interlace.
 * @module
 */

import {
  autoOrient,
  bright,
  contrast,
  flip,
  format,
  interlace,
  rotate,
  sharpen,
} from '@safelight/core';
import { describe, expect, it } from 'vitest';

import { accepts, chainOf, integerEdges, refusalOf, refuses } from '../../test/cases.ts';
import { printChain } from '../index.ts';

describe('rotate', () => {
  accepts([
    ['rotate,90', rotate({ angleDeg: 90 })],
    ['rotate,0', rotate({ angleDeg: 0 })],
    ['rotate,360,', rotate({ angleDeg: 360 })],
  ]);
  integerEdges('rotate,', 0, 360, 217);
  refuses([
    ['rotate', 216],
    ['rotate,', 216],
    ['rotate,400', 217],
    ['rotate,-90', 217],
    ['rotate,a_90', 217],
    ['rotate,90_', 217],
    ['rotate,_90', 217],
    ['rotate,90,200,300', 203],
    ['rotate,90,90', 203],
    ['rotate,a_90,1', 203],
  ]);
});

describe('auto-orient', () => {
  accepts([
    ['auto-orient,0', autoOrient({ enabled: false })],
    ['auto-orient,1', autoOrient({ enabled: true })],
  ]);
  integerEdges('auto-orient,', 0, 1, 215);
  refuses([
    ['auto-orient', 214],
    ['auto-orient,10', 215],
    ['auto-orient,abc', 215],
    ['auto-orient,a_1', 215],
    ['auto-orient,1,1', 203],
  ]);
});

describe('flip', () => {
  accepts([
    ['flip,0', flip({ axis: 'vertical' })],
    ['flip,1', flip({ axis: 'horizontal' })],
    ['flip,2', flip({ axis: 'both' })],
  ]);
  refuses([
    ['flip', undefined],
    ['flip,3', undefined],
    ['flip,-1', undefined],
    ['flip,horizontal', undefined],
    ['flip,d_1', undefined],
    ['flip,0,1', 203],
  ]);
});

describe('bright', () => {
  accepts([
    ['bright,50', bright({ amount: 50 })],
    ['bright,0', bright({ amount: 0 })],
    ['bright,-0', bright({ amount: 0 })],
    ['bright,-100', bright({ amount: -100 })],
  ]);
  integerEdges('bright,', -100, 100, 246);
  refuses([
    ['bright', 245],
    ['bright,', 245],
    ['bright,101', 246],
    ['bright,-101', 246],
    ['bright,b_50', 246],
    ['bright,50,10', 203],
  ]);
});

describe('contrast', () => {
  accepts([
    ['contrast,-50', contrast({ amountPercent: -50 })],
    ['contrast,0', contrast({ amountPercent: 0 })],
    ['contrast,100', contrast({ amountPercent: 100 })],
  ]);
  integerEdges('contrast,', -100, 100, 248);
  refuses([
    ['contrast', 247],
    ['contrast,', 247],
    ['contrast,101', 248],
    ['contrast,-101', 248],
    ['contrast,c_50', 248],
    ['contrast,50,10', 203],
  ]);
});

describe('sharpen', () => {
  accepts([
    ['sharpen,50', sharpen({ amountPercent: 50 })],
    ['sharpen,399', sharpen({ amountPercent: 399 })],
  ]);
  integerEdges('sharpen,', 50, 399, 280);
  refuses([
    ['sharpen', 279],
    ['sharpen,abc', 280],
    ['sharpen,s_100', 280],
    ['sharpen,100,200', 203],
  ]);
});

describe('format', () => {
  accepts([
    ['format,jpg', format({ format: 'jpeg' })],
    ['format,jpeg', format({ format: 'jpeg' })],
    ['format,png', format({ format: 'png' })],
    ['format,webp', format({ format: 'webp' })],
    ['format,bmp', format({ format: 'bmp' })],
    ['format,gif', format({ format: 'gif' })],
    ['format,tiff', format({ format: 'tiff' })],
    ['format,heic', format({ format: 'heic' })],
    ['format,avif', format({ format: 'avif' })],
  ]);
  refuses([
    ['format', 207],
    ['format,JPG', 206],
    ['format,svg', 206],
    ['format,constructor', 206],
    ['format,f_png', 206],
    ['format,jpg,png', 203],
  ]);

  it('names the key twice when one was given, as the service does', () => {
    expect(refusalOf('image/format,f_png').message).toBe(
      'The value: f of parameter: f is invalid.',
    );
    expect(refusalOf('image/format,svg').message).toBe(
      'The value: svg of parameter: f is invalid.',
    );
    expect(refusalOf('image/rotate,400').message).toBe(
      'The value: 400 of parameter: rotate is invalid.',
    );
  });

  it('prints the alias by its usual word', () => {
    expect(printChain(chainOf('image/format,jpeg'))).toBe('image/format,jpg');
  });
});

describe('interlace', () => {
  accepts([
    ['interlace,0', interlace({ progressive: false })],
    ['interlace,1', interlace({ progressive: true })],
  ]);
  integerEdges('interlace,', 0, 1, 282);
  refuses([
    ['interlace', 281],
    ['interlace,2', 282],
    ['interlace,i_1', 282],
    ['interlace,1,0', 203],
  ]);
});
