/**
 * The action table as plain values: for the README, the CLI's help and forms. Derived from the
 * entries that the parser reads, so that the two cannot disagree.
 * @module
 */

import type { Argument } from '../arguments.ts';
import type { OssParameter, OssShape } from './action.ts';
import { OSS_ACTIONS } from './actions.ts';

export interface OssParameterRow {
  /** The letter; of a bare value, what stands for it in messages. */
  readonly key: string;
  readonly summary: string;
  readonly kind: Argument<unknown>['kind'];
  /** What is accepted, in words. */
  readonly expected: string;
  readonly min?: number;
  readonly max?: number;
  readonly words?: readonly string[];
  readonly maxBytes?: number;
  readonly required: boolean;
  /** As it would be written. */
  readonly default?: string;
}

export interface OssActionRow {
  readonly name: string;
  readonly summary: string;
  readonly shape: OssShape;
  readonly implemented: boolean;
  readonly parameters: readonly OssParameterRow[];
  readonly examples: readonly string[];
}

export const ossActionTable: readonly OssActionRow[] = OSS_ACTIONS.map((entry) => ({
  name: entry.name,
  summary: entry.summary,
  shape: entry.shape,
  implemented: entry.build !== undefined,
  parameters: Object.entries(entry.parameters).map(([key, parameter]) => row(key, parameter)),
  examples: entry.examples,
}));

function row(key: string, parameter: OssParameter<unknown>): OssParameterRow {
  const { argument, fallback, summary } = parameter;
  return {
    key,
    summary,
    kind: argument.kind,
    expected: argument.expected,
    ...(argument.min === undefined ? {} : { min: argument.min }),
    ...(argument.max === undefined ? {} : { max: argument.max }),
    ...(argument.words === undefined ? {} : { words: argument.words }),
    ...(argument.maxBytes === undefined ? {} : { maxBytes: argument.maxBytes }),
    required: parameter.required ?? false,
    ...(fallback === undefined ? {} : { default: argument.encode(fallback) }),
  };
}
