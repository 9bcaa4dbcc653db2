/**
 * The slow float64 twins of the kernels that mix the samples of one place: sharpening, alpha,
 * compositing, colour. Colour has the real coefficients of BT.601 and not a codec's integers.
 * @module
 */

import type { Kernels } from '@safelight/core';

import { everySample, toLevel } from './samples.ts';

export const sharpen: Kernels['sharpen'] = (
  source,
  sourceStride,
  blurred,
  blurredStride,
  target,
  targetStride,
  width,
  height,
  amount,
) => {
  everySample(width, height, (x, y) => {
    const sample = source[y * sourceStride + x];
    const detail = sample - blurred[y * blurredStride + x];
    target[y * targetStride + x] = toLevel(sample + (detail * amount) / 256);
  });
};

export const premultiply: Kernels['premultiply'] = (
  source,
  sourceStride,
  alpha,
  alphaStride,
  target,
  targetStride,
  width,
  height,
) => {
  everySample(width, height, (x, y) => {
    const product = source[y * sourceStride + x] * alpha[y * alphaStride + x];
    target[y * targetStride + x] = toLevel(product / 255);
  });
};

export const premultiplyPixels: Kernels['premultiplyPixels'] = (
  source,
  sourceStride,
  target,
  targetStride,
  width,
  height,
) => {
  everySample(width, height, (x, y) => {
    const from = y * sourceStride + 4 * x;
    const alpha = source[from + 3];
    const to = y * targetStride + 4 * x;
    for (let i = 0; i < 3; i++) target[to + i] = toLevel((source[from + i] * alpha) / 255);
    target[to + 3] = alpha;
  });
};

export const unpremultiply: Kernels['unpremultiply'] = (
  source,
  sourceStride,
  alpha,
  alphaStride,
  target,
  targetStride,
  width,
  height,
) => {
  everySample(width, height, (x, y) => {
    const a = alpha[y * alphaStride + x];
    target[y * targetStride + x] = a === 0 ? 0 : toLevel((source[y * sourceStride + x] * 255) / a);
  });
};

export const multiply: Kernels['multiply'] = (
  target,
  targetStride,
  coverage,
  coverageStride,
  width,
  height,
) => {
  everySample(width, height, (x, y) => {
    const at = y * targetStride + x;
    target[at] = toLevel((target[at] * coverage[y * coverageStride + x]) / 255);
  });
};

export const blendValue: Kernels['blendValue'] = (
  target,
  targetStride,
  coverage,
  coverageStride,
  width,
  height,
  value,
) => {
  everySample(width, height, (x, y) => {
    const at = y * targetStride + x;
    const share = coverage[y * coverageStride + x] / 255;
    target[at] = toLevel(target[at] + (value - target[at]) * share);
  });
};

export const blendPlane: Kernels['blendPlane'] = (
  target,
  targetStride,
  source,
  sourceStride,
  coverage,
  coverageStride,
  width,
  height,
) => {
  everySample(width, height, (x, y) => {
    const at = y * targetStride + x;
    const share = coverage[y * coverageStride + x] / 255;
    target[at] = toLevel(target[at] + (source[y * sourceStride + x] - target[at]) * share);
  });
};

/** Porter and Duff's source-over on straight alpha; all in 0..255. */
function over(above: number, coverage: number, below: number, alpha: number): number {
  const weightAbove = coverage * 255;
  const weightBelow = alpha * (255 - coverage);
  const weight = weightAbove + weightBelow;
  return weight === 0 ? 0 : toLevel((above * weightAbove + below * weightBelow) / weight);
}

export const overValue: Kernels['overValue'] = (
  target,
  targetStride,
  alpha,
  alphaStride,
  coverage,
  coverageStride,
  width,
  height,
  value,
) => {
  everySample(width, height, (x, y) => {
    const at = y * targetStride + x;
    const share = coverage[y * coverageStride + x];
    target[at] = over(value, share, target[at], alpha[y * alphaStride + x]);
  });
};

export const overPlane: Kernels['overPlane'] = (
  target,
  targetStride,
  alpha,
  alphaStride,
  source,
  sourceStride,
  coverage,
  coverageStride,
  width,
  height,
) => {
  everySample(width, height, (x, y) => {
    const at = y * targetStride + x;
    const share = coverage[y * coverageStride + x];
    const above = source[y * sourceStride + x];
    target[at] = over(above, share, target[at], alpha[y * alphaStride + x]);
  });
};

export const overAlpha: Kernels['overAlpha'] = (
  alpha,
  alphaStride,
  coverage,
  coverageStride,
  width,
  height,
) => {
  everySample(width, height, (x, y) => {
    const at = y * alphaStride + x;
    const share = coverage[y * coverageStride + x];
    alpha[at] = toLevel(alpha[at] + share - (alpha[at] * share) / 255);
  });
};

export const rgbToYcbcr: Kernels['rgbToYcbcr'] = (
  red,
  redStride,
  green,
  greenStride,
  blue,
  blueStride,
  width,
  height,
) => {
  everySample(width, height, (x, y) => {
    const r = red[y * redStride + x];
    const g = green[y * greenStride + x];
    const b = blue[y * blueStride + x];
    const luma = 0.299 * r + 0.587 * g + 0.114 * b;
    red[y * redStride + x] = toLevel(luma);
    green[y * greenStride + x] = toLevel(128 + (b - luma) / 1.772);
    blue[y * blueStride + x] = toLevel(128 + (r - luma) / 1.402);
  });
};

export const ycbcrToRgb: Kernels['ycbcrToRgb'] = (
  luma,
  lumaStride,
  blueDifference,
  blueDifferenceStride,
  redDifference,
  redDifferenceStride,
  width,
  height,
) => {
  everySample(width, height, (x, y) => {
    const l = luma[y * lumaStride + x];
    const r = l + 1.402 * (redDifference[y * redDifferenceStride + x] - 128);
    const b = l + 1.772 * (blueDifference[y * blueDifferenceStride + x] - 128);
    luma[y * lumaStride + x] = toLevel(r);
    blueDifference[y * blueDifferenceStride + x] = toLevel((l - 0.299 * r - 0.114 * b) / 0.587);
    redDifference[y * redDifferenceStride + x] = toLevel(b);
  });
};

export const inkToLight: Kernels['inkToLight'] = (
  ink,
  inkStride,
  black,
  blackStride,
  target,
  targetStride,
  width,
  height,
) => {
  everySample(width, height, (x, y) => {
    const light = (255 - ink[y * inkStride + x]) * (255 - black[y * blackStride + x]);
    target[y * targetStride + x] = toLevel(light / 255);
  });
};
