/**
 * The tables of all actions; a test compares them with the language's own list.
 * @module
 */

import type { ActionTable } from './action-table.ts';
import { AUTO_ORIENT } from './auto-orient.ts';
import { AVERAGE_HUE } from './average-hue.ts';
import { BLUR } from './blur.ts';
import { BRIGHT } from './bright.ts';
import { CIRCLE } from './circle.ts';
import { CONTRAST } from './contrast.ts';
import { CROP } from './crop.ts';
import { FLIP } from './flip.ts';
import { FORMAT } from './format.ts';
import { INDEX_CROP } from './indexcrop.ts';
import { INFO } from './info.ts';
import { INTERLACE } from './interlace.ts';
import { QUALITY } from './quality.ts';
import { RESIZE } from './resize.ts';
import { ROTATE } from './rotate.ts';
import { ROUNDED_CORNERS } from './rounded-corners.ts';
import { SHARPEN } from './sharpen.ts';
import { WATERMARK } from './watermark.ts';

export const ACTION_TABLES: readonly ActionTable[] = [
  AUTO_ORIENT,
  AVERAGE_HUE,
  BLUR,
  BRIGHT,
  CIRCLE,
  CONTRAST,
  CROP,
  FLIP,
  FORMAT,
  INDEX_CROP,
  INFO,
  INTERLACE,
  QUALITY,
  RESIZE,
  ROTATE,
  ROUNDED_CORNERS,
  SHARPEN,
  WATERMARK,
];
