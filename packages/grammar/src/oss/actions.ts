/**
 * The table of all OSS actions, in the order of the documentation.
 * @module
 */

import type { OssAction } from './action.ts';
import { ossAutoOrient } from './auto-orient.ts';
import { ossAverageHue } from './average-hue.ts';
import { ossBlur } from './blur.ts';
import { ossBright } from './bright.ts';
import { ossCircle } from './circle.ts';
import { ossContrast } from './contrast.ts';
import { ossCrop } from './crop.ts';
import { ossFlip } from './flip.ts';
import { ossFormat } from './format.ts';
import { ossIndexCrop } from './indexcrop.ts';
import { ossInfo } from './info.ts';
import { ossInterlace } from './interlace.ts';
import { ossQuality } from './quality.ts';
import { ossResize } from './resize.ts';
import { ossRotate } from './rotate.ts';
import { ossRoundedCorners } from './rounded-corners.ts';
import { ossSharpen } from './sharpen.ts';
import { OSS_UNBUILT } from './unbuilt.ts';
import { ossWatermark } from './watermark.ts';

export const OSS_ACTIONS: readonly OssAction[] = [
  ossResize,
  ossCrop,
  ossIndexCrop,
  ossCircle,
  ossRoundedCorners,
  ossRotate,
  ossAutoOrient,
  ossFlip,
  ossBlur,
  ossBright,
  ossContrast,
  ossSharpen,
  ossQuality,
  ossFormat,
  ossInterlace,
  ossWatermark,
  ossInfo,
  ossAverageHue,
  ...OSS_UNBUILT,
];

const BY_NAME: ReadonlyMap<string, OssAction> = new Map(
  OSS_ACTIONS.map((action) => [action.name, action]),
);

export function findOssAction(name: string): OssAction | undefined {
  return BY_NAME.get(name);
}
