/**
 * Sizes, limits and errors of plans, row by row of the specification's tables; no pixel is touched.
 * @module
 */

import { describe, expect, it } from 'vitest';
import type { Action, Chain } from './action.ts';
import { autoOrient } from './actions/auto-orient.ts';
import { crop } from './actions/crop.ts';
import { format } from './actions/format.ts';
import { info } from './actions/info.ts';
import { interlace } from './actions/interlace.ts';
import { quality } from './actions/quality.ts';
import { resize } from './actions/resize.ts';
import { rotate } from './actions/rotate.ts';
import { sharpen } from './actions/sharpen.ts';
import { watermark } from './actions/watermark.ts';
import type { ImageHeader } from './codec.ts';
import { type ImageError, isImageError } from './errors.ts';
import { OSS_LIMITS } from './limits.ts';
import { headerOf, PLANNING, planOf } from '../test/planning.ts';
import { planChain } from './plan.ts';

function sizeOf(width: number, height: number, ...chain: Action[]): string {
  const plan = planOf(headerOf(width, height), chain);
  return `${plan.width}x${plan.height}`;
}

function errorOf(header: ImageHeader, ...chain: Action[]): ImageError {
  try {
    planChain(header, chain, PLANNING);
  } catch (error) {
    if (isImageError(error)) return error;
    throw error;
  }
  throw new Error('expected an error');
}

function mark(content: string, more = {}) {
  return watermark({ text: { content, ...more } });
}

describe('resize', () => {
  const box = { width: 150, height: 80 };
  it.each([
    ['fit', '150x75'],
    ['cover', '160x80'],
    ['fill', '150x80'],
    ['pad', '150x80'],
    ['fixed', '150x80'],
  ] as const)('%s of 200x100 in 150x80 is %s', (mode, expected) => {
    expect(sizeOf(200, 100, resize({ mode, ...box }))).toBe(expected);
  });

  it.each([
    ['fit', '178x100'],
    ['cover', '178x100'],
    ['fixed', '178x100'],
    ['pad', '100x100'],
    ['fill', '100x100'],
  ] as const)('%s of 256x144 to a height of 100 is %s', (mode, expected) => {
    expect(sizeOf(256, 144, resize({ mode, height: 100 }))).toBe(expected);
  });

  it.each([
    [{ percent: 50 }, '1250x938'],
    [{ percent: 120 }, '3000x2250'],
    [{ width: 200 }, '200x150'],
    [{ height: 100 }, '133x100'],
    [{ height: 2000, enlarge: true }, '2667x2000'],
    [{ width: 3000, enlarge: true }, '3000x2250'],
    [{ longSide: 200 }, '200x150'],
    [{ shortSide: 200 }, '267x200'],
  ])('2500x1875 by %j is %s', (options, expected) => {
    expect(sizeOf(2500, 1875, resize(options))).toBe(expected);
  });

  it.each([
    [{ width: 200 }, '200x134'],
    [{ width: 100, height: 100 }, '100x67'],
    [{ width: 100, percent: 50 }, '100x67'],
    [{ width: 200, longSide: 100 }, '200x134'],
    [{ longSide: 100 }, '100x67'],
    [{ shortSide: 100 }, '150x100'],
    [{ longSide: 100, shortSide: 100 }, '100x67'],
    [{ longSide: 100, percent: 50 }, '100x67'],
    [{ width: 800 }, '400x267'],
    [{ width: 800, enlarge: true }, '800x534'],
    [{ percent: 200 }, '800x534'],
    [{ mode: 'pad', width: 100 }, '100x100'],
    [{ mode: 'fixed', width: 100 }, '100x67'],
    [{ mode: 'fill', width: 500, height: 100 }, '400x267'],
    [{ mode: 'fill', width: 500, height: 100, enlarge: true }, '500x100'],
    [{ mode: 'pad', width: 500, height: 100 }, '500x100'],
    [{ mode: 'pad', width: 500, height: 300 }, '400x267'],
    [{ mode: 'pad', width: 500, height: 300, enlarge: true }, '500x300'],
    [{ mode: 'fixed', width: 500, height: 100 }, '400x267'],
    [{ mode: 'fixed', width: 500, height: 100, enlarge: true }, '500x100'],
    [{ mode: 'cover', width: 500, height: 100 }, '400x267'],
    [{ mode: 'fit', width: 500, height: 100 }, '150x100'],
    [{ percent: 1, enlarge: false }, '4x3'],
  ] as const)('400x267 by %j is %s', (options, expected) => {
    expect(sizeOf(400, 267, resize(options))).toBe(expected);
  });

  it('makes no side shorter than one pixel', () => {
    expect(sizeOf(3000, 2, resize({ width: 3 }))).toBe('3x1');
    expect(sizeOf(10, 10, resize({ percent: 1 }))).toBe('1x1');
  });

  it('turns long and short side with the picture', () => {
    expect(sizeOf(267, 400, resize({ longSide: 200, shortSide: 80 }))).toBe('80x120');
    expect(sizeOf(267, 400, resize({ longSide: 100 }))).toBe('67x100');
    expect(sizeOf(267, 400, resize({ shortSide: 100 }))).toBe('100x150');
    expect(sizeOf(300, 300, resize({ shortSide: 100 }))).toBe('100x100');
  });

  it('refuses targets that are too large, whatever the source', () => {
    const options = { mode: 'fixed', width: 5000, height: 5000 } as const;
    for (const enlarge of [false, true]) {
      const error = errorOf(headerOf(400, 267), resize({ ...options, enlarge }));
      expect([error.code, error.reason]).toEqual(['LimitExceeded', 'output-too-large']);
      expect(error.fault).toMatchObject({ step: 0, action: 'resize', value: '5000x5000' });
    }
  });

  it('returns what would grow too large unchanged, where it may not grow', () => {
    expect(sizeOf(1, 1000, resize({ width: 320 }))).toBe('1x1000');
    const error = errorOf(headerOf(1, 1000), resize({ width: 320, enlarge: true }));
    expect(error.reason).toBe('output-too-large');
  });

  it.each([
    [{}, 'missing-argument', 'width'],
    [{ mode: 'fit' }, 'missing-argument', 'width'],
    [{ width: 0 }, 'out-of-range', 'width'],
    [{ width: 16_385 }, 'out-of-range', 'width'],
    [{ height: 1.5 }, 'out-of-range', 'height'],
    [{ shortSide: 0 }, 'out-of-range', 'shortSide'],
    [{ percent: 1001 }, 'out-of-range', 'percent'],
    [{ width: 1, background: { red: 256, green: 0, blue: 0 } }, 'out-of-range', 'background.red'],
  ] as const)('refuses %j as %s of %s', (options, reason, parameter) => {
    const error = errorOf(headerOf(400, 267), sharpen({ amountPercent: 100 }), resize(options));
    expect([error.code, error.reason]).toEqual(['InvalidArgument', reason]);
    expect(error.fault).toMatchObject({ step: 1, action: 'resize', parameter });
  });
});

