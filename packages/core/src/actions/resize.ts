/**
 * Resampling to another size, in five modes. Sizes are computed from the picture that enters the step.
 * @module
 */

import type { ArgumentCheck } from '../argument-check.ts';
import { type DefinedAction, defineAction, type Lowered, type PlanContext } from '../definition.ts';
import { byHeight, byWidth, fitAround, fitInside, scaleSide } from '../geometry.ts';
import { createPad } from '../pad.ts';
import { type Color, WHITE } from '../raster.ts';
import { createResample } from '../resample.ts';
import type { Size } from '../shape.ts';
import { checkOutputSize } from '../size-limits.ts';

/**
 * `fit`: inside the box. `cover`: around the box. `fill`: around the box, then its centre is cut out.
 * `pad`: inside the box, then centred on a canvas of the box's size. `fixed`: exactly the box.
 */
export type ResizeMode = 'fit' | 'cover' | 'fill' | 'pad' | 'fixed';

/** `width`/`height` win over `longSide`/`shortSide`, which win over `percent`; one is needed. */
export interface ResizeOptions {
  /** @default 'fit' */
  readonly mode?: ResizeMode;
  /** Pixels, 1 to 16384. */
  readonly width?: number;
  readonly height?: number;
  /** Target of the longer side of the source, pixels, 1 to 16384. */
  readonly longSide?: number;
  readonly shortSide?: number;
  /** Of both sides, 1 to 1000; enlarges without being asked. */
  readonly percent?: number;
  /**
   * Inside this share of both sides of the main picture, 1 to 100; enlarges without being asked. Only
   * for the picture of a mark, and only where nothing else says a size.
   */
  readonly mainPercent?: number;
  /**
   * Whether the picture may grow; otherwise it stays as it is when it would, as an animation always
   * does. @default false
   */
  readonly enlarge?: boolean;
  /** Canvas of `pad`. @default white */
  readonly background?: Color;
}

export interface ResizeAction extends ResizeOptions {
  readonly name: 'resize';
}

export function resize(options: ResizeOptions): ResizeAction {
  return { name: 'resize', ...options };
}

const MODES: readonly ResizeMode[] = ['fit', 'cover', 'fill', 'pad', 'fixed'];
const MAX_SIDE = 16_384;
const MAX_PERCENT = 1_000;

interface ResolvedResize extends ResizeOptions {
  readonly mode: ResizeMode;
  readonly enlarge: boolean;
  readonly background: Color;
}

export const resizeAction: DefinedAction<'resize'> = defineAction({
  name: 'resize',
  resolve: resolveResize,
  plan: planResize,
});

function resolveResize(options: ResizeAction, check: ArgumentCheck): ResolvedResize {
  const sides = ['width', 'height', 'longSide', 'shortSide'] as const;
  for (const side of sides) {
    const value = options[side];
    if (value !== undefined) check.integer(side, value, 1, MAX_SIDE);
  }
  const { percent, mainPercent } = options;
  if (percent !== undefined) check.integer('percent', percent, 1, MAX_PERCENT);
  if (mainPercent !== undefined) check.integer('mainPercent', mainPercent, 1, 100);
  const isSized = percent !== undefined || mainPercent !== undefined;
  if (!isSized && sides.every((side) => options[side] === undefined)) {
    throw check.fault('missing-argument', 'width', 'a side or a percentage');
  }
  return {
    ...options,
    mode: check.oneOf('mode', options.mode ?? 'fit', MODES),
    enlarge: check.boolean('enlarge', options.enlarge ?? false),
    background: check.color('background', options.background ?? WHITE),
  };
}

/** Where the scaled picture goes: all of it, the middle of it, or on a canvas. */
interface Target {
  readonly scaled: Size;
  /** Size of the result. */
  readonly size: Size;
  /** Whether any factor that the mode uses is above 1. */
  readonly enlarges: boolean;
  /** Whether the result has exactly the size that was asked for, whatever the picture's shape. */
  readonly isBox: boolean;
}

