/**
 * A mark on the picture: a text, another picture, or both side by side, placed as one by gravity and
 * distances from the edges.
 * @module
 */

import type { ArgumentCheck } from '../argument-check.ts';
import { type DefinedAction, defineAction, type Lowered, type PlanContext } from '../definition.ts';
import { GRAVITIES, type Gravity } from '../gravity.ts';
import { ALONE, type Lattice, visibleParts } from '../mark-lattice.ts';
import { joinMarks, placeMark, shiftLattice } from '../mark-placement.ts';
import type { Operation } from '../operation.ts';
import { createPictureMark } from '../picture-mark.ts';
import { markPixelBytes, type PlannedMark } from '../planned-mark.ts';
import { BLACK, type Color } from '../raster.ts';
import type { Size } from '../shape.ts';
import { createTextMark, type TextPainting } from '../text-mark.ts';
import type { TextRasterizer } from '../text/rasterizer.ts';
import type { CropAction } from './crop.ts';
import type { IndexCropAction } from './indexcrop.ts';
import type { ResizeAction } from './resize.ts';
import type { RotateAction } from './rotate.ts';
import type { RoundedCornersAction } from './rounded-corners.ts';

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

/** What may be done to a mark's picture before it is one. */
export type MarkStep =
  | ResizeAction
  | CropAction
  | IndexCropAction
  | RoundedCornersAction
  | RotateAction;

export interface PictureMark {
  /** What `RenderOptions.readMark` is asked for. */
  readonly key: string;
  /** Done to the mark's picture first; a `resize` may go by `mainPercent` here. @default nothing */
  readonly chain?: readonly MarkStep[];
}

/** A text, a picture, or both side by side. */
export interface WatermarkOptions {
  readonly text?: TextMark;
  readonly picture?: PictureMark;
  /** Which of the two stands left. @default 'picture' */
  readonly first?: 'picture' | 'text';
  /** How the lower of the two stands beside the other. @default 'bottom' */
  readonly align?: MarkAlignment;
  /** Between the two, pixels, 0 to 1000. @default 0 */
  readonly interval?: number;
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

export type MarkAlignment = 'top' | 'middle' | 'bottom';

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
const MAX_INTERVAL = 1_000;
const DEFAULT_TEXT_SIZE = 40;
const DEFAULT_DISTANCE = 10;
const ALIGNMENTS: readonly MarkAlignment[] = ['top', 'middle', 'bottom'];
const STEPS: ReadonlySet<string> = new Set<MarkStep['name']>([
  'resize',
  'crop',
  'indexcrop',
  'rounded-corners',
  'rotate',
]);

type ResolvedText = Required<Omit<TextMark, 'font'>> & { readonly font: string | undefined };

interface ResolvedMark extends Required<Omit<WatermarkOptions, 'text' | 'picture'>> {
  readonly text: ResolvedText | undefined;
  readonly picture: Required<PictureMark> | undefined;
}

export const watermarkAction: DefinedAction<'watermark'> = defineAction({
  name: 'watermark',
  resolve: resolveWatermark,
  plan: planWatermark,
});

function resolveWatermark(options: WatermarkAction, check: ArgumentCheck): ResolvedMark {
  const distance = (parameter: string, value: number | undefined, otherwise: number): number =>
    check.integer(parameter, value ?? otherwise, 0, MAX_DISTANCE);
  const { text, picture } = options;
  if (text === undefined && picture === undefined) {
    throw check.fault('missing-argument', 'text', 'a text or a picture');
  }
  return {
    text: text && resolveText(text, check),
    picture: picture && resolvePicture(picture, check),
    first: check.oneOf('first', options.first ?? 'picture', ['picture', 'text']),
    align: check.oneOf('align', options.align ?? 'bottom', ALIGNMENTS),
    interval: check.integer('interval', options.interval ?? 0, 0, MAX_INTERVAL),
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

function resolveText(text: TextMark, check: ArgumentCheck): ResolvedText {
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

function resolvePicture(picture: PictureMark, check: ArgumentCheck): Required<PictureMark> {
  const { key, chain = [] } = picture;
  if (key === '') throw check.fault('empty-value', 'picture', 'a key');
  const step = chain.find(({ name }) => !STEPS.has(name));
  if (step === undefined) return { key, chain };
  throw check.fault('not-nestable', 'picture', `only ${[...STEPS].join(' ')}`, step.name);
}

function planWatermark(
  resolved: ResolvedMark,
  image: Size,
  context: PlanContext,
  check: ArgumentCheck,
): Lowered {
  const text = resolved.text && planText(resolved.text, context, check);
  const picture = resolved.picture && planPicture(resolved.picture, image, context, check);
  const { size, places } = joinMarks(resolved, { text, picture });
  if (resolved.opacityPercent === 0) return { size: image, operations: [] };
  const box = placeMark(resolved, size, image);
  const lattice: Lattice = {
    left: box.left,
    top: box.top,
    periodX: resolved.tile ? box.width + resolved.tileGapX : ALONE,
    periodY: resolved.tile ? box.height + resolved.tileGapY : ALONE,
  };
  const { opacityPercent } = resolved;
  const operations: Operation[] = [];
  let keptBytes = 0;
  if (text !== undefined) {
    const mark = { ...text, opacityPercent, lattice: shiftLattice(lattice, places.text) };
    operations.push(createTextMark(mark));
    const seen = visibleParts(mark.lattice, text, { left: 0, top: 0, ...image });
    for (const part of seen) keptBytes += part.width * part.height;
  }
  if (picture !== undefined) {
    const mark = { picture, opacityPercent, lattice: shiftLattice(lattice, places.picture) };
    operations.push(createPictureMark(mark));
    keptBytes += markPixelBytes(picture);
  }
  return { size: image, operations, keptBytes };
}

function planText(
  text: ResolvedText,
  context: PlanContext,
  check: ArgumentCheck,
): Omit<TextPainting, 'lattice' | 'opacityPercent'> & Size {
  const { content, size, angleDeg, color, shadowPercent } = text;
  const rasterizer = context.text;
  if (rasterizer === undefined) {
    throw check.refusal('NotImplemented', 'not-implemented', 'an engine with a text rasteriser');
  }
  const request = { text: content, font: fontOf(text, rasterizer, check), size, angleDeg };
  return { request, color, shadowPercent, ...rasterizer.measure(request) };
}

function planPicture(
  { key, chain }: Required<PictureMark>,
  image: Size,
  context: PlanContext,
  check: ArgumentCheck,
): PlannedMark {
  if (context.planMark !== undefined) return context.planMark(key, chain, image);
  throw check.refusal('NotImplemented', 'not-implemented', 'a render that is given readMark');
}

function fontOf(text: ResolvedText, rasterizer: TextRasterizer, check: ArgumentCheck): string {
  const font = text.font ?? rasterizer.fonts[0];
  if (font !== undefined && rasterizer.fonts.includes(font)) return font;
  throw check.fault('unknown-font', 'font', `one of ${rasterizer.fonts.join(' ')}`, font);
}
