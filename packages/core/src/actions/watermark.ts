/**
 * A mark on the picture: text for now. Placed by gravity and distances from the edges.
 * @module
 */

import type { ArgumentCheck } from '../argument-check.ts';
import { type DefinedAction, defineAction, type Lowered, type PlanContext } from '../definition.ts';
import { GRAVITIES, type Gravity } from '../gravity.ts';
import { placeMark } from '../mark-placement.ts';
import { BLACK, type Color, type Rectangle } from '../raster.ts';
import type { Size } from '../shape.ts';
import { createTextMark } from '../text-mark.ts';
import type { TextRasterizer } from '../text/rasterizer.ts';

export interface TextMark {
  /** At most 64 bytes of UTF-8. */
  readonly content: string;
  /** A family of the text rasteriser. @default its first */
  readonly font?: string;
  /** @default black */
  readonly color?: Color;
  /** Em size in pixels, 1 to 1000. @default 40 */
  readonly size?: number;
  /** Opacity of a shadow two pixels right and down, 0 to 100. @default 0 */
  readonly shadowPercent?: number;
  /** Clockwise, 0 to 360. @default 0 */
  readonly angleDeg?: number;
}

export interface WatermarkOptions {
  readonly text: TextMark;
  /** 0 to 100. @default 100 */
  readonly opacityPercent?: number;
  /** @default 'southeast' */
  readonly gravity?: Gravity;
  /** Distance from the side that gravity names, pixels, 0 to 4096; none for centred columns. @default 10 */
  readonly distanceX?: number;
  /** Likewise; none for the middle row. @default 10 */
  readonly distanceY?: number;
  /** Shift of the middle row, pixels down, -1000 to 1000. @default 0 */
  readonly middleOffset?: number;
  /** Repeats the mark over the whole picture. @default false */
  readonly tile?: boolean;
  /** Between tiles, pixels, 0 to 4096. @default 0 */
  readonly tileGapX?: number;
  readonly tileGapY?: number;
}

export interface WatermarkAction extends WatermarkOptions {
  readonly name: 'watermark';
}

export function watermark(options: WatermarkOptions): WatermarkAction {
  return { name: 'watermark', ...options };
}

/** UTF-8 bytes of a text mark. */
const MAX_TEXT_BYTES = 64;
const MAX_TEXT_SIZE = 1_000;
const MAX_DISTANCE = 4_096;
const MAX_MIDDLE_OFFSET = 1_000;
const DEFAULT_TEXT_SIZE = 40;
const DEFAULT_DISTANCE = 10;

export type ResolvedMark = Required<Omit<WatermarkOptions, 'text'>> & {
  readonly text: Required<Omit<TextMark, 'font'>> & { readonly font: string | undefined };
};

export const watermarkAction: DefinedAction<'watermark'> = defineAction({
  name: 'watermark',
  resolve: resolveWatermark,
  plan: planWatermark,
});

function resolveWatermark(options: WatermarkAction, check: ArgumentCheck): ResolvedMark {
  const distance = (parameter: string, value: number | undefined, otherwise: number): number =>
    check.integer(parameter, value ?? otherwise, 0, MAX_DISTANCE);
  return {
    text: resolveText(options.text, check),
    opacityPercent: check.integer('opacityPercent', options.opacityPercent ?? 100, 0, 100),
    gravity: check.oneOf('gravity', options.gravity ?? 'southeast', GRAVITIES),
    distanceX: distance('distanceX', options.distanceX, DEFAULT_DISTANCE),
    distanceY: distance('distanceY', options.distanceY, DEFAULT_DISTANCE),
    middleOffset: check.integer(
      'middleOffset',
      options.middleOffset ?? 0,
      -MAX_MIDDLE_OFFSET,
      MAX_MIDDLE_OFFSET,
    ),
    tile: check.boolean('tile', options.tile ?? false),
    tileGapX: distance('tileGapX', options.tileGapX, 0),
    tileGapY: distance('tileGapY', options.tileGapY, 0),
  };
}

function resolveText(text: TextMark | undefined, check: ArgumentCheck): ResolvedMark['text'] {
  if (text === undefined) throw check.fault('missing-argument', 'text', 'a text');
  if (text.content === '') throw check.fault('empty-value', 'text', 'at least one character');
  const bytes = new TextEncoder().encode(text.content).length;
  if (bytes > MAX_TEXT_BYTES) {
    throw check.fault('text-too-long', 'text', `at most ${MAX_TEXT_BYTES} bytes of UTF-8`, bytes);
  }
  return {
    content: text.content,
    font: text.font,
    color: check.color('color', text.color ?? BLACK),
    size: check.integer('size', text.size ?? DEFAULT_TEXT_SIZE, 1, MAX_TEXT_SIZE),
    shadowPercent: check.integer('shadowPercent', text.shadowPercent ?? 0, 0, 100),
    angleDeg: check.integer('angleDeg', text.angleDeg ?? 0, 0, 360),
  };
}

function planWatermark(
  resolved: ResolvedMark,
  image: Size,
  context: PlanContext,
  check: ArgumentCheck,
): Lowered {
  const { content, size, angleDeg } = resolved.text;
  const rasterizer = context.text;
  if (rasterizer === undefined) {
    throw check.refusal('NotImplemented', 'not-implemented', 'an engine with a text rasteriser');
  }
  const request = { text: content, font: fontOf(resolved, rasterizer, check), size, angleDeg };
  const box = placeMark(resolved, rasterizer.measure(request), image);
  if (resolved.opacityPercent === 0) return { size: image, operations: [] };
  const drawn = resolved.tile ? box : visiblePart(box, image);
  const limited = { ...request, maxWidth: drawn.width, maxHeight: drawn.height };
  return { size: image, operations: [createTextMark(resolved, limited, drawn)] };
}

/** A line of large letters can be many times as long as the picture; nobody need draw that. */
function visiblePart(box: Rectangle, image: Size): Rectangle {
  return {
    ...box,
    width: Math.max(1, Math.min(box.width, image.width - box.left)),
    height: Math.max(1, Math.min(box.height, image.height - box.top)),
  };
}

function fontOf(resolved: ResolvedMark, rasterizer: TextRasterizer, check: ArgumentCheck): string {
  const font = resolved.text.font ?? rasterizer.fonts[0];
  if (font !== undefined && rasterizer.fonts.includes(font)) return font;
  throw check.fault('unknown-font', 'font', `one of ${rasterizer.fonts.join(' ')}`, font);
}
