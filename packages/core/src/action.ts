/**
 * An action is one typed step of a chain; a chain is what happens to a picture, in order. The
 * letters of a dialect (`w_`, `m_`) never appear here.
 * @module
 */

import type { AutoOrientAction } from './actions/auto-orient.ts';
import type { BlurAction } from './actions/blur.ts';
import type { CropAction } from './actions/crop.ts';
import type { FlipAction } from './actions/flip.ts';
import type { FormatAction } from './actions/format.ts';
import type { InfoAction } from './actions/info.ts';
import type { InterlaceAction } from './actions/interlace.ts';
import type { QualityAction } from './actions/quality.ts';
import type { ResizeAction } from './actions/resize.ts';
import type { RotateAction } from './actions/rotate.ts';
import type { SharpenAction } from './actions/sharpen.ts';
import type { WatermarkAction } from './actions/watermark.ts';

export type Action =
  | AutoOrientAction
  | BlurAction
  | CropAction
  | FlipAction
  | FormatAction
  | InfoAction
  | InterlaceAction
  | QualityAction
  | ResizeAction
  | RotateAction
  | SharpenAction
  | WatermarkAction;

export type ActionName = Action['name'];

/** Actions in the order they run. */
export type Chain = readonly Action[];
