/**
 * When an animation stays one: the rules of the language, all in this file. Easily got wrong: what
 * makes it still is decided by the whole chain and the format at its end, before any step is planned.
 * @module
 */

import type { Action, ActionName, Chain } from './action.ts';
import type { AnimationSettings, Codec, ImageHeader } from './codec.ts';
import type { Deferred } from './definition.ts';
import { ImageError } from './errors.ts';
import type { Limits } from './limits.ts';
import type { Size } from './shape.ts';

type Rule<Name extends ActionName> =
  | boolean
  | ((action: Extract<Action, { readonly name: Name }>) => boolean);

/**
 * Whether frames live through an action. The service names resize by sides, crop and watermark; every
 * other action on pixels leaves the first frame, even one that changes nothing, such as a turn by 0.
 */
const KEEPS_FRAMES: { readonly [Name in ActionName]: Rule<Name> } = {
  // Nothing happens to pixels.
  'auto-orient': true,
  format: true,
  interlace: true,
  quality: true,
  // Frame by frame.
  crop: ({ cornerRadius }) => cornerRadius === undefined,
  resize: ({ width, height, longSide, shortSide }) =>
    [width, height, longSide, shortSide].some((side) => side !== undefined),
  watermark: true,
  // The first frame.
  'average-hue': false,
  blur: false,
  bright: false,
  circle: false,
  contrast: false,
  flip: false,
  indexcrop: false,
  info: false,
  rotate: false,
  'rounded-corners': false,
  sharpen: false,
};

/** Whether the result has the source's frames: when the codec at the end and each action keep them. */
export function staysAnimated(header: ImageHeader, chain: Chain, output: Codec): boolean {
  if (header.animation === undefined || output.createFrameWriter === undefined) return false;
  return chain.every((action) => {
    const rule = KEEPS_FRAMES[action.name] as Rule<typeof action.name>;
    return typeof rule === 'boolean' ? rule : rule(action as never);
  });
}

/** The language orients no animation, and not its first frame either. */
export function orientsStills(header: ImageHeader, deferred: Deferred): Deferred {
  return header.animation === undefined ? deferred : { ...deferred, orients: 'never' };
}

/** The header as it describes each frame: what `readFrames` delivers, not `decode`. */
export function headerOfFrames(header: ImageHeader): ImageHeader {
  const { sampling: _full, ...rest } = header;
  const { model, hasAlpha, decoderBytes } = header.animation ?? header;
  return { ...rest, model, hasAlpha, decoderBytes };
}

/**
 * What the encoder is told of the whole. Frames times their size is limited in the result as it is in
 * the source, since a canvas may grow by padding. @throws ImageError `output-too-large`
 */
export function planAnimation(
  header: ImageHeader,
  { width, height }: Size,
  limits: Limits,
): AnimationSettings {
  const { frames } = header;
  if (width * height * frames > limits.maxSourcePixels) {
    throw new ImageError(
      'LimitExceeded',
      'output-too-large',
      `resize: expected at most ${limits.maxSourcePixels} pixels in all frames, ` +
        `got ${frames} of ${width}x${height}`,
      { fault: { action: 'resize', value: `${width}x${height}` } },
    );
  }
  return { width, height, frames, plays: header.animation?.plays ?? 1 };
}
