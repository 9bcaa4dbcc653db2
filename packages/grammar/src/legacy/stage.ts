/**
 * One stage of the legacy syntax: values with their key behind them, `100w_100h_1e_1c`. The order in
 * which they are written means nothing; of several with one key the last counts.
 * @module
 */

import {
  type Action,
  autoOrient,
  blur,
  bright,
  circle,
  contrast,
  crop,
  GRAVITIES,
  type Gravity,
  indexCrop,
  interlace,
  quality,
  rotate,
  roundedCorners,
  sharpen,
} from '@safelight/core';

import { type Argument, integer } from '../arguments.ts';
import { splitSegments, type Meter, type Segment } from '../segments.ts';
import { decodeToken, legacyFault, type LegacyToken } from './fault.ts';
import { MAX_SIDE, readResize } from './resize.ts';

export type LegacyTokens = ReadonlyMap<string, LegacyToken>;

/** Keys of a stage, in the order in which their actions run. */
const READERS: readonly (readonly [
  keys: readonly string[],
  read: (tokens: LegacyTokens) => readonly Action[],
])[] = [
  [['o'], (tokens) => one(tokens, 'o', readOrientation)],
  [['a'], (tokens) => one(tokens, 'a', readCrop)],
  [['w', 'h', 'p', 'x', 'P', 'e', 'c', 'l', 'bgc'], readResize],
  [['o'], (tokens) => one(tokens, 'o', readLateOrientation)],
  [['rc'], (tokens) => one(tokens, 'rc', readRegion)],
  [['ic'], (tokens) => one(tokens, 'ic', readStrip)],
  [['ci'], (tokens) => one(tokens, 'ci', readDisc)],
  [['r'], (tokens) => one(tokens, 'r', (token) => rotate({ angleDeg: decodeToken(token, ANGLE) }))],
  [['bl'], (tokens) => one(tokens, 'bl', readBlur)],
  [['b'], (tokens) => one(tokens, 'b', (token) => bright({ amount: decodeToken(token, LEVEL) }))],
  [
    ['d'],
    (tokens) => one(tokens, 'd', (token) => contrast({ amountPercent: decodeToken(token, LEVEL) })),
  ],
  [
    ['sh'],
    (tokens) => one(tokens, 'sh', (token) => sharpen({ amountPercent: decodeToken(token, SHARP) })),
  ],
  [['q', 'Q'], readQuality],
  [
    ['pr'],
    (tokens) =>
      one(tokens, 'pr', (token) => interlace({ progressive: decodeToken(token, FLAG) === 1 })),
  ],
  // Of the format, which stands behind all stages.
  [['wh'], (tokens) => one(tokens, 'wh', readFlag)],
  [['an'], (tokens) => one(tokens, 'an', readFlag)],
];

const KEYS: ReadonlySet<string> = new Set(READERS.flatMap(([keys]) => keys));

const ANGLE = integer(0, 360);
const LEVEL = integer(-100, 100);
const SHARP = integer(50, 399);
const FLAG = integer(0, 1);
const RADIUS = integer(1, 4_096);
const BLUR = integer(1, 50);
const SHARE = integer(1, 100);
const ORIENTATION = integer(0, 2);
/** Beyond any picture: whether a place is inside is known only when the picture is. */
const PLACE = integer(0, 999_999_999);
const SIDE = integer(0, MAX_SIDE);
const STRIP = integer(1, 999_999_999);

/** What a stage asks for, and its values for those who need them. */
export interface LegacyStage {
  readonly actions: readonly Action[];
  readonly tokens: LegacyTokens;
}

/** @throws ImageError */
export function readStage(
  stage: Segment,
  { meter, inMark }: { readonly meter: Meter; readonly inMark: boolean },
): LegacyStage {
  const tokens = new Map<string, LegacyToken>();
  for (const { text, at } of splitSegments(stage.text, stage.at, '_', meter)) {
    meter.steps += text.length;
    const { value, key } = cutToken(text);
    if (!KEYS.has(key) || (key === 'P' && !inMark)) {
      throw legacyFault('unknown-key', `a key of ${[...KEYS].join(' ')}`, { key, value: text, at });
    }
    tokens.set(key, { key, value, at });
  }
  return { tokens, actions: READERS.flatMap(([, read]) => read(tokens)) };
}

/** A value, and the letters behind it. */
function cutToken(text: string): { readonly value: string; readonly key: string } {
  let cut = text.length;
  while (cut > 0 && /[A-Za-z]/.test(text[cut - 1] ?? '')) cut--;
  return { value: text.slice(0, cut), key: text.slice(cut) };
}

