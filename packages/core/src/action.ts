/**
 * An action is one typed step of a chain; a chain is what happens to a picture, in order. The
 * letters of a dialect (`w_`, `m_`) never appear here.
 * @module
 */

import type { AutoOrientAction } from './actions/auto-orient.ts';
import type { AverageHueAction } from './actions/average-hue.ts';
import type { BlurAction } from './actions/blur.ts';
import type { BrightAction } from './actions/bright.ts';
import type { CircleAction } from './actions/circle.ts';
import type { ContrastAction } from './actions/contrast.ts';
import type { CropAction } from './actions/crop.ts';
import type { FlipAction } from './actions/flip.ts';
import type { FormatAction } from './actions/format.ts';
import type { IndexCropAction } from './actions/indexcrop.ts';
import type { InfoAction } from './actions/info.ts';
import type { InterlaceAction } from './actions/interlace.ts';
import type { QualityAction } from './actions/quality.ts';
import type { ResizeAction } from './actions/resize.ts';
import type { RotateAction } from './actions/rotate.ts';
import type { RoundedCornersAction } from './actions/rounded-corners.ts';
import type { SharpenAction } from './actions/sharpen.ts';
import type { WatermarkAction } from './actions/watermark.ts';

export type Action =
  | AutoOrientAction
  | AverageHueAction
  | BlurAction
  | BrightAction
  | CircleAction
  | ContrastAction
  | CropAction
  | FlipAction
  | FormatAction
  | IndexCropAction
  | InfoAction
  | InterlaceAction
  | QualityAction
  | ResizeAction
  | RotateAction
  | RoundedCornersAction
  | SharpenAction
  | WatermarkAction;

export type ActionName = Action['name'];

/** Actions in the order they run. */
export type Chain = readonly Action[];
