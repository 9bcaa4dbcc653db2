/**
 * Every key of `watermark`, at and beyond its edges, and the order of its faults.
 * @module
 */

import {
  crop,
  indexCrop,
  type MarkStep,
  OSS_LIMITS,
  resize,
  rotate,
  roundedCorners,
  watermark,
} from '@safelight/core';
import { describe, expect, it } from 'vitest';

import { accepts, chainOf, integerEdges, refusalOf, refuses } from '../../test/cases.ts';
import { encodeUrlSafeBase64, OSS_FONTS, printChain } from '../index.ts';

const HELLO = 'text_SGVsbG8gV29ybGQ';
const text = { content: 'Hello World' };
const picture = { key: 'panda.png' };
const imaged = (source: string): string => `watermark,image_${encodeUrlSafeBase64(source)}`;
const nested = (process: string): string => imaged(`a.png?x-oss-process=${process}`);
const nest = (chain: readonly MarkStep[]) => watermark({ picture: { key: 'a.png', chain } });
const typed = (name: string): string => `watermark,${HELLO},type_${encodeUrlSafeBase64(name)}`;
const texted = (content: string): string => `watermark,text_${encodeUrlSafeBase64(content)}`;

describe('watermark', () => {
  accepts([
    [`watermark,${HELLO}`, watermark({ text })],
    [
      'watermark,text_SGVsbG8g5Zu-54mH5pyN5YqhIQ',
      watermark({ text: { content: 'Hello 图片服务!' } }),
    ],
    [
      'watermark,text_SGVsbG8g5Zu+54mH5pyN5YqhIQ==',
      watermark({ text: { content: 'Hello 图片服务!' } }),
    ],
    [
      'watermark,text_SGVsbG8g5Zu 54mH5pyN5YqhIQ',
      watermark({ text: { content: 'Hello 图片服务!' } }),
    ],
    [
      `watermark,type_d3F5LXplbmhlaQ,size_30,${HELLO},color_FFFFFF,shadow_50,t_100,g_se,x_10,y_10`,
      watermark({
        text: { ...text, size: 30, color: { red: 255, green: 255, blue: 255 }, shadowPercent: 50 },
      }),
    ],
    [
      `watermark,${HELLO},rotate_45,t_90,g_west,x_0,y_4096,voffset_-20,fill_1,padx_3,pady_4`,
      watermark({
        text: { ...text, angleDeg: 45 },
        opacityPercent: 90,
        gravity: 'west',
        distanceX: 0,
        distanceY: 4096,
        middleOffset: -20,
        tile: true,
        tileGapX: 3,
        tileGapY: 4,
      }),
    ],
    [`watermark,${HELLO},t_90,x_1,t_50`, watermark({ text, opacityPercent: 50, distanceX: 1 })],
    [`watermark,${HELLO},order_1,align_0,interval_1000`, watermark({ text })],
    [`watermark,${HELLO},voffset_-0`, watermark({ text })],
    [texted('x'.repeat(64)), watermark({ text: { content: 'x'.repeat(64) } })],
    [texted('图'.repeat(21)), watermark({ text: { content: '图'.repeat(21) } })],
    [typed('wqy-zenhei'), watermark({ text })],
    [typed('wqy-microhei'), watermark({ text })],
    [typed('fangzhengheiti'), watermark({ text })],
    [typed('droidsansfallback'), watermark({ text })],
    [typed('fangzhengshusong'), watermark({ text: { ...text, font: 'serif' } })],
    [typed('fangzhengfangsong'), watermark({ text: { ...text, font: 'serif' } })],
    [typed('fangzhengkaiti'), watermark({ text: { ...text, font: 'kai' } })],
    [`watermark,${HELLO},type_d3F5LXplbmhlaQ==`, watermark({ text })],
    [
      'watermark,image_cGFuZGEucG5n,t_90,g_se,x_10,y_10',
      watermark({ picture, opacityPercent: 90 }),
    ],
    [`watermark,image_cGFuZGEucG5n,${HELLO}`, watermark({ text, picture })],
    [
      `watermark,image_cGFuZGEucG5n,${HELLO},order_1,align_0,interval_1000`,
      watermark({ text, picture, first: 'text', align: 'top', interval: 1_000 }),
    ],
    [
      `watermark,image_cGFuZGEucG5n,${HELLO},order_0,align_1,interval_0`,
      watermark({ text, picture, align: 'middle' }),
    ],
    [`watermark,image_cGFuZGEucG5n,${HELLO},align_2`, watermark({ text, picture })],
    [
      'watermark,image_cGFuZGEucG5n,order_1,align_0,interval_9,fill_1,padx_7,pady_8',
      watermark({ picture, tile: true, tileGapX: 7, tileGapY: 8 }),
    ],
    ['watermark,image_aW1hZ2UvcGFuZGEucG5n', watermark({ picture: { key: 'image/panda.png' } })],
    [
      'watermark,image_cGFuZGEucG5nP3gtb3NzLXByb2Nlc3M9aW1hZ2UvcmVzaXplLFBfMzA,t_90,g_se,x_10,y_10',
      watermark({
        picture: { key: 'panda.png', chain: [resize({ mainPercent: 30 })] },
        opacityPercent: 90,
      }),
    ],
    [nested('image/resize,P_1'), nest([resize({ mainPercent: 1 })])],
    [nested('image/resize,P_100'), nest([resize({ mainPercent: 100 })])],
    [nested('image/crop,w_9,g_se'), nest([crop({ width: 9, gravity: 'southeast' })])],
    [nested('image/indexcrop,x_9,i_1'), nest([indexCrop({ stripWidth: 9, index: 1 })])],
    [nested('image/rounded-corners,r_9'), nest([roundedCorners({ radius: 9 })])],
    [nested('image/rotate,45'), nest([rotate({ angleDeg: 45 })])],
    [
      nested('image/resize,w_50/crop,w_9/rotate,90'),
      nest([resize({ width: 50 }), crop({ width: 9 }), rotate({ angleDeg: 90 })]),
    ],
    [imaged('watermark/info.png?x=1'), watermark({ picture: { key: 'watermark/info.png?x=1' } })],
  ]);

  integerEdges(`watermark,${HELLO},t_`, 0, 100, 263);
  integerEdges(`watermark,${HELLO},x_`, 0, 4_096, 262);
  integerEdges(`watermark,${HELLO},y_`, 0, 4_096, 264);
  integerEdges(`watermark,${HELLO},voffset_`, -1_000, 1_000, 268);
  integerEdges(`watermark,${HELLO},fill_`, 0, 1, 274);
  integerEdges(`watermark,${HELLO},padx_`, 0, 4_096, 276);
  integerEdges(`watermark,${HELLO},pady_`, 0, 4_096, 277);
  integerEdges(`watermark,${HELLO},size_`, 1, 1_000, 256);
  integerEdges(`watermark,${HELLO},shadow_`, 0, 100, 255);
  integerEdges(`watermark,${HELLO},rotate_`, 0, 360, 272);
  integerEdges(`watermark,${HELLO},order_`, 0, 1, 269);
  integerEdges(`watermark,${HELLO},align_`, 0, 2, 271);
  integerEdges(`watermark,${HELLO},interval_`, 0, 1_000, 270);

  refuses([
    ['watermark', 278],
    ['watermark,', 278],
    ['watermark,t_50', 278],
    ['watermark,hello', 278],
    ['watermark,text', 258],
    ['watermark,text_', 258],
    ['watermark,text_=', 258],
    ['watermark,text_notbase64', 257, 'BadRequest'],
    ['watermark,text_图片', 257, 'BadRequest'],
    ['watermark,text_a*bc', 257, 'BadRequest'],
    ['watermark,text__w', 257, 'BadRequest'],
    [texted('x'.repeat(65)), 259],
    [texted('图'.repeat(22)), 259],
    [`watermark,${HELLO},size_2000`, 256],
    [`watermark,${HELLO},t_200`, 263],
    [`watermark,${HELLO},voffset_2000`, 268],
    [`watermark,${HELLO},fill_2`, 274],
    [`watermark,${HELLO},order_2`, 269],
    [`watermark,${HELLO},interval_2000`, 270],
    [`watermark,${HELLO},g_fac`, 260],
    [`watermark,${HELLO},color_red`, 254],
    [`watermark,${HELLO},color_AABBCCDD`, 254],
    [`watermark,${HELLO},color`, 254],
    [`watermark,${HELLO},type_notbase64`, 250, 'BadRequest'],
    [`watermark,${HELLO},type`, 250],
    [`watermark,${HELLO},type_bm90c3VwcG9ydAo`, 251],
    [typed('constructor'), 251],
    ['watermark,image_notbase64', 265, 'BadRequest'],
    ['watermark,image', 265],
    ['watermark,image_', 265],
    ['watermark,image_cGFuZGEucG5n,t_200', 263],
    [`watermark,image_cGFuZGEucG5n,order_2`, 269],
    [`watermark,image_cGFuZGEucG5n,align_3`, 271],
    [`watermark,image_cGFuZGEucG5n,interval_1001`, 270],
    [nested('image/watermark,text_YQ'), 373],
    [nested('image/resize,w_9/watermark,image_YQ'), 373],
    [nested('image/info'), 374],
    [nested('image/resize,w_9/info'), 374],
    [nested('image/circle,r_9'), undefined],
    [nested('image/blur,r_3,s_2'), undefined],
    [nested('image/format,png'), undefined],
    [nested('image/average-hue'), undefined],
    [nested('image/slim,1'), 213],
    [nested('image/'), 212],
    [nested('style/small'), undefined],
    [nested('image/resize,P_0'), undefined],
    [nested('image/resize,P_101'), undefined],
    [nested('image/resize,P_abc'), undefined],
    [nested('image/resize,w_16385'), 312],
    [nested('image/rotate,361'), 217],
    [nested('image/rounded-corners,r_0'), 237],
    [nested('image/indexcrop,x_0'), 230],
    [nested('image/crop,w_1,g_up'), 209],
    [imaged('?x-oss-process=image/resize,w_9'), 265],
  ]);

  it('reports a bad colour before a font that it lacks', () => {
    const refusal = refusalOf(`image/watermark,${HELLO},type_bm90c3VwcG9ydAo,color_xyz`);
    expect(refusal.ec).toBe('0040-00000254');
  });

  it('speaks of content that is not base64 or too large in the words of the service', () => {
    expect(refusalOf('image/watermark,text_notbase64').message).toBe(
      'Input is not base64 decoding.',
    );
    expect(refusalOf(`image/${texted('x'.repeat(65))}`).message).toContain(
      'font content is too large',
    );
  });

  it('points a fault of the picture’s own chain at the picture', () => {
    const step = `${imaged('a.png?x-oss-process=image/resize,w_0')},t_90`;
    const { at, ec, message } = refusalOf(`image/${step}`);
    expect({ at, ec, message }).toEqual({
      at: 'image/watermark,'.length,
      ec: '0040-00000312',
      message: 'The value: 0 of parameter: w is invalid.',
    });
  });

  it('takes P only inside a mark', () => {
    expect(refusalOf('image/resize,P_30').ec).toBe('0040-00000322');
    expect(chainOf('image/resize,P_30,w_9')).toEqual([resize({ width: 9 })]);
    const strict = { limits: OSS_LIMITS, strict: true };
    expect(refusalOf('image/resize,P_30,w_9', strict).reason).toBe('unknown-key');
  });

  it('takes other fonts when told which', () => {
    const options = { limits: OSS_LIMITS, fonts: { ...OSS_FONTS, 'My Font': 'my-font' } };
    expect(chainOf(`image/${typed('My Font')}`, options)).toEqual([
      watermark({ text: { ...text, font: 'my-font' } }),
    ]);
  });

  it('prints text and font as base64 without padding, defaults left out', () => {
    const chain = [
      watermark({
        text: { content: 'a', font: 'kai', size: 40, color: { red: 0, green: 0, blue: 0 } },
        gravity: 'southeast',
        distanceX: 10,
        tile: false,
        opacityPercent: 0,
      }),
    ];
    expect(printChain(chain)).toBe('image/watermark,text_YQ,type_ZmFuZ3poZW5na2FpdGk,t_0');
  });
});
