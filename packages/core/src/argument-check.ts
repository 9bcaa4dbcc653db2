/**
 * Ranges of typed options. Dialects check their texts themselves; this guards callers who build
 * actions in code, and fills `ImageFault` with the engine's own names.
 * @module
 */

import { ImageError, type ImageErrorCode, type ImageErrorReason } from './errors.ts';
import type { Color } from './raster.ts';

export interface ArgumentCheck {
  /** A whole number in `least`..`most`. */
  integer(parameter: string, value: number, least: number, most: number): number;
  oneOf<T extends string>(parameter: string, value: T, choices: readonly T[]): T;
  boolean(parameter: string, value: boolean): boolean;
  color(parameter: string, value: Color): Color;
  /** The error for this step; thrown by the caller. */
  fault(reason: ImageErrorReason, parameter: string, expected: string, value?: unknown): ImageError;
  /** As `fault`, for what is legal elsewhere. */
  refusal(
    code: ImageErrorCode,
    reason: ImageErrorReason,
    expected: string,
    value?: unknown,
  ): ImageError;
}

/** Checks for step `step` of a chain, which is an `action`. */
export function createArgumentCheck(action: string, step: number): ArgumentCheck {
  const fault: ArgumentCheck['fault'] = (reason, parameter, expected, value) =>
    new ImageError(
      'InvalidArgument',
      reason,
      `${action}.${parameter}: expected ${expected}, got ${shown(value)} (step ${step + 1})`,
      { fault: { step, action, parameter, ...valueOf(value) } },
    );
  const outside = (parameter: string, expected: string, value: unknown): ImageError =>
    fault('out-of-range', parameter, expected, value);
  const integer: ArgumentCheck['integer'] = (parameter, value, least, most) => {
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw outside(parameter, `an integer in ${least}..${most}`, value);
  };
  return {
    fault,
    integer,
    refusal: (code, reason, expected, value) =>
      new ImageError(
        code,
        reason,
        `${action}: expected ${expected}, got ${shown(value)} (step ${step + 1})`,
        { fault: { step, action, ...valueOf(value) } },
      ),
    oneOf(parameter, value, choices) {
      if (choices.includes(value)) return value;
      throw outside(parameter, `one of ${choices.join(' ')}`, value);
    },
    boolean(parameter, value) {
      if (typeof value === 'boolean') return value;
      throw outside(parameter, 'a boolean', value);
    },
    color(parameter, value) {
      integer(`${parameter}.red`, value.red, 0, 255);
      integer(`${parameter}.green`, value.green, 0, 255);
      integer(`${parameter}.blue`, value.blue, 0, 255);
      return value;
    },
  };
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : `'${String(value)}'`;
}

function valueOf(value: unknown): { value?: string } {
  return value === undefined ? {} : { value: String(value) };
}
