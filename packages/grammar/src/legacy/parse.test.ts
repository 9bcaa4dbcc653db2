/**
 * The old syntax, key by key: what it becomes, its ranges, its error ids.
 * @module
 */

import {
  type Action,
  autoOrient,
  averageHue,
  BLACK,
  blur,
  bright,
  circle,
  contrast,
  crop,
  format,
  indexCrop,
  info,
  interlace,
  isImageError,
  OSS_LIMITS,
  quality,
  resize,
  rotate,
  roundedCorners,
  sharpen,
  watermark,
} from '@safelight/core';
import { describe, expect, it } from 'vitest';

import { describeOssError, encodeUrlSafeBase64, parseLegacy, printChain } from '../index.ts';
import { parseLegacyMetered } from './parse.ts';

const OPTIONS = { limits: OSS_LIMITS };
const JPEG = format({ format: 'jpeg', sourceBackground: BLACK });
const b64 = encodeUrlSafeBase64;

function actionsOf(text: string): readonly Action[] {
  const parsed = parseLegacy(text, OPTIONS);
  if (parsed.kind !== 'image') throw new Error(`${text} is a style`);
  return parsed.chain;
}

function refusalOf(text: string) {
  try {
    parseLegacy(text, OPTIONS);
  } catch (error) {
    if (!isImageError(error)) throw error;
    expect(error.at).toBeGreaterThanOrEqual(0);
    return describeOssError(error);
  }
  throw new Error(`${text} is accepted`);
}

/** Text, and what it becomes before the JPEG that every text without an ending makes. */
const READ: readonly (readonly [string, ...Action[]])[] = [
  ['100w', resize({ width: 100, enlarge: true })],
  ['100h', resize({ height: 100, enlarge: true })],
  ['100w_100h', resize({ width: 100, height: 100, enlarge: true })],
  ['100h_100w', resize({ width: 100, height: 100, enlarge: true })],
  ['120w_120h_240w', resize({ width: 240, height: 120, enlarge: true })],
  ['100w_100h_0e', resize({ width: 100, height: 100, enlarge: true })],
  ['100w_100h_1e', resize({ width: 100, height: 100, mode: 'cover', enlarge: true })],
  ['100w_100h_1e_1c', resize({ width: 100, height: 100, mode: 'fill', enlarge: true })],
  ['100w_100h_1e_0c', resize({ width: 100, height: 100, mode: 'cover', enlarge: true })],
  ['100w_1e_1c', resize({ width: 100, mode: 'cover', enlarge: true })],
  ['100w_100h_1c', resize({ width: 100, height: 100, enlarge: true })],
  ['100w_100h_2e', resize({ width: 100, height: 100, mode: 'fixed', enlarge: true })],
  ['100w_100h_4e', resize({ width: 100, height: 100, mode: 'pad', enlarge: true })],
  [
    '100w_100h_4e_255-0-10bgc',
    resize({
      width: 100,
      height: 100,
      mode: 'pad',
      enlarge: true,
      background: { red: 255, green: 0, blue: 10 },
    }),
  ],
  ['100w_100h_255-0-10bgc', resize({ width: 100, height: 100, enlarge: true })],
  ['100w_1l', resize({ width: 100 })],
  ['100w_0l', resize({ width: 100, enlarge: true })],
  ['100w_4l', resize({ width: 100, enlarge: true })],
  ['16384w', resize({ width: 16_384, enlarge: true })],
  ['50p', resize({ percent: 50 })],
  ['2x', resize({ percent: 200 })],
  ['50p_3x', resize({ percent: 150 })],
  ['100w_100h_200p', resize({ width: 200, height: 200, enlarge: true })],
  ['100w_50p', resize({ width: 50, enlarge: true })],
  ['101w_50p', resize({ width: 51, enlarge: true })],
  ['100w_2x', resize({ width: 200, enlarge: true })],
  ['10-20-30-40a', crop({ left: 10, top: 20, width: 30, height: 40 })],
  ['0-0-0-0a', crop({})],
  ['10-0-0-40a', crop({ left: 10, height: 40 })],
  ['100x200-1rc', crop({ width: 100, height: 200, gravity: 'northwest' })],
  ['100x200-5rc', crop({ width: 100, height: 200, gravity: 'center' })],
  ['x200-9rc', crop({ height: 200, gravity: 'southeast' })],
  ['100x-4rc', crop({ width: 100, gravity: 'west' })],
  ['0x0-2rc', crop({ gravity: 'north' })],
  ['99999x1-8rc', crop({ width: 16_384, height: 1, gravity: 'south' })],
  ['100x-0ic', indexCrop({ stripWidth: 100 })],
  ['100y-2ic', indexCrop({ stripHeight: 100, index: 2 })],
  ['100-0ci', circle({ radius: 100, keepsCanvas: true })],
  ['100-1ci', circle({ radius: 100 })],
  ['30-2ci', roundedCorners({ radius: 30 })],
  ['90r', rotate({ angleDeg: 90 })],
  ['0r', rotate({ angleDeg: 0 })],
  ['360r', rotate({ angleDeg: 360 })],
  ['0o', autoOrient({ enabled: false })],
  ['1o', autoOrient({ enabled: true, inOrder: true })],
  ['2o', autoOrient({ enabled: true })],
  ['3-2bl', blur({ radius: 3, strength: 2 })],
  ['50-50bl', blur({ radius: 50, strength: 50 })],
  ['50b', bright({ amount: 50 })],
  ['-50b', bright({ amount: -50 })],
  ['100d', contrast({ amountPercent: 100 })],
  ['-100d', contrast({ amountPercent: -100 })],
  ['50sh', sharpen({ amountPercent: 50 })],
  ['399sh', sharpen({ amountPercent: 399 })],
  ['90q', quality({ relativePercent: 90 })],
  ['90Q', quality({ ceilingPercent: 90 })],
  ['80q_90Q', quality({ ceilingPercent: 90 })],
  ['1pr', interlace({ progressive: true })],
  ['0pr', interlace({ progressive: false })],
  ['0wh'],
  ['1an'],
  [
    '90r_100w_3-2bl_10-0-0-0a',
    crop({ left: 10 }),
    resize({ width: 100, enlarge: true }),
    rotate({ angleDeg: 90 }),
    blur({ radius: 3, strength: 2 }),
  ],
  [
    '10-0-0-0a_1o_90r_100w',
    crop({ left: 10 }),
    resize({ width: 100, enlarge: true }),
    autoOrient({ enabled: true, inOrder: true }),
    rotate({ angleDeg: 90 }),
  ],
  ['2o_100w', autoOrient({ enabled: true }), resize({ width: 100, enlarge: true })],
  ['100w|1o', resize({ width: 100, enlarge: true }), autoOrient({ enabled: true, inOrder: true })],
  [
    '100w|90r|50w|1pr',
    resize({ width: 100, enlarge: true }),
    rotate({ angleDeg: 90 }),
    resize({ width: 50, enlarge: true }),
    interlace({ progressive: true }),
  ],
];

