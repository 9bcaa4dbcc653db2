/**
 * EC ids of the legacy keys: their own where they are published, and otherwise those of the keys that
 * took their place.
 * @module
 */

import type { ImageError } from '@safelight/core';

import { ecId } from '../oss/action.ts';
import { LEGACY } from './fault.ts';

/** By key, behind its group and a dot where it has one, and by reason where the service tells. */
const IDS: ReadonlyMap<string, number> = new Map([
  ['w', 312],
  ['h', 313],
  ['side.w', 350],
  ['side.h', 350],
  ['p', 317],
  ['x', 317],
  ['e', 311],
  ['l', 333],
  ['bgc', 318],
  ['a', 205],
  ['width.rc', 327],
  ['height.rc', 328],
  ['place.rc', 329],
  ['rc', 330],
  ['ic', 230],
  ['ci', 233],
  ['r', 217],
  ['o', 215],
  ['bl', 238],
  ['b', 246],
  ['d', 248],
  ['sh', 280],
  ['q', 309],
  ['Q', 308],
  ['pr', 282],
  ['format', 206],
  ['watermark.watermark', 278],
  ['watermark.object', 265],
  ['watermark.object missing-argument', 278],
  ['watermark.text', 257],
  ['watermark.text missing-argument', 379],
  ['watermark.text empty-value', 379],
  ['watermark.text text-too-long', 377],
  ['watermark.type', 250],
  ['watermark.type unknown-font', 251],
  ['watermark.size', 375],
  ['watermark.color', 385],
  ['watermark.color not-base64', 384],
  ['watermark.s', 255],
  ['watermark.t', 263],
  ['watermark.p', 365],
  ['watermark.x', 262],
  ['watermark.y', 264],
  ['watermark.voffset', 268],
  ['watermark.order', 269],
  ['watermark.align', 271],
  ['watermark.interval', 358],
  ['watermark.rotate', 272],
  ['watermark.fill', 274],
]);

/** Whether a fault is one of the legacy syntax. */
export function isLegacyFault({ fault }: ImageError): boolean {
  return fault?.action?.startsWith(LEGACY) ?? false;
}

export function legacyEcId({ fault, reason }: ImageError): string | undefined {
  const group = fault?.action?.slice(LEGACY.length) ?? '';
  const key = `${group === '' ? '' : `${group}.`}${fault?.parameter ?? ''}`;
  const id = IDS.get(`${key} ${reason}`) ?? IDS.get(key);
  return id === undefined ? undefined : ecId(id);
}