describe('crop', () => {
  it.each([
    [
      { left: 100, top: 50 },
      { left: 100, top: 50, width: 300, height: 217 },
    ],
    [
      { width: 200, height: 200, gravity: 'southeast' },
      { left: 200, top: 67, width: 200, height: 200 },
    ],
    [
      { left: 10, top: 10, width: 200, height: 200, gravity: 'southeast' },
      { left: 210, top: 77, width: 190, height: 190 },
    ],
    [
      { width: 100, height: 101, gravity: 'center' },
      { left: 150, top: 83, width: 100, height: 101 },
    ],
    [
      { width: 100, height: 100, gravity: 'north' },
      { left: 150, top: 0, width: 100, height: 100 },
    ],
    [
      { width: 100, height: 100, gravity: 'northeast' },
      { left: 300, top: 0, width: 100, height: 100 },
    ],
    [
      { width: 100, height: 100, gravity: 'west' },
      { left: 0, top: 83, width: 100, height: 100 },
    ],
    [
      { width: 100, height: 100, gravity: 'east' },
      { left: 300, top: 83, width: 100, height: 100 },
    ],
    [
      { width: 100, height: 100, gravity: 'southwest' },
      { left: 0, top: 167, width: 100, height: 100 },
    ],
    [
      { width: 100, height: 100, gravity: 'south' },
      { left: 150, top: 167, width: 100, height: 100 },
    ],
    [
      { left: 7, gravity: 'southeast' },
      { left: 7, top: 0, width: 393, height: 267 },
    ],
    [
      { width: 900, height: 100, gravity: 'center' },
      { left: 0, top: 83, width: 400, height: 100 },
    ],
  ] as const)('of 400x267 by %j is %j', (options, rectangle) => {
    const plan = planOf(headerOf(400, 267), [crop(options)]);
    expect(plan.request.region).toEqual(rectangle);
    expect([plan.width, plan.height]).toEqual([rectangle.width, rectangle.height]);
  });

  it('is nothing when it keeps the whole picture', () => {
    expect(planOf(headerOf(400, 267), [crop({ width: 0 })]).operations).toEqual([]);
  });

  it.each([
    [{ left: 500 }, 'left'],
    [{ left: 400 }, 'left'],
    [{ top: 267 }, 'top'],
    [{ width: 200, left: 200, gravity: 'east' }, 'left'],
  ] as const)('refuses a start outside: %j', (options, parameter) => {
    const error = errorOf(headerOf(400, 267), crop(options));
    expect([error.code, error.reason]).toEqual(['InvalidArgument', 'position-outside']);
    expect(error.fault).toMatchObject({ action: 'crop', parameter });
  });

  it.each([
    [{ left: -1 }, 'left'],
    [{ width: -1 }, 'width'],
    [{ height: 16_385 }, 'height'],
    [{ cornerRadius: 0 }, 'cornerRadius'],
    [{ cornerRadius: 4097 }, 'cornerRadius'],
  ])('refuses %j', (options, parameter) => {
    const error = errorOf(headerOf(400, 267), crop(options));
    expect([error.reason, error.fault?.parameter]).toEqual(['out-of-range', parameter]);
  });
});