const text = { content: 'Hello' };
const MARKS: readonly (readonly [string, Action])[] = [
  [`watermark=2&text=${b64('Hello')}`, watermark({ text })],
  [
    `watermark=2&text=${b64('Hello')}&type=${b64('fangzhengkaiti')}&size=30&color=${b64('#FF0080')}&s=50&t=90&p=1&x=5&y=6`,
    watermark({
      text: {
        ...text,
        font: 'kai',
        size: 30,
        color: { red: 255, green: 0, blue: 128 },
        shadowPercent: 50,
      },
      opacityPercent: 90,
      gravity: 'northwest',
      distanceX: 5,
      distanceY: 6,
    }),
  ],
  [
    `watermark=2&text=${b64('Hello')}&p=4&voffset=-30&rotate=45&fill=1`,
    watermark({ text: { ...text, angleDeg: 45 }, gravity: 'west', middleOffset: -30, tile: true }),
  ],
  [`watermark=1&object=${b64('panda.png')}`, watermark({ picture: { key: 'panda.png' } })],
  [
    `watermark=1&object=${b64('panda.png@30P')}`,
    watermark({ picture: { key: 'panda.png', chain: [resize({ mainPercent: 30 })] } }),
  ],
  [
    `watermark=1&object=${b64('panda.png@20w_90r')}&p=9`,
    watermark({
      picture: {
        key: 'panda.png',
        chain: [resize({ width: 20, enlarge: true }), rotate({ angleDeg: 90 })],
      },
      gravity: 'southeast',
    }),
  ],
  [`watermark=1&object=${b64('a@b.png')}`, watermark({ picture: { key: 'a@b.png' } })],
  [
    `watermark=3&object=${b64('panda.png')}&text=${b64('Hello')}&order=1&align=1&interval=9`,
    watermark({ picture: { key: 'panda.png' }, text, first: 'text', align: 'middle', interval: 9 }),
  ],
  [
    `watermark=3&object=${b64('panda.png')}&text=${b64('Hello')}&align=2`,
    watermark({ picture: { key: 'panda.png' }, text }),
  ],
];

