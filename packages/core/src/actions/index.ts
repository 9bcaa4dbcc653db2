/**
 * The list of all actions; a test compares it with this folder.
 * @module
 */

import type { ActionName } from '../action.ts';
import type { DefinedAction } from '../definition.ts';
import { autoOrientAction } from './auto-orient.ts';
import { averageHueAction } from './average-hue.ts';
import { blurAction } from './blur.ts';
import { brightAction } from './bright.ts';
import { circleAction } from './circle.ts';
import { contrastAction } from './contrast.ts';
import { cropAction } from './crop.ts';
import { flipAction } from './flip.ts';
import { formatAction } from './format.ts';
import { indexCropAction } from './indexcrop.ts';
import { infoAction } from './info.ts';
import { interlaceAction } from './interlace.ts';
import { qualityAction } from './quality.ts';
import { resizeAction } from './resize.ts';
import { rotateAction } from './rotate.ts';
import { roundedCornersAction } from './rounded-corners.ts';
import { sharpenAction } from './sharpen.ts';
import { watermarkAction } from './watermark.ts';

export const ACTIONS: { readonly [Name in ActionName]: DefinedAction<Name> } = {
  'auto-orient': autoOrientAction,
  'average-hue': averageHueAction,
  blur: blurAction,
  bright: brightAction,
  circle: circleAction,
  contrast: contrastAction,
  crop: cropAction,
  flip: flipAction,
  format: formatAction,
  indexcrop: indexCropAction,
  info: infoAction,
  interlace: interlaceAction,
  quality: qualityAction,
  resize: resizeAction,
  rotate: rotateAction,
  'rounded-corners': roundedCornersAction,
  sharpen: sharpenAction,
  watermark: watermarkAction,
};
