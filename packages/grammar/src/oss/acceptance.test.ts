/**
 * Vectors of the service's error pages, and texts from its documentation that must be read.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { chainOf, refusalOf } from '../../test/cases.ts';
import { printChain } from '../index.ts';

const HELLO = 'image/watermark,text_SGVsbG8gV29ybGQ';

const REFUSED: readonly (readonly [string, number])[] = [
  ['image/resize', 322],
  ['image/resize,w_0', 312],
  ['image/resize,w_0,h_0', 321],
  ['image/resize,w_abc', 312],
  ['image/resize,w_16385', 312],
  ['image/resize,w_99999999', 312],
  ['image/resize,w_100,m_abc', 311],
  ['image/resize,w_100,limit_3', 319],
  ['image/resize,p_0', 317],
  ['image/resize,s_0', 315],
  ['image/resize,w_100,m_pad,color_AABBCCDD', 318],
  ['image/crop,x_100,y_50,w_-1,h_100', 225],
  ['image/crop,w_500,h_500,g_fac', 209],
  ['image/indexcrop,x_0,i_0', 230],
  ['image/indexcrop,y_abc,i_0', 224],
  ['image/indexcrop,x_100,i_abc', 229],
  ['image/rotate,400', 217],
  ['image/rotate,a_90', 217],
  ['image/rotate,90,200,300', 203],
  ['image/rotate', 216],
  ['image/auto-orient,10', 215],
  ['image/auto-orient,abc', 215],
  ['image/format,f_png', 206],
  ['image/quality,200', 310],
  ['image/watermark', 278],
  ['image/watermark,text', 258],
  ['image/watermark,text_notbase64', 257],
  [`${HELLO},size_2000`, 256],
  [`${HELLO},t_200`, 263],
  [`${HELLO},voffset_2000`, 268],
  [`${HELLO},fill_2`, 274],
  [`${HELLO},order_2`, 269],
  [`${HELLO},interval_2000`, 270],
  [`${HELLO},type_bm90c3VwcG9ydAo`, 251],
  ['image/', 212],
  ['image/slim,1', 213],
];

const READ: readonly string[] = [
  'image/resize,m_fixed,w_100,h_100',
  'image/crop,w_100,h_100,x_100,y_100,r_1',
  'image/rotate,90',
  'image/sharpen,100',
  'image/watermark,text_SGVsbG8g5Zu-54mH5pyN5YqhIQ',
  'image/format,png',
  'image/info',
  'image/average-hue',
  'image/indexcrop,x_100,i_0',
  'image/indexcrop,y_100,i_10',
  'image/circle,r_100',
  'image/resize,w_100/circle,r_50/format,png',
  'image/rounded-corners,r_30',
  'image/crop,w_100,h_100/rounded-corners,r_10/format,png',
  'image/bright,50',
  'image/resize,w_100/contrast,50',
  'image/contrast,-50',
  'image/resize,m_fixed,w_100,h_100/rotate,90',
  'image/auto-orient,1/resize,m_lfit,w_200/quality,q_90',
  'image/resize,m_fill,w_750,h_500,limit_0/sharpen,100/format,webp',
  'image/crop,w_100,h_100/rotate,90/blur,r_3,s_2',
  'image/interlace,1/format,jpg',
  'image/resize,m_fixed,w_5000,h_5000',
  'image/resize,w_300,h_300/watermark,type_d3F5LXplbmhlaQ,size_30,text_SGVsbG8gV29ybGQ,color_FFFFFF,shadow_50,t_100,g_se,x_10,y_10',
  'image/auto-orient,0/resize,m_lfit,h_2000,w_2000,limit_1/rotate,90',
  'image/crop,x_500',
];

describe('documented texts', () => {
  it.each(REFUSED)('%s is refused with EC %i', (text, ec) => {
    const refusal = refusalOf(text);
    expect(refusal.status).toBe(400);
    expect(refusal.ec).toBe(`0040-00000${ec}`);
  });

  it.each(READ)('%s is read, printed and read again', (text) => {
    const chain = chainOf(text);
    expect(chain).toHaveLength(text.split('/').length - 1);
    expect(chainOf(printChain(chain))).toEqual(chain);
  });
});