/** Text, EC's last digits, Code unless InvalidArgument. */
const REFUSED: readonly (readonly [text: string, ec: number | undefined, code?: string])[] = [
  ['0w', 312],
  ['-1w', 312],
  ['abcw', undefined],
  ['0h', 313],
  ['w', 312],
  ['16385w', 350],
  ['100w_16385h', 350],
  ['9000w_200p', 350],
  ['0p', 317],
  ['1001p', 317],
  ['0x', 317],
  ['11x', 317],
  ['500p_3x', 317],
  ['3e_100w', 311],
  ['5e', 311],
  ['2c_1w', undefined],
  ['5l', 333],
  ['256-0-0bgc', 318],
  ['1-2bgc', 318],
  ['1-2-3a', 205],
  ['1-2-3-4-5a', 205],
  ['x-2-3-4a', 205],
  ['-1-2-3-4a', 205],
  ['100-1rc', 330],
  ['ax1-1rc', 327],
  ['1xb-1rc', 328],
  ['1x1-0rc', 329],
  ['1x1-10rc', 329],
  ['1x1-rc', 329],
  ['0x-0ic', 230],
  ['100-0ic', 230],
  ['100x-aic', undefined],
  ['100x--1ic', 230],
  ['0-1ci', 233],
  ['4097-1ci', 233],
  ['100-3ci', 233],
  ['100ci', 233],
  ['361r', 217],
  ['-90r', 217],
  ['3o', 215],
  ['0-2bl', 238],
  ['3-51bl', 238],
  ['3bl', 238],
  ['101b', 246],
  ['-101b', 246],
  ['200d', 248],
  ['49sh', 280],
  ['400sh', 280],
  ['0q', 309],
  ['101q', 309],
  ['101Q', 308],
  ['2pr', 282],
  ['2wh', undefined],
  ['2an', undefined],
  ['100zz', undefined],
  ['30P', undefined],
  ['', undefined],
  ['100w||90r', undefined],
  ['100w|', undefined],
  ['100', undefined],
  ['100w.exe', 206],
  ['100w.JPG', 206],
  ['100w.', 206],
  ['!a*b', undefined],
  ['1w|2w|3w|4w|5w', undefined, 'TooManyPipe'],
  ['watermark=0', 278],
  ['watermark=4', 278],
  ['watermark=', 278],
  ['watermark=2', 379],
  ['watermark=2&text=', 379],
  ['watermark=2&text=notbase64', 257, 'BadRequest'],
  [`watermark=2&text=${b64('x'.repeat(65))}`, 377],
  [`watermark=2&text=${b64('a')}&size=0`, 375],
  [`watermark=2&text=${b64('a')}&size=1001`, 375],
  [`watermark=2&text=${b64('a')}&color=notbase64`, 384, 'BadRequest'],
  [`watermark=2&text=${b64('a')}&color=${b64('FF0000')}`, 385],
  [`watermark=2&text=${b64('a')}&color=${b64('#FF00')}`, 385],
  [`watermark=2&text=${b64('a')}&type=notbase64`, 250, 'BadRequest'],
  [`watermark=2&text=${b64('a')}&type=${b64('papyrus')}`, 251],
  [`watermark=2&text=${b64('a')}&s=101`, 255],
  [`watermark=2&text=${b64('a')}&t=101`, 263],
  [`watermark=2&text=${b64('a')}&p=0`, 365],
  [`watermark=2&text=${b64('a')}&p=10`, 365],
  [`watermark=2&text=${b64('a')}&x=4097`, 262],
  [`watermark=2&text=${b64('a')}&y=-1`, 264],
  [`watermark=2&text=${b64('a')}&voffset=1001`, 268],
  [`watermark=2&text=${b64('a')}&rotate=361`, 272],
  ['watermark=1', 278],
  ['watermark=1&object=notbase64', 265, 'BadRequest'],
  [`watermark=1&object=${b64('a.png@0w')}`, 312],
  [`watermark=1&object=${b64('a.png@101P')}`, undefined],
  [`watermark=1&object=${b64('a.png@9-1ci')}`, 265],
  [`watermark=3&text=${b64('a')}`, 278],
  [`watermark=3&object=${b64('a')}`, 379],
  [`watermark=3&object=${b64('a')}&text=${b64('a')}&order=2`, 269],
  [`watermark=3&object=${b64('a')}&text=${b64('a')}&align=3`, 271],
  [`watermark=3&object=${b64('a')}&text=${b64('a')}&interval=1001`, 358],
];

