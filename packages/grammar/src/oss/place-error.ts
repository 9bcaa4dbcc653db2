/**
 * Errors of the engine, told in the letters of the text. The engine knows a step by its number and an
 * option by its own name; whoever wrote the text knows neither, but sees the token at fault.
 * @module
 */

import { ImageError } from '@safelight/core';

import { findOssAction } from './actions.ts';
import { findParameter } from './describe-error.ts';
import type { ParsedStep } from './parse.ts';
import { lastOf } from './step.ts';

/**
 * The same error with `at` and the letter of its parameter, for a chain that was parsed to `steps`. An
 * error that has a place already, or that no step is to blame for, comes back as it is.
 */
export function placeError(error: ImageError, steps: readonly ParsedStep[]): ImageError {
  const { fault, code, reason, message, publicMessage, cause } = error;
  const step = fault?.step === undefined ? undefined : steps[fault.step];
  if (fault === undefined || step === undefined || error.at !== undefined) return error;
  // An orientation that is applied unasked is blamed on a step that the text does not have.
  if (step.name !== fault.action) return error;
  const entry = findOssAction(step.name);
  const letter = entry && findParameter(entry, fault.parameter)?.[0];
  const { arguments: given } = step;
  const argument = entry?.shape === 'bare' ? given[0] : lastOf(given, letter);
  const named = fault.parameter === undefined || letter === undefined ? {} : { parameter: letter };
  return new ImageError(code, reason, message, {
    publicMessage,
    fault: { ...fault, ...named },
    at: argument?.at ?? step.at,
    cause,
  });
}
