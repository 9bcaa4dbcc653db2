/**
 * Every key of `watermark`, at and beyond its edges, and the order of its faults.
 * @module
 */

import { OSS_LIMITS, watermark } from '@safelight/core';
import { describe, expect, it } from 'vitest';

import { accepts, chainOf, integerEdges, refusalOf, refuses } from '../../test/cases.ts';
import { encodeUrlSafeBase64, OSS_FONTS, printChain } from '../index.ts';

const HELLO = 'text_SGVsbG8gV29ybGQ';
const text = { content: 'Hello World' };
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
    ['watermark,image_cGFuZGEucG5n,t_200', 263],
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

  it.each(['watermark,image_cGFuZGEucG5n,t_90', `watermark,image_cGFuZGEucG5n,${HELLO}`])(
    'refuses %s as not implemented',
    (step) => {
      const { status, code, message } = refusalOf(`image/${step}`);
      expect({ status, code, message }).toEqual({
        status: 501,
        code: 'NotImplemented',
        message: 'The argument: image_cGFuZGEucG5n of action: watermark is not implemented.',
      });
    },
  );

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
