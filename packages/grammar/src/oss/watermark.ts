/**
 * `watermark` with a text, a picture or both. Fonts are looked up, and the picture's own chain is read,
 * only after every key has been: the service reports a bad colour before a bad font.
 * @module
 */

import {
  BLACK,
  type Gravity,
  type MarkAlignment,
  type TextMark,
  watermark,
  type WatermarkAction,
} from '@safelight/core';

import { base64Text, hexColor, integer, keyword } from '../arguments.ts';
import {
  type BuildContext,
  defineOssAction,
  ecId,
  type Fonts,
  given,
  type OssAction,
} from './action.ts';
import { OSS_FONTS } from './fonts.ts';
import { OSS_GRAVITIES } from './gravity.ts';
import { printMarkSource, readMarkSource } from './mark-source.ts';

/** Longest text of a mark, and a bound for names that are looked up or refused anyway. */
const MAX_TEXT_BYTES = 64;
const MAX_NAME_BYTES = 2_048;

/** By the number that the language gives them. */
const ALIGNMENTS: readonly MarkAlignment[] = ['top', 'middle', 'bottom'];

const percent = integer(0, 100);
const distance = integer(0, 4_096);

const PLACE = {
  t: {
    argument: percent,
    option: 'opacityPercent',
    summary: 'opacity, percent',
    fallback: 100,
    ec: { any: ecId(263) },
  },
  g: {
    argument: keyword<Gravity>(OSS_GRAVITIES),
    option: 'gravity',
    summary: 'place on the picture',
    fallback: 'southeast',
    ec: { any: ecId(260) },
  },
  x: {
    argument: distance,
    option: 'distanceX',
    summary: 'distance from the side, px',
    fallback: 10,
    ec: { any: ecId(262) },
  },
  y: {
    argument: distance,
    option: 'distanceY',
    summary: 'distance from top or bottom, px',
    fallback: 10,
    ec: { any: ecId(264) },
  },
  voffset: {
    argument: integer(-1_000, 1_000),
    option: 'middleOffset',
    summary: 'shift of the middle row, px down',
    fallback: 0,
    ec: { any: ecId(268) },
  },
  fill: {
    argument: integer(0, 1),
    option: 'tile',
    summary: '1 repeats the mark over the picture',
    fallback: 0,
    ec: { any: ecId(274) },
  },
  padx: {
    argument: distance,
    option: 'tileGapX',
    summary: 'gap between tiles, px',
    fallback: 0,
    ec: { any: ecId(276) },
  },
  pady: {
    argument: distance,
    option: 'tileGapY',
    summary: 'gap between rows of tiles, px',
    fallback: 0,
    ec: { any: ecId(277) },
  },
} as const;

const TEXT = {
  text: {
    argument: base64Text(MAX_TEXT_BYTES),
    option: 'content',
    summary: 'the text',
    ec: { 'empty-value': ecId(258), 'text-too-long': ecId(259), any: ecId(257) },
  },
  type: {
    argument: base64Text(MAX_NAME_BYTES),
    option: 'font',
    summary: 'name of the font',
    fallback: 'wqy-zenhei',
    ec: { 'unknown-font': ecId(251), any: ecId(250) },
  },
  color: {
    argument: hexColor(),
    option: 'color',
    summary: 'colour of the text',
    fallback: BLACK,
    ec: { any: ecId(254) },
  },
  size: {
    argument: integer(1, 1_000),
    option: 'size',
    summary: 'size of the font, px',
    fallback: 40,
    ec: { any: ecId(256) },
  },
  shadow: {
    argument: percent,
    option: 'shadowPercent',
    summary: 'opacity of the shadow, percent',
    fallback: 0,
    ec: { any: ecId(255) },
  },
  rotate: {
    argument: integer(0, 360),
    option: 'angleDeg',
    summary: 'degrees clockwise',
    fallback: 0,
    ec: { any: ecId(272) },
  },
} as const;

