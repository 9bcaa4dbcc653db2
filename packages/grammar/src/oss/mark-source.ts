/**
 * What the value of `image_` says once it is decoded: a key, and behind it perhaps what is done to that
 * picture first. Marks do not nest: a mark's own chain has few actions, and none with another picture.
 * @module
 */

import type { Chain, ImageErrorReason, MarkStep, PictureMark } from '@safelight/core';

import type { BuildContext } from './action.ts';

const PROCESS = '?x-oss-process=';

/** The actions of a mark's own chain. */
const NESTABLE: ReadonlySet<string> = new Set<MarkStep['name']>([
  'resize',
  'crop',
  'indexcrop',
  'rounded-corners',
  'rotate',
]);

/** Actions that have an answer of their own when they are nested. */
const REASONS: ReadonlyMap<string, ImageErrorReason> = new Map([
  ['watermark', 'nested-mark'],
  ['info', 'nested-info'],
]);

/** @throws ImageError for what may not be nested, and for faults of the nested chain */
export function readMarkSource(text: string, context: BuildContext): PictureMark {
  const cut = text.lastIndexOf(PROCESS);
  if (cut < 0) return { key: text };
  const process = text.slice(cut + PROCESS.length);
  for (const step of process.split('/').slice(1)) {
    const [name = ''] = step.split(',', 1);
    const reason = REASONS.get(name);
    if (reason !== undefined) throw context.fault(reason, `no ${name} inside a mark`, 'image');
  }
  const chain = context.parseMark(process);
  if (cut === 0) throw context.fault('empty-value', 'a key before the process', 'image');
  return { key: text.slice(0, cut), chain: chain.map((action) => nestable(action, context)) };
}

function nestable(action: Chain[number], context: BuildContext): MarkStep {
  if (isNestable(action)) return action;
  throw context.fault('not-nestable', `one of ${[...NESTABLE].join(' ')}`, 'image');
}

function isNestable(action: Chain[number]): action is MarkStep {
  return NESTABLE.has(action.name);
}

/** The text that `readMarkSource` reads. */
export function printMarkSource(
  { key, chain = [] }: PictureMark,
  print: (chain: Chain) => string,
): string {
  return chain.length === 0 ? key : `${key}${PROCESS}${print(chain)}`;
}