describe('rotate, flip and orientation', () => {
  it.each([
    [0, '400x267'],
    [90, '267x400'],
    [180, '400x267'],
    [270, '267x400'],
    [360, '400x267'],
    [30, '480x431'],
    [70, '388x467'],
    [45, '472x472'],
  ])('by %d of 400x267 is %s', (angleDeg, expected) => {
    expect(sizeOf(400, 267, rotate({ angleDeg }))).toBe(expected);
  });

  it('orients before all else, wherever the action stands', () => {
    const header = headerOf(424, 333, { orientation: 7 });
    for (const chain of [
      [resize({ width: 100 })],
      [resize({ width: 100 }), autoOrient({ enabled: true })],
    ]) {
      expect(planOf(header, chain)).toMatchObject({ width: 100, height: 127 });
    }
    const unturned = planOf(header, [resize({ width: 100 }), autoOrient({ enabled: false })]);
    expect(unturned).toMatchObject({ width: 100, height: 79 });
  });

  it('orients where the action stands when it is to wait', () => {
    const late = autoOrient({ enabled: true, inOrder: true });
    const stored = headerOf(424, 333, { orientation: 7 });
    const sizes = (chain: Chain, header = stored) => {
      const { width, height } = planOf(header, chain);
      return [width, height];
    };
    expect(sizes([resize({ width: 100 }), late])).toEqual([79, 100]);
    expect(sizes([late, resize({ width: 100 })])).toEqual([100, 127]);
    expect(sizes([crop({ width: 50, height: 20 }), late, resize({ width: 10 })])).toEqual([10, 25]);
    expect(sizes([late, resize({ width: 100 }), late])).toEqual([79, 100]);
    expect(sizes([late, resize({ width: 100 }), autoOrient({ enabled: true })])).toEqual([
      100, 127,
    ]);
    expect(sizes([late, resize({ width: 100 }), autoOrient({ enabled: false })])).toEqual([
      100, 79,
    ]);
    expect(sizes([resize({ width: 100 }), late], headerOf(424, 333))).toEqual([100, 79]);
    // What is measured against the limit is what is turned.
    expect(
      sizes([resize({ width: 2_000 }), late], headerOf(8_000, 400, { orientation: 6 })),
    ).toEqual([100, 2_000]);
    const large = headerOf(5_000, 400, { orientation: 6 });
    expect(errorOf(large, crop({}), late)).toMatchObject({
      reason: 'turn-too-large',
      fault: { action: 'auto-orient', step: 1 },
    });
  });

  it('joins turns into one, and drops those that cancel', () => {
    const quarter = rotate({ angleDeg: 90 });
    const header = headerOf(400, 267, { orientation: 6 });
    const names = (chain: Chain) =>
      planOf(header, chain).operations.map(({ operation }) => operation.move);
    expect(names([quarter])).toEqual([{ kind: 'turn', symmetry: 3 }]);
    expect(names([quarter, quarter, quarter])).toEqual([]);
  });

  it('refuses to turn what is longer than the limit, for an orientation too', () => {
    const turned = errorOf(headerOf(4097, 10), rotate({ angleDeg: 90 }));
    expect([turned.code, turned.reason]).toEqual(['LimitExceeded', 'turn-too-large']);
    expect(errorOf(headerOf(4097, 10, { orientation: 6 })).reason).toBe('turn-too-large');
    expect(sizeOf(4097, 10, rotate({ angleDeg: 0 }))).toBe('4097x10');
    const chain = [
      autoOrient({ enabled: false }),
      resize({ width: 2000 }),
      rotate({ angleDeg: 90 }),
    ];
    expect(planOf(headerOf(4097, 1000, { orientation: 6 }), chain)).toMatchObject({
      width: 488,
      height: 2000,
    });
  });

  it('refuses angles outside 0..360', () => {
    for (const angleDeg of [-1, 361, 400, 0.5]) {
      expect(errorOf(headerOf(4, 4), rotate({ angleDeg })).fault?.parameter).toBe('angleDeg');
    }
  });
});

