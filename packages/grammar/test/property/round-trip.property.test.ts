/**
 * parse(print(chain)) = chain, for every chain in the ranges of its options that spells no default
 * out; and printing forgets spelled-out defaults, whatever the chain.
 * @module
 */

import type { Action, Chain, Color, Gravity, MarkStep } from '@safelight/core';
import { GRAVITIES } from '@safelight/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { printChain } from '../../src/index.ts';
import { chainOf } from '../cases.ts';

const MODES = ['cover', 'fill', 'pad', 'fixed'] as const;
const FORMATS = ['jpeg', 'png', 'webp', 'bmp', 'gif', 'tiff', 'heic', 'avif'] as const;

/** Any whole number of the range but the default. */
function except(min: number, max: number, fallback?: number): fc.Arbitrary<number> {
  return fc.integer({ min, max }).filter((value) => value !== fallback);
}

const channel = fc.integer({ min: 0, max: 255 });
const anyColor = fc.record({ red: channel, green: channel, blue: channel });
const colorBut = (level: number): fc.Arbitrary<Color> =>
  anyColor.filter(({ red, green, blue }) => red !== level || green !== level || blue !== level);
const gravityBut = (fallback: Gravity): fc.Arbitrary<Gravity> =>
  fc.constantFrom(...GRAVITIES.filter((gravity) => gravity !== fallback));

const content = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 16 })
  .filter((text) => new TextEncoder().encode(text).length <= 64);

const side = except(1, 16_384);
const optional: { requiredKeys: ['name'] } = { requiredKeys: ['name'] };

const resizes = fc
  .record(
    {
      name: fc.constant('resize' as const),
      mode: fc.constantFrom(...MODES),
      width: side,
      height: side,
      longSide: side,
      shortSide: side,
      percent: except(1, 1_000),
      enlarge: fc.constant(true),
      background: colorBut(255),
    },
    optional,
  )
  .filter(
    ({ width, height, longSide, shortSide, percent }) =>
      (width ?? height ?? longSide ?? shortSide ?? percent) !== undefined,
  );

const crops = fc.record(
  {
    name: fc.constant('crop' as const),
    left: except(1, 999_999_999),
    top: except(1, 999_999_999),
    width: side,
    height: side,
    gravity: gravityBut('northwest'),
    cornerRadius: except(1, 4_096),
  },
  optional,
);

const texts = fc.record(
  {
    content,
    font: fc.constantFrom('serif', 'kai'),
    color: colorBut(0),
    size: except(1, 1_000, 40),
    shadowPercent: except(1, 100),
    angleDeg: except(1, 360),
  },
  { requiredKeys: ['content'] },
);

/** Of the picture of a mark: what it may hold beside a key. */
const nested: fc.Arbitrary<MarkStep> = fc.oneof(
  fc.record({ name: fc.constant('resize' as const), mainPercent: except(1, 100) }),
  fc.record({ name: fc.constant('resize' as const), width: except(1, 16_384) }),
  fc.record({ name: fc.constant('rotate' as const), angleDeg: except(0, 360) }),
  fc.record({ name: fc.constant('rounded-corners' as const), radius: except(1, 4_096) }),
  fc.record({ name: fc.constant('crop' as const), width: except(1, 16_384) }),
  fc.record({ name: fc.constant('indexcrop' as const), stripWidth: except(1, 999) }),
);

const pictures = fc.record(
  {
    key: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    chain: fc.array(nested, { minLength: 1, maxLength: 4 }),
  },
  { requiredKeys: ['key'] },
);

const pictureMarks = fc.record(
  {
    name: fc.constant('watermark' as const),
    picture: pictures,
    opacityPercent: except(0, 99),
    tile: fc.constant(true),
  },
  { requiredKeys: ['name', 'picture'] },
);

const mixedMarks = fc.record(
  {
    name: fc.constant('watermark' as const),
    text: texts,
    picture: pictures,
    first: fc.constant('text' as const),
    align: fc.constantFrom('top' as const, 'middle' as const),
    interval: except(1, 1_000),
  },
  { requiredKeys: ['name', 'text', 'picture'] },
);

