/**
 * Sizes of the legacy syntax. Two things differ from the present language: a picture is enlarged unless
 * `1l` forbids it, and a percentage beside sides multiplies them.
 * @module
 */

import { type Action, type Color, resize, type ResizeMode } from '@safelight/core';

import { integer } from '../arguments.ts';
import { decodeToken, legacyFault, type LegacyToken } from './fault.ts';

/** Pixels. */
export const MAX_SIDE = 16_384;

const MODES: ReadonlyMap<number, ResizeMode> = new Map([
  [1, 'cover'],
  [2, 'fixed'],
  [4, 'pad'],
]);

const SIDE = integer(1, 999_999_999);
const PERCENT = integer(1, 1_000);
const MULTIPLE = integer(1, 10);
const EDGE = integer(0, 4);
const LIMIT = integer(0, 4);
const FLAG = integer(0, 1);
const LEVEL = integer(0, 255);

/** @throws ImageError */
export function readResize(tokens: ReadonlyMap<string, LegacyToken>): readonly Action[] {
  const value = (key: string, argument: typeof SIDE): number | undefined => {
    const token = tokens.get(key);
    return token && decodeToken(token, argument);
  };
  const [width, height] = [value('w', SIDE), value('h', SIDE)];
  const percent = scaleOf(value('p', PERCENT), value('x', MULTIPLE));
  const mainPercent = value('P', integer(1, 100));
  const mode = modeOf(tokens, value('e', EDGE), value('c', FLAG));
  const limit = value('l', LIMIT);
  const background = backgroundOf(tokens.get('bgc'));
  if (width === undefined && height === undefined) {
    if (percent !== undefined) return [resize({ percent: checkPercent(percent, tokens) })];
    return mainPercent === undefined ? [] : [resize({ mainPercent })];
  }
  const scaled = (key: string, side: number | undefined): Readonly<Record<string, number>> =>
    side === undefined ? {} : { [key]: scaleSide(side, percent, tokens) };
  return [
    resize({
      ...scaled('width', width),
      ...scaled('height', height),
      ...(mode && { mode }),
      ...(limit !== 1 && { enlarge: true }),
      ...(mode === 'pad' && background && { background }),
    }),
  ];
}

function scaleOf(percent: number | undefined, multiple: number | undefined): number | undefined {
  if (multiple === undefined) return percent;
  return (percent ?? 100) * multiple;
}

function checkPercent(percent: number, tokens: ReadonlyMap<string, LegacyToken>): number {
  const token = tokens.get('x') ?? tokens.get('p');
  if (percent <= 1_000 || token === undefined) return percent;
  throw legacyFault('out-of-range', 'at most 1000 percent in all', token);
}

/** A side times the percentage beside it, which together must be within what the language has. */
function scaleSide(
  side: number,
  percent: number | undefined,
  tokens: ReadonlyMap<string, LegacyToken>,
): number {
  const scaled = Math.max(1, Math.floor((side * (percent ?? 100)) / 100 + 0.5));
  const token = tokens.get('w') ?? tokens.get('h');
  if (scaled <= MAX_SIDE || token === undefined) return scaled;
  throw legacyFault('out-of-range', `at most ${MAX_SIDE} pixels`, { ...token, group: 'side' });
}

/** Short side first and then cut is what `fill` does; cutting changes nothing in other modes. */
function modeOf(
  tokens: ReadonlyMap<string, LegacyToken>,
  edge: number | undefined,
  cuts: number | undefined,
): ResizeMode | undefined {
  const token = tokens.get('e');
  if (edge === 3 && token) throw legacyFault('out-of-range', 'one of 0 1 2 4', token);
  if (edge === 1 && cuts === 1 && tokens.has('w') && tokens.has('h')) return 'fill';
  return MODES.get(edge ?? 0);
}

/** Decimal red, green and blue. */
function backgroundOf(token: LegacyToken | undefined): Color | undefined {
  if (token === undefined) return undefined;
  const parts = token.value.split('-');
  if (parts.length !== 3) throw legacyFault('out-of-range', 'RED-GREEN-BLUE', token);
  const [red = 0, green = 0, blue = 0] = parts.map((value) =>
    decodeToken({ ...token, value }, LEVEL),
  );
  return { red, green, blue };
}