/** The actions of a key, if it is there. */
function one(
  tokens: LegacyTokens,
  key: string,
  read: (token: LegacyToken) => Action | undefined,
): readonly Action[] {
  const token = tokens.get(key);
  const action = token && read(token);
  return action === undefined ? [] : [action];
}

/** 0: as stored. 2: turned before all else, which is also what happens without the key. */
function readOrientation(token: LegacyToken): Action | undefined {
  const when = decodeToken(token, ORIENTATION);
  return when === 1 ? undefined : autoOrient({ enabled: when === 2 });
}

/** 1: turned when it has been cut and resized. */
function readLateOrientation(token: LegacyToken): Action | undefined {
  const when = decodeToken(token, ORIENTATION);
  return when === 1 ? autoOrient({ enabled: true, inOrder: true }) : undefined;
}

function readFlag(token: LegacyToken): undefined {
  decodeToken(token, FLAG);
}

function readCrop(token: LegacyToken): Action {
  const [left = '', top = '', width = '', height = '', more] = token.value.split('-');
  if (more !== undefined) throw legacyFault('out-of-range', 'x-y-width-height', token);
  return crop(
    withoutZeros({
      left: part(token, left, PLACE),
      top: part(token, top, PLACE),
      width: part(token, width, SIDE),
      height: part(token, height, SIDE),
    }),
  );
}

/** `100x200-5`: width, height, and a place of a grid of nine. Nothing, or 0, is the whole side. */
function readRegion(token: LegacyToken): Action {
  const parts = /^([^x-]*)x([^x-]*)-([^x-]*)$/.exec(token.value);
  if (parts === null) throw legacyFault('out-of-range', 'WIDTHxHEIGHT-PLACE', token);
  const [, width = '', height = '', place = ''] = parts;
  const sideOf = (group: string, text: string): number =>
    text === '' ? 0 : Math.min(MAX_SIDE, part({ ...token, group }, text, PLACE));
  const sides = withoutZeros({ width: sideOf('width', width), height: sideOf('height', height) });
  const number = part({ ...token, group: 'place' }, place, integer(1, 9));
  return crop({ ...sides, gravity: placeOf(number) });
}

/** The nine places from left to right and from top to bottom, 1 to 9. */
export function placeOf(number: number): Gravity {
  return GRAVITIES[number - 1] ?? 'southeast';
}

function readStrip(token: LegacyToken): Action {
  const [, length = '', axis, index = ''] = /^([^xy]*)([xy])-(.*)$/s.exec(token.value) ?? [];
  if (axis === undefined)
    throw legacyFault('out-of-range', 'LENGTHx-INDEX or LENGTHy-INDEX', token);
  const strip = part(token, length, STRIP);
  const number = part(token, index, PLACE);
  const side = axis === 'x' ? { stripWidth: strip } : { stripHeight: strip };
  return indexCrop({ ...side, ...withoutZeros({ index: number }) });
}

/** Kind 0 keeps the canvas, 1 shrinks it to the disc, 2 rounds the corners. */
function readDisc(token: LegacyToken): Action {
  const [radius = '', kind = '', more] = token.value.split('-');
  if (more !== undefined) throw legacyFault('out-of-range', 'RADIUS-KIND', token);
  const size = part(token, radius, RADIUS);
  const number = part(token, kind, ORIENTATION);
  if (number === 2) return roundedCorners({ radius: size });
  return circle(number === 0 ? { radius: size, keepsCanvas: true } : { radius: size });
}

function readBlur(token: LegacyToken): Action {
  const [radius = '', strength = '', more] = token.value.split('-');
  if (more !== undefined) throw legacyFault('out-of-range', 'RADIUS-STRENGTH', token);
  return blur({ radius: part(token, radius, BLUR), strength: part(token, strength, BLUR) });
}

/** A ceiling wins over a share of the source's quality. */
function readQuality(tokens: LegacyTokens): readonly Action[] {
  const [share, ceiling] = ['q', 'Q'].map((key) => {
    const token = tokens.get(key);
    return token && decodeToken(token, SHARE);
  });
  if (ceiling !== undefined) return [quality({ ceilingPercent: ceiling })];
  return share === undefined ? [] : [quality({ relativePercent: share })];
}

/** One part of a token; the whole token is at fault for it. */
function part<T>(token: LegacyToken, text: string, argument: Argument<T>): T {
  const decoded = argument.decode(text);
  if (decoded.reason === undefined) return decoded.value;
  throw legacyFault(decoded.reason, argument.expected, token);
}

function withoutZeros<T extends Readonly<Record<string, number>>>(options: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== 0),
  ) as Partial<T>;
}