function planResize(
  resolved: ResolvedResize,
  image: Size,
  context: PlanContext,
  check: ArgumentCheck,
): Lowered {
  if (resolved.mainPercent !== undefined && context.main === undefined) {
    throw check.fault('unknown-key', 'mainPercent', 'it only for the picture of a mark');
  }
  const target = resizeTarget(resolved, image, context.main ?? image);
  const stays = target.enlarges && (!resolved.enlarge || context.isAnimated);
  // The service checks a box as it is asked for, even where the picture would stay as it is.
  if (target.isBox || !stays) checkOutputSize(target.size, context.limits, check);
  if (stays) return { size: image, operations: [] };
  const { scaled, size } = target;
  if (resolved.mode === 'pad') {
    const left = Math.floor((size.width - scaled.width) / 2);
    const top = Math.floor((size.height - scaled.height) / 2);
    const pad = createPad(size, { left, top, ...scaled }, resolved.background);
    const whole = { left: 0, top: 0, ...scaled };
    const resample = createResample(scaled, whole, { fullChroma: pad.needsFullChroma });
    return { size, operations: [resample, pad.operation] };
  }
  const left = Math.floor((scaled.width - size.width) / 2);
  const top = Math.floor((scaled.height - size.height) / 2);
  return { size, operations: [createResample(scaled, { left, top, ...size })] };
}

/** Section by section of the precedence: a box, one or two named sides, percentages. */
function resizeTarget(resolved: ResolvedResize, image: Size, main: Size): Target {
  const { width, height, longSide, shortSide, percent, mainPercent } = resolved;
  if (width !== undefined || height !== undefined) {
    return boxTarget(resolved.mode, image, width, height);
  }
  const isWide = image.width >= image.height;
  if (longSide !== undefined && shortSide !== undefined) {
    return isWide
      ? boxTarget(resolved.mode, image, longSide, shortSide)
      : boxTarget(resolved.mode, image, shortSide, longSide);
  }
  if (longSide !== undefined) {
    // A square's side is both its longest and its shortest, so ties give the same size.
    return image.width > image.height
      ? proportional(image, longSide, undefined)
      : proportional(image, undefined, longSide);
  }
  if (shortSide !== undefined) {
    return image.height < image.width
      ? proportional(image, undefined, shortSide)
      : proportional(image, shortSide, undefined);
  }
  // A percentage enlarges without being asked to.
  const scaled =
    percent === undefined
      ? fitInside(image, scaleBoth(main, mainPercent as number))
      : scaleBoth(image, percent);
  return { scaled, size: scaled, enlarges: false, isBox: false };
}

function scaleBoth({ width, height }: Size, percent: number): Size {
  return { width: scaleSide(width, percent, 100), height: scaleSide(height, percent, 100) };
}

function boxTarget(
  mode: ResizeMode,
  image: Size,
  width: number | undefined,
  height: number | undefined,
): Target {
  const isSquareWhenOneSided = mode === 'pad' || mode === 'fill';
  if (!isSquareWhenOneSided && (width === undefined || height === undefined)) {
    return proportional(image, width, height);
  }
  // One of the two is there, or this would be a resize by other options.
  const box = { width: (width ?? height) as number, height: (height ?? width) as number };
  const isWider = box.width > image.width;
  const isHigher = box.height > image.height;
  const inside = fitInside(image, box);
  const around = fitAround(image, box);
  switch (mode) {
    case 'fit':
      return { scaled: inside, size: inside, enlarges: isWider && isHigher, isBox: false };
    case 'cover':
      return { scaled: around, size: around, enlarges: isWider || isHigher, isBox: false };
    case 'fill':
      return { scaled: around, size: box, enlarges: isWider || isHigher, isBox: true };
    case 'pad':
      return { scaled: inside, size: box, enlarges: isWider && isHigher, isBox: true };
    case 'fixed':
      return { scaled: box, size: box, enlarges: isWider || isHigher, isBox: true };
  }
}

function proportional(image: Size, width: number | undefined, height: number | undefined): Target {
  const isByWidth = width !== undefined;
  const scaled = isByWidth ? byWidth(image, width) : byHeight(image, height as number);
  const enlarges = isByWidth ? width > image.width : (height as number) > image.height;
  return { scaled, size: scaled, enlarges, isBox: false };
}