const watermarks = fc.record(
  {
    name: fc.constant('watermark' as const),
    text: texts,
    opacityPercent: except(0, 99),
    gravity: gravityBut('southeast'),
    distanceX: except(0, 4_096, 10),
    distanceY: except(0, 4_096, 10),
    middleOffset: except(-1_000, 1_000, 0),
    tile: fc.constant(true),
    tileGapX: except(1, 4_096),
    tileGapY: except(1, 4_096),
  },
  { requiredKeys: ['name', 'text'] },
);

const qualities = fc
  .record(
    {
      name: fc.constant('quality' as const),
      relativePercent: except(1, 100),
      ceilingPercent: except(1, 100),
    },
    optional,
  )
  .filter((one) => (one.relativePercent ?? one.ceilingPercent) !== undefined);

const strips = fc
  .record(
    {
      name: fc.constant('indexcrop' as const),
      stripWidth: except(1, 999_999_999),
      stripHeight: except(1, 999_999_999),
      index: except(1, 999_999_999),
    },
    optional,
  )
  .filter(({ stripWidth, stripHeight }) => (stripWidth ?? stripHeight) !== undefined);

const named = <const N extends string>(name: N): fc.Arbitrary<N> => fc.constant(name);

const actions: fc.Arbitrary<Action> = fc.oneof(
  resizes,
  crops,
  watermarks,
  pictureMarks,
  mixedMarks,
  qualities,
  strips,
  fc.record({ name: named('circle'), radius: except(1, 4_096) }),
  fc.record({ name: named('rounded-corners'), radius: except(1, 4_096) }),
  fc.record({ name: named('bright'), amount: except(-100, 100) }),
  fc.record({ name: named('contrast'), amountPercent: except(-100, 100) }),
  fc.record({ name: named('rotate'), angleDeg: except(0, 360) }),
  fc.record({ name: named('auto-orient'), enabled: fc.boolean() }),
  fc.record({
    name: named('flip'),
    axis: fc.constantFrom<['vertical', 'horizontal', 'both']>('vertical', 'horizontal', 'both'),
  }),
  fc.record({ name: named('sharpen'), amountPercent: except(50, 399) }),
  fc.record({ name: named('blur'), radius: except(1, 50), strength: except(1, 50) }),
  fc.record({ name: named('format'), format: fc.constantFrom(...FORMATS) }),
  fc.record({ name: named('interlace'), progressive: fc.boolean() }),
);

const chains: fc.Arbitrary<Chain> = fc.oneof(
  fc.array(actions, { minLength: 1, maxLength: 8 }),
  fc.constantFrom<Chain[]>([{ name: 'info' }], [{ name: 'average-hue' }]),
);

const DEFAULTS: Readonly<Record<string, object>> = {
  resize: { mode: 'fit', enlarge: false, background: { red: 255, green: 255, blue: 255 } },
  indexcrop: { index: 0 },
  crop: { left: 0, top: 0, width: 0, height: 0, gravity: 'northwest' },
  watermark: {
    opacityPercent: 100,
    gravity: 'southeast',
    distanceX: 10,
    distanceY: 10,
    middleOffset: 0,
    tile: false,
    tileGapX: 0,
    tileGapY: 0,
  },
};

describe('printing and parsing', () => {
  it('gives every chain back', () => {
    fc.assert(
      fc.property(chains, (chain) => {
        const longEnough = { limits: { maxChainChars: 100_000, maxSteps: 8 }, strict: true };
        expect(chainOf(printChain(chain), longEnough)).toEqual(chain);
      }),
      { numRuns: 1_000 },
    );
  });

  it('prints a chain with its defaults spelled out like the chain without', () => {
    fc.assert(
      fc.property(chains, (chain) => {
        const spelled = chain.map((action) => ({ ...DEFAULTS[action.name], ...action }) as Action);
        expect(printChain(spelled)).toBe(printChain(chain));
      }),
    );
  });
});
