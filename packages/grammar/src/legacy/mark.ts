/**
 * `watermark=…` of the legacy syntax: pairs of a name and a value, by `&`. What the service's URLs write
 * in base64 is base64 here too, the colour included.
 * @module
 */

import {
  type Action,
  type Color,
  type MarkAlignment,
  type MarkStep,
  type PictureMark,
  type TextMark,
  watermark,
} from '@safelight/core';

import { base64Text, hexColor, integer } from '../arguments.ts';
import type { Fonts } from '../oss/action.ts';
import { type Meter, type Segment, splitOnce, splitSegments } from '../segments.ts';
import { decodeToken, legacyFault, type LegacyToken } from './fault.ts';
import { placeOf, readStage } from './stage.ts';

/** Letters here mean something else than in a stage of sizes. */
const GROUP = 'watermark';

const TEXT = base64Text(64);
const NAME = base64Text(2_048);
const ALIGNMENTS: readonly MarkAlignment[] = ['top', 'middle', 'bottom'];

type Pairs = ReadonlyMap<string, LegacyToken>;

/** @throws ImageError */
export function readMark(
  stage: Segment,
  { fonts, meter }: { readonly fonts: Fonts; readonly meter: Meter },
): Action {
  const pairs = new Map<string, LegacyToken>();
  for (const segment of splitSegments(stage.text, stage.at, '&', meter)) {
    const { head: key, tail: value = '' } = splitOnce(segment, '=', meter);
    pairs.set(key, { key, value, at: segment.at, group: GROUP });
  }
  const kind = requireToken(pairs, 'watermark', stage);
  const number = decodeToken(kind, integer(1, 3));
  const text = number === 1 ? undefined : readText(pairs, stage, fonts);
  const picture = number === 2 ? undefined : readPicture(pairs, stage, meter);
  return watermark({
    ...(text && { text }),
    ...(picture && { picture }),
    ...(number === 3 && readJoint(pairs)),
    ...readPlace(pairs),
  });
}

function readText(pairs: Pairs, stage: Segment, fonts: Fonts): TextMark {
  const content = decodeToken(requireToken(pairs, 'text', stage), TEXT);
  const font = readFont(pairs.get('type'), fonts);
  const color = readColor(pairs.get('color'));
  const size = numberOf(pairs, 'size', 1, 1_000);
  const shadowPercent = numberOf(pairs, 's', 0, 100);
  const angleDeg = numberOf(pairs, 'rotate', 0, 360);
  return {
    content,
    ...(font !== undefined && { font }),
    ...(color && { color }),
    ...(size !== undefined && { size }),
    ...(shadowPercent !== undefined && { shadowPercent }),
    ...(angleDeg !== undefined && { angleDeg }),
  };
}

/** The key of a picture, with a stage of its own behind `@` where that begins with a number. */
function readPicture(pairs: Pairs, stage: Segment, meter: Meter): PictureMark {
  const token = requireToken(pairs, 'object', stage);
  const source = decodeToken(token, NAME);
  const cut = source.lastIndexOf('@');
  const text = source.slice(cut + 1);
  if (cut <= 0 || !/^\d/.test(text)) return { key: source };
  const { actions } = readStage({ text, at: token.at }, { meter, inMark: true });
  const chain = actions.filter((action): action is MarkStep => NESTABLE.has(action.name));
  if (chain.length < actions.length) {
    throw legacyFault('not-nestable', `one of ${[...NESTABLE].join(' ')}`, token);
  }
  return { key: source.slice(0, cut), chain };
}

const NESTABLE: ReadonlySet<string> = new Set<MarkStep['name']>([
  'resize',
  'crop',
  'indexcrop',
  'rounded-corners',
  'rotate',
]);

function readJoint(pairs: Pairs): Partial<Parameters<typeof watermark>[0]> {
  const order = numberOf(pairs, 'order', 0, 1);
  const align = ALIGNMENTS[numberOf(pairs, 'align', 0, 2) ?? 2];
  const interval = numberOf(pairs, 'interval', 0, 1_000);
  return {
    ...(order === 1 && { first: 'text' as const }),
    ...(align !== undefined && align !== 'bottom' && { align }),
    ...(interval !== undefined && { interval }),
  };
}

function readPlace(pairs: Pairs): Partial<Parameters<typeof watermark>[0]> {
  const opacityPercent = numberOf(pairs, 't', 0, 100);
  const place = numberOf(pairs, 'p', 1, 9);
  const distanceX = numberOf(pairs, 'x', 0, 4_096);
  const distanceY = numberOf(pairs, 'y', 0, 4_096);
  const middleOffset = numberOf(pairs, 'voffset', -1_000, 1_000);
  const tile = numberOf(pairs, 'fill', 0, 1);
  return {
    ...(opacityPercent !== undefined && { opacityPercent }),
    ...(place !== undefined && { gravity: placeOf(place) }),
    ...(distanceX !== undefined && { distanceX }),
    ...(distanceY !== undefined && { distanceY }),
    ...(middleOffset !== undefined && { middleOffset }),
    ...(tile === 1 && { tile: true }),
  };
}

function readFont(token: LegacyToken | undefined, fonts: Fonts): string | undefined {
  if (token === undefined) return undefined;
  const name = decodeToken(token, NAME);
  const font = Object.hasOwn(fonts, name) ? fonts[name] : undefined;
  if (font !== undefined) return font;
  throw legacyFault('unknown-font', `one of ${Object.keys(fonts).join(' ')}`, token);
}

/** `#rrggbb`, in base64. */
function readColor(token: LegacyToken | undefined): Color | undefined {
  if (token === undefined) return undefined;
  const text = decodeToken(token, NAME);
  const value = text.startsWith('#') ? text.slice(1) : '';
  return decodeToken({ ...token, value }, hexColor());
}

function numberOf(pairs: Pairs, key: string, min: number, max: number): number | undefined {
  const token = pairs.get(key);
  return token && decodeToken(token, integer(min, max));
}

function requireToken(pairs: Pairs, key: string, stage: Segment): LegacyToken {
  const token = pairs.get(key);
  if (token !== undefined) return token;
  throw legacyFault('missing-argument', `${key}=`, {
    key,
    value: '',
    at: stage.at,
    group: GROUP,
  });
}
