/**
 * Plans without files: a header made up, and what the planner needs beside it.
 * @module
 */

import { createRawCodec } from '@safelight/testkit';
import type { Chain } from '../src/action.ts';
import type { ImageHeader } from '../src/codec.ts';
import { OSS_LIMITS } from '../src/limits.ts';
import { type PicturePlan, planChain, type PlanOptions } from '../src/plan.ts';
import type { TextRasterizer } from '../src/text/rasterizer.ts';

const codecs = [createRawCodec({ format: 'jpeg' }), createRawCodec({ format: 'png' })];

const text: TextRasterizer = {
  fonts: ['first', 'second'],
  measure: () => ({ width: 30, height: 12 }),
  rasterize: () => ({ coverage: new Uint8Array(360), width: 30, height: 12 }),
};

export const PLANNING: PlanOptions = { codecs, limits: OSS_LIMITS, text };

/** A 4:2:0 JPEG of quality 82. */
export function headerOf(
  width: number,
  height: number,
  extras: Partial<ImageHeader> = {},
): ImageHeader {
  return {
    format: 'jpeg',
    width,
    height,
    frames: 1,
    model: 'ycbcr',
    hasAlpha: false,
    bitDepth: 8,
    orientation: 1,
    sampling: [
      { horizontal: 2, vertical: 2 },
      { horizontal: 1, vertical: 1 },
      { horizontal: 1, vertical: 1 },
    ],
    qualityPercent: 82,
    hasIcc: false,
    decoderBytes: 0,
    ...extras,
  };
}

/** The plan of a picture under the limits of OSS. */
export function planOf(header: ImageHeader, chain: Chain): PicturePlan {
  const plan = planChain(header, chain, PLANNING);
  if (plan.kind !== 'picture') throw new Error('expected a plan of a picture');
  return plan;
}
