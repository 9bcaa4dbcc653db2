/**
 * What a first start shows: a public and a private bucket with one picture, and two styles. Only an
 * empty store gets it, so nothing that an operator removed comes back.
 * @module
 */

import { type Chain, type Limits } from '@safelight/core';
import { encodeUrlSafeBase64, parseProcess } from '@safelight/grammar';
import type { BucketAcl, StorageDriver } from '@safelight/storage';
import type { Renderer } from '../service.ts';
import { DEMO_HEIGHT, DEMO_WIDTH, paintDemo } from './demo-picture.ts';
import { encodePng } from './png-writer.ts';

export const DEMO_BUCKET = 'image-demo';
export const PRIVATE_BUCKET = 'image-private';
export const DEMO_KEY = 'example.jpg';
export const DEMO_STYLE = 'oss-pic-style-w-100';

const STYLES: Readonly<Record<string, string>> = {
  [DEMO_STYLE]: 'image/resize,w_100',
  'example-style': 'image/resize,w_100',
};

const BUCKETS: Readonly<Record<string, BucketAcl>> = {
  [DEMO_BUCKET]: 'public-read',
  [PRIVATE_BUCKET]: 'private',
};

/** Whether the store was empty and now holds the demo. */
export async function createDemo(
  store: StorageDriver,
  renderer: Renderer,
  options: { readonly limits: Limits; readonly region: string },
): Promise<boolean> {
  const existing = await store.listBuckets();
  if (existing.length > 0) return false;
  const picture = await renderDemo(renderer, options.limits);
  for (const [bucket, acl] of Object.entries(BUCKETS)) {
    await store.createBucket(bucket, { acl, location: options.region });
    await store.putObject(bucket, DEMO_KEY, picture, { contentType: 'image/jpeg' });
    for (const [name, content] of Object.entries(STYLES)) {
      await store.putStyle(bucket, name, content);
    }
  }
  return true;
}

/** The painted picture, signed and made a JPEG by our own engine. */
async function renderDemo(renderer: Renderer, limits: Limits): Promise<Uint8Array> {
  const png = encodePng(paintDemo(), DEMO_WIDTH, DEMO_HEIGHT);
  const picture = await renderer.render(
    {
      chain: demoChain(limits),
      sourceBytes: png.byteLength,
      readSource: () => Promise.resolve(png),
    },
    new AbortController().signal,
  );
  return picture.bytes;
}

function demoChain(limits: Limits): Chain {
  const text = encodeUrlSafeBase64('Safelight · 图片服务');
  const mark = `watermark,text_${text},size_72,color_FFFFFF,shadow_50,g_sw,x_48,y_40`;
  const parsed = parseProcess(`image/${mark}/format,jpg/quality,Q_92`, { limits });
  if (parsed.kind === 'style') throw new Error('the demo has a chain of its own');
  return parsed.chain;
}
