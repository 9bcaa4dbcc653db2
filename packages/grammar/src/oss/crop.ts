/**
 * `crop`. `r` stands on no current page of the service, yet its own examples use it: rounded corners
 * of the cut. `g_face` and `g_auto` need recognition of content and are refused by name.
 * @module
 */

import { crop, type CropAction, type Gravity } from '@safelight/core';

import { integer, keyword } from '../arguments.ts';
import { defineOssAction, ecId, given, type OssAction } from './action.ts';
import { OSS_GRAVITIES } from './gravity.ts';

/** Places that only a recogniser of content could find. */
const RECOGNISED = { face: 'face', auto: 'auto' } as const;

/** Beyond any picture: whether a place is inside is known only when the picture is. */
const offset = integer(0, 999_999_999);
const side = integer(0, 16_384);

export const ossCrop: OssAction = defineOssAction({
  name: 'crop',
  summary: 'Cuts out a rectangle.',
  shape: 'keyed',
  parameters: {
    x: { argument: offset, option: 'left', summary: 'shift to the right, px', fallback: 0 },
    y: { argument: offset, option: 'top', summary: 'shift down, px', fallback: 0 },
    w: {
      argument: side,
      option: 'width',
      summary: 'width, px; 0 reaches to the edge',
      fallback: 0,
      ec: { any: ecId(225) },
    },
    h: {
      argument: side,
      option: 'height',
      summary: 'height, px; 0 reaches to the edge',
      fallback: 0,
      ec: { any: ecId(226) },
    },
    g: {
      argument: keyword<Gravity | 'face' | 'auto'>({ ...OSS_GRAVITIES, ...RECOGNISED }),
      option: 'gravity',
      summary: 'where the rectangle starts; face and auto are refused',
      fallback: 'northwest',
      ec: { any: ecId(209) },
    },
    p: {
      argument: integer(1, 200),
      option: 'faceScalePercent',
      summary: 'scale of a face box; only with g_face',
    },
    r: {
      argument: integer(1, 4_096),
      option: 'cornerRadius',
      summary: 'radius of rounded corners, px',
      ec: { any: ecId(237) },
    },
  },
  examples: [
    'image/crop,x_100,y_50',
    'image/crop,x_100,y_50,w_100,h_100',
    'image/crop,x_10,y_10,w_200,h_200,g_se',
  ],
  build(values, context): CropAction {
    if (context.keys.size === 0) throw context.fault('missing-argument', 'one of x y w h g r');
    const gravity = values.g;
    if (gravity === 'face' || gravity === 'auto') {
      throw context.fault('not-implemented', 'one of the nine places', 'g');
    }
    return crop(
      given({
        left: values.x,
        top: values.y,
        width: values.w,
        height: values.h,
        gravity,
        cornerRadius: values.r,
      }),
    );
  },
  read: (action: CropAction) => ({
    x: action.left,
    y: action.top,
    w: action.width,
    h: action.height,
    g: action.gravity,
    r: action.cornerRadius,
  }),
});
