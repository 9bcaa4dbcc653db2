/**
 * `watermark`: every key at and beyond its edges, for texts, pictures and both; the picture's own chain.
 * The bucket holds `panda.png` (60 x 40), `logo.jpg`, `notes.txt` and no `nosuch.png`.
 * @module
 */

import { encodeUrlSafeBase64 } from '@safelight/grammar';
import type { SizeRow } from '../sizes.ts';
import type { ActionErrorRow, ActionTable } from './action-table.ts';

const b64 = encodeUrlSafeBase64;
const TEXT = `image/watermark,text_${b64('Hello World')}`;
const IMAGE = `image/watermark,image_${b64('panda.png')}`;
const BOTH = `${IMAGE},text_${b64('图片')}`;
const nested = (chain: string): string =>
  `image/watermark,image_${b64(`panda.png?x-oss-process=${chain}`)}`;

const same = (processes: readonly string[]): readonly SizeRow[] =>
  processes.map((process) => [process, 400, 267] as const);

/** Keys of any mark: their edges, and the id beyond them. */
const NUMBERS: readonly (readonly [key: string, min: number, max: number, ec: number])[] = [
  ['t', 0, 100, 263],
  ['x', 0, 4_096, 262],
  ['y', 0, 4_096, 264],
  ['voffset', -1_000, 1_000, 268],
  ['fill', 0, 1, 274],
  ['padx', 0, 4_096, 276],
  ['pady', 0, 4_096, 277],
  ['order', 0, 1, 269],
  ['align', 0, 2, 271],
  ['interval', 0, 1_000, 270],
];

const TEXT_NUMBERS: readonly (readonly [key: string, min: number, max: number, ec: number])[] = [
  ['size', 1, 1_000, 256],
  ['shadow', 0, 100, 255],
  ['rotate', 0, 360, 272],
];

const GRAVITIES = ['nw', 'north', 'ne', 'west', 'center', 'east', 'sw', 'south', 'se'];

const FONTS = [
  'wqy-zenhei',
  'wqy-microhei',
  'fangzhengshusong',
  'fangzhengkaiti',
  'fangzhengheiti',
  'fangzhengfangsong',
  'droidsansfallback',
];

const NESTED = [
  'image/resize,w_10',
  'image/resize,P_1',
  'image/resize,P_100',
  'image/resize,m_fixed,w_9,h_9/rotate,45',
  'image/crop,w_10,h_10,g_se',
  'image/indexcrop,x_10,i_1',
  'image/rounded-corners,r_10',
  'image/rotate,90',
];

function beyond(
  base: string,
  [key, min, max, ec]: readonly [string, number, number, number],
): readonly ActionErrorRow[] {
  const values = [min - 1, max + 1, 'abc', '', '1.5', `+${max}`];
  return values.map((value) => [`${base},${key}_${value}`, ec] as const);
}

export const WATERMARK: ActionTable = {
  action: 'watermark',
  sizes: [
    ...NUMBERS.flatMap(([key, min, max]) =>
      same(
        [TEXT, IMAGE, BOTH].flatMap((base) => [`${base},${key}_${min}`, `${base},${key}_${max}`]),
      ),
    ),
    ...TEXT_NUMBERS.flatMap(([key, min, max]) =>
      same([`${TEXT},${key}_${min}`, `${TEXT},${key}_${max}`]),
    ),
    ...same(GRAVITIES.flatMap((word) => [`${TEXT},g_${word}`, `${IMAGE},g_${word}`])),
    ...same(FONTS.map((font) => `${TEXT},type_${b64(font)}`)),
    ...same(NESTED.map(nested)),
    ...same([
      `${TEXT},color_FF8800`,
      `${TEXT},color_ff8800`,
      `${TEXT},size_1000,fill_1,rotate_45`,
      `image/watermark,text_${b64('x'.repeat(64))}`,
      `image/watermark,text_${b64('图'.repeat(21))}`,
      `image/watermark,image_${b64('logo.jpg')},t_50`,
      `${IMAGE}/watermark,image_${b64('logo.jpg')},g_west`,
      `${IMAGE}${`/watermark,image_${b64('panda.png')},g_nw`.repeat(4)}`,
    ]),
    [`image/resize,w_300/${IMAGE.slice('image/'.length)},t_90`, 300, 200],
    [`${IMAGE}/resize,w_200`, 200, 134],
    [`${IMAGE}/format,png`, 400, 267, 'png'],
  ],
  errors: [
    ...NUMBERS.flatMap((row) => beyond(TEXT, row)),
    ...NUMBERS.flatMap((row) => beyond(IMAGE, row)),
    ...TEXT_NUMBERS.flatMap((row) => beyond(TEXT, row)),
    ['image/watermark,t_50', 278],
    ['image/watermark,nonsense', 278],
    [`${TEXT},g_middle`, 260],
    [`${TEXT},g_NW`, 260],
    [`${TEXT},g_`, 260],
    [`${TEXT},color_FFF`, 254],
    [`${TEXT},color_`, 254],
    [`${TEXT},color_#FF00000`, 254],
    [`${TEXT},type_${b64('papyrus')}`, 251],
    [`${TEXT},type_${b64('papyrus')},color_red`, 254],
    [`${TEXT},type_`, 250],
    [`image/watermark,text_${b64('x'.repeat(65))}`, 259],
    [`image/watermark,text_${b64('图'.repeat(22))}`, 259],
    ['image/watermark,text_=', 258],
    ['image/watermark,image', 265],
    ['image/watermark,image_', 265],
    ['image/watermark,image_notbase64', 265, 'BadRequest'],
    [nested('image/watermark,text_YQ'), 373],
    [nested('image/resize,w_9/watermark,text_YQ'), 373],
    [nested('image/info'), 374],
    [nested('image/circle,r_9'), undefined],
    [nested('image/blur,r_3,s_2'), undefined],
    [nested('image/resize,w_0'), 312],
    [nested('image/resize,P_0'), undefined],
    [nested('image/resize,P_101'), undefined],
    [nested('image/crop,x_60'), undefined, 'BadRequest'],
    [`image/watermark,image_${b64('nosuch.png')}`, 25, 'WatermarkError'],
    [`image/watermark,image_${b64('notes.txt')}`, 27, 'WatermarkError'],
    [
      `image/${['panda.png', 'logo.jpg', 'notes.txt', 'nosuch.png']
        .map((key) => `watermark,image_${b64(key)}`)
        .join('/')}`,
      26,
      'WatermarkError',
    ],
  ],
};