/** Only with a picture; ranges are checked without one all the same. */
const PICTURE = {
  image: {
    argument: base64Text(MAX_NAME_BYTES),
    option: 'picture',
    summary: 'key of a picture of the bucket, or key?x-oss-process=image/… of some actions',
    ec: {
      'not-base64': ecId(265),
      'empty-value': ecId(265),
      'text-too-long': ecId(265),
      'nested-mark': ecId(373),
      'nested-info': ecId(374),
    },
  },
  order: {
    argument: integer(0, 1),
    option: 'first',
    summary: '1 puts the text before the picture',
    fallback: 0,
    ec: { any: ecId(269) },
  },
  align: {
    argument: integer(0, 2),
    option: 'align',
    summary: 'text beside picture: 0 top, 1 middle, 2 bottom',
    fallback: 2,
    ec: { any: ecId(271) },
  },
  interval: {
    argument: integer(0, 1_000),
    option: 'interval',
    summary: 'gap between text and picture, px',
    fallback: 0,
    ec: { any: ecId(270) },
  },
} as const;

export const ossWatermark: OssAction = defineOssAction({
  name: 'watermark',
  summary: 'Puts a text, a picture or both on the picture.',
  shape: 'keyed',
  parameters: { ...TEXT, ...PLACE, ...PICTURE },
  ec: { 'missing-argument': ecId(278) },
  examples: [
    'image/watermark,text_SGVsbG8gV29ybGQ',
    'image/watermark,text_SGVsbG8gV29ybGQ,color_FFFFFF,size_30,shadow_50,g_nw,x_20,y_20',
    'image/watermark,image_cGFuZGEucG5n,t_90,g_se,x_10,y_10',
    'image/watermark,image_cGFuZGEucG5nP3gtb3NzLXByb2Nlc3M9aW1hZ2UvcmVzaXplLFBfMzA,text_SGVsbG8gV29ybGQ,order_1',
  ],
  build(values, context): WatermarkAction {
    if (values.text === undefined && values.image === undefined) {
      throw context.fault('missing-argument', 'text or image');
    }
    const look: Omit<TextMark, 'content'> = given({
      font: engineFont(values.type, context),
      color: values.color,
      size: values.size,
      shadowPercent: values.shadow,
      angleDeg: values.rotate,
    });
    const text = values.text === undefined ? undefined : { content: values.text, ...look };
    const picture = values.image === undefined ? undefined : readMarkSource(values.image, context);
    // Without the other there is nothing to stand beside.
    const isMixed = text !== undefined && picture !== undefined;
    return watermark(
      given({
        text,
        picture,
        first: isMixed && values.order === 1 ? ('text' as const) : undefined,
        align: isMixed && values.align !== undefined ? ALIGNMENTS[values.align] : undefined,
        interval: isMixed ? values.interval : undefined,
        opacityPercent: values.t,
        gravity: values.g,
        distanceX: values.x,
        distanceY: values.y,
        middleOffset: values.voffset,
        tile: values.fill === 1 ? true : undefined,
        tileGapX: values.padx,
        tileGapY: values.pady,
      }),
    );
  },
  read: (action: WatermarkAction, print) => ({
    text: action.text?.content,
    type: fontName(action.text?.font),
    color: action.text?.color,
    size: action.text?.size,
    shadow: action.text?.shadowPercent,
    rotate: action.text?.angleDeg,
    t: action.opacityPercent,
    g: action.gravity,
    x: action.distanceX,
    y: action.distanceY,
    voffset: action.middleOffset,
    fill: action.tile === true ? 1 : 0,
    padx: action.tileGapX,
    pady: action.tileGapY,
    image: action.picture && printMarkSource(action.picture, print),
    order: action.first === 'text' ? 1 : 0,
    align: action.align && ALIGNMENTS.indexOf(action.align),
    interval: action.interval,
  }),
});

/** The engine's font for an OSS name; the default font is not spelled out. */
function engineFont(name: string | undefined, context: BuildContext): string | undefined {
  if (name === undefined) return undefined;
  const { fonts } = context;
  const font = Object.hasOwn(fonts, name) ? fonts[name] : undefined;
  if (font === undefined) {
    throw context.fault('unknown-font', `one of ${Object.keys(fonts).join(' ')}`, 'type');
  }
  return font === defaultFont(fonts) ? undefined : font;
}

function defaultFont(fonts: Fonts): string | undefined {
  return fonts['wqy-zenhei'] ?? Object.values(fonts)[0];
}

/** The first OSS name of an engine's font, or that font's own name when the language has none. */
function fontName(font: string | undefined): string | undefined {
  if (font === undefined) return undefined;
  return Object.keys(OSS_FONTS).find((name) => OSS_FONTS[name] === font) ?? font;
}