describe('the old syntax', () => {
  it.each(READ.map(([from, ...actions]) => [from, actions] as const))(
    'reads %s',
    (from, actions) => {
      expect(actionsOf(from)).toEqual([...actions, JPEG]);
      expect(actionsOf(`${from}.png`)).toEqual([...actions, format({ format: 'png' })]);
    },
  );

  it.each(MARKS)('reads %s', (from, action) => {
    expect(actionsOf(from)).toEqual([action, JPEG]);
    expect(actionsOf(`10w.webp|${from}`)).toEqual([
      resize({ width: 10, enlarge: true }),
      action,
      format({ format: 'webp' }),
    ]);
  });

  it.each(REFUSED.map((row) => [row[0], row] as const))('refuses %s', (from, row) => {
    const [, ec, code = 'InvalidArgument'] = row;
    const refusal = refusalOf(from);
    const id = ec === undefined ? undefined : `0040-00000${ec}`;
    expect([refusal.status, refusal.code, refusal.ec]).toEqual([400, code, id]);
  });

  it('names the value and the key at fault', () => {
    expect(refusalOf('100h_0w').message).toBe('The value: 0 of parameter: w is invalid.');
  });

  it('keeps the format of the source for src, but makes a JPEG of a GIF that may not move', () => {
    expect(actionsOf('1q.src').at(-1)).toEqual(format({ ...JPEG, onlyFrom: 'gif' }));
    expect(actionsOf('1q_1an.src')).toEqual([quality({ relativePercent: 1 })]);
    expect(actionsOf('1q.gif').at(-1)).toEqual(format({ format: 'gif' }));
    expect(actionsOf('.png')).toEqual([format({ format: 'png' })]);
  });

  it('has black behind a transparent source, white with 1wh in any stage', () => {
    for (const from of ['100w', '100w.jpg', '100w_0wh', '100w.src', '0wh_1an|100w']) {
      expect(actionsOf(from).at(-1)).toMatchObject({ sourceBackground: BLACK });
    }
    const white = format({ format: 'jpeg' });
    for (const from of ['1wh', '100w_1wh.jpg', '1wh|100w.jpeg', '100w|1wh', '1wh|0wh']) {
      expect(actionsOf(from).at(-1)).toEqual(white);
    }
    expect(actionsOf('1wh.src').at(-1)).toEqual(format({ format: 'jpeg', onlyFrom: 'gif' }));
    expect(actionsOf('1wh.png').at(-1)).toEqual(format({ format: 'png' }));
  });

  it.each([
    ['info', info({ members: 'file' })],
    ['exif', info({ members: 'exif' })],
    ['infoexif', info()],
    ['imageAve', averageHue()],
  ] as const)('asks for facts by @%s', (from, action) => {
    expect(actionsOf(from)).toEqual([action]);
  });

  it('names a style behind an exclamation mark', () => {
    expect(parseLegacy('!small', OPTIONS)).toEqual({ kind: 'style', name: 'small', at: 1 });
  });

  it('prints what the present language cannot say in a form that is never read as something else', () => {
    const texts = ['info', 'exif', 'infoexif', '9-0ci_1wh', '9-1ci_1wh', '9q.src', '9q.jpg'];
    texts.push('9q_1wh', '9q_1wh.src', '1o_1wh', '2o_1wh');
    const printed = texts.map((from) => printChain(actionsOf(from)));
    expect(new Set(printed).size).toBe(printed.length);
    expect(printed).toEqual([
      'image/info,file',
      'image/info,exif',
      'image/info',
      'image/circle,r_9,r_canvas/format,jpg',
      'image/circle,r_9/format,jpg',
      'image/quality,q_9/format,jpg,gif,color_000000',
      'image/quality,q_9/format,jpg,color_000000',
      'image/quality,q_9/format,jpg',
      'image/quality,q_9/format,jpg,gif',
      'image/auto-orient,1,in-order/format,jpg',
      'image/auto-orient,1/format,jpg',
    ]);
  });

  it('refuses a text that is too long', () => {
    expect(refusalOf('1w_'.repeat(700)).ec).toBe('0017-00000288');
  });

  it('looks at each character a bounded number of times', () => {
    const makers = [
      (n: number) => '1w_'.repeat(n / 3),
      (n: number) => `${'9'.repeat(n)}w`,
      (n: number) => 'a'.repeat(n),
      (n: number) => `watermark=2&text=${'YWJj'.repeat(n / 4)}`,
      (n: number) => '|'.repeat(n),
    ];
    for (const make of makers) {
      const steps = [3_000, 6_000].map((n) => {
        const meter = { steps: 0 };
        const limits = { ...OSS_LIMITS, maxChainChars: 100_000 };
        expect(() => parseLegacyMetered(make(n), { limits }, meter).kind).not.toThrow(TypeError);
        return meter.steps;
      });
      expect(steps[1]).toBeLessThanOrEqual(2.1 * (steps[0] ?? 0));
    }
  });
});
