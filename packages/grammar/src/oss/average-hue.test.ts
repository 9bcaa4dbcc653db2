/**
 * `average-hue`: nothing beside its name, and its answer.
 * @module
 */

import { averageHue } from '@safelight/core';
import { describe, expect, it } from 'vitest';

import { accepts, refusalOf, refuses } from '../../test/cases.ts';
import { printAverageHue } from '../index.ts';

describe('average-hue', () => {
  accepts([
    ['average-hue', averageHue()],
    ['average-hue,', averageHue()],
  ]);
  refuses([
    ['average-hue,1', 203],
    ['average-hue,q_1', 203],
  ]);

  it.each([
    'image/average-hue/resize,w_1',
    'image/resize,w_1/average-hue',
    'image/info/average-hue',
  ])('stands alone: %s is refused', (text) => {
    const { reason, status, code, message } = refusalOf(text);
    const name = text.includes('info') ? 'info' : 'average-hue';
    expect({ reason, status, code, message }).toEqual({
      reason: 'not-combinable',
      status: 400,
      code: 'BadRequest',
      message: `${name} must be the only action.`,
    });
  });
});

describe('printAverageHue', () => {
  it.each([
    [{ red: 92, green: 120, blue: 59 }, '{"RGB": "0x5c783b"}'],
    [{ red: 0, green: 0, blue: 0 }, '{"RGB": "0x000000"}'],
    [{ red: 255, green: 10, blue: 0 }, '{"RGB": "0xff0a00"}'],
  ])('of %j is %s', (color, text) => {
    expect(printAverageHue(color)).toBe(text);
    expect(JSON.parse(text)).toHaveProperty('RGB');
  });
});
