/**
 * Encoder quality for JPEG and WebP, against the source or as a ceiling. The ceiling wins.
 * @module
 */

import { type DefinedAction, defineAction } from '../definition.ts';

export interface QualityOptions {
  /** Percent of the source's quality, 1 to 100. */
  readonly relativePercent?: number;
  /** The result has at most this quality, 1 to 100. */
  readonly ceilingPercent?: number;
}

export interface QualityAction extends QualityOptions {
  readonly name: 'quality';
}

export function quality(options: QualityOptions): QualityAction {
  return { name: 'quality', ...options };
}

export const qualityAction: DefinedAction<'quality'> = defineAction({
  name: 'quality',
  resolve(options: QualityAction, check): QualityOptions {
    const { relativePercent, ceilingPercent } = options;
    if (relativePercent !== undefined) check.integer('relativePercent', relativePercent, 1, 100);
    if (ceilingPercent !== undefined) {
      return { ceilingPercent: check.integer('ceilingPercent', ceilingPercent, 1, 100) };
    }
    if (relativePercent !== undefined) return { relativePercent };
    throw check.fault('missing-argument', 'relativePercent', 'a relative quality or a ceiling');
  },
  defer: (resolved, deferred) => ({ ...deferred, quality: resolved }),
});