describe('encoder state', () => {
  it.each([
    [82, [], 82],
    [100, [quality({ relativePercent: 90 })], 90],
    [80, [quality({ relativePercent: 90 })], 72],
    [95, [quality({ ceilingPercent: 90 })], 90],
    [80, [quality({ ceilingPercent: 90 })], 80],
    [80, [quality({ ceilingPercent: 50, relativePercent: 10 })], 50],
    [80, [quality({ relativePercent: 10 }), quality({ relativePercent: 50 })], 40],
    [1, [quality({ relativePercent: 1 })], 1],
    [undefined, [quality({ relativePercent: 90 })], 90],
    [undefined, [quality({ ceilingPercent: 30 })], 30],
    [undefined, [], 75],
  ])('with a source of quality %s and %j is %d', (source, chain, expected) => {
    const { qualityPercent: _, ...header } = headerOf(10, 10);
    const known = source === undefined ? header : { ...header, qualityPercent: source };
    expect(planOf(known, chain).output.settings.qualityPercent).toBe(expected);
  });

  it('keeps the format unless told, and never makes a GIF of something else', () => {
    const header = headerOf(10, 10);
    expect(planOf(header, []).output.format).toBe('jpeg');
    expect(planOf(header, [format({ format: 'png' })]).output.format).toBe('png');
    expect(planOf(header, [format({ format: 'gif' })]).output.format).toBe('jpeg');
    expect(errorOf(header, format({ format: 'avif' })).reason).toBe('no-encoder');
  });

  it('is deferred: interlace may come before format', () => {
    const header = headerOf(10, 10, { format: 'png', model: 'rgb' });
    const plan = planOf(header, [interlace({ progressive: true }), format({ format: 'jpeg' })]);
    expect(plan.output.settings.progressive).toBe(true);
  });

  it('needs a quality of one kind', () => {
    expect(errorOf(headerOf(10, 10), quality({})).reason).toBe('missing-argument');
    expect(errorOf(headerOf(10, 10), quality({ relativePercent: 0 })).reason).toBe('out-of-range');
  });
});

describe('limits and chains', () => {
  it.each([
    [headerOf(30_001, 10), 'side-too-long'],
    [headerOf(20_000, 20_000), 'too-many-pixels'],
    [headerOf(5_000, 5_000, { frames: 11 }), 'too-many-pixels'],
    [headerOf(5, 5, { frames: 1001 }), 'too-many-frames'],
    [headerOf(5_000, 5_000, { decoderBytes: 2 ** 31 }), 'too-much-memory'],
  ])('refuses sources by their header (case %#: %s)', (header, reason) => {
    const error = errorOf(header);
    expect([error.code, error.reason]).toEqual(['LimitExceeded', reason]);
  });

  it('refuses too many steps and unknown actions', () => {
    const step = rotate({ angleDeg: 90 });
    const chain = Array.from({ length: OSS_LIMITS.maxSteps + 1 }, () => step);
    expect(errorOf(headerOf(5, 5), ...chain).reason).toBe('too-many-steps');
    const unknown = { name: 'toString' } as unknown as Action;
    expect(errorOf(headerOf(5, 5), unknown).reason).toBe('unknown-action');
  });

  it('lets info stand alone only', () => {
    const header = headerOf(5, 5);
    expect(planChain(header, [info()], PLANNING).kind).toBe('info');
    const error = errorOf(header, resize({ width: 1 }), info());
    expect([error.reason, error.fault?.step]).toEqual(['not-combinable', 1]);
  });

  it('checks the text of a mark', () => {
    const header = headerOf(100, 100);
    expect(errorOf(header, mark('')).reason).toBe('empty-value');
    expect(errorOf(header, mark('图'.repeat(22))).reason).toBe('text-too-long');
    expect(errorOf(header, mark('x', { font: 'third' })).reason).toBe('unknown-font');
    expect(errorOf(header, mark('x', { size: 1001 })).fault?.parameter).toBe('size');
    expect(planOf(header, [mark('图'.repeat(21))]).operations).toHaveLength(1);
  });
});
