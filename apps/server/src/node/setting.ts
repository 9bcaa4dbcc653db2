/**
 * What every setting is made of: its form as a schema whose description the error repeats, and the
 * error that names it. Easily got wrong: a description says what was expected, never what came.
 * @module
 */

import * as v from 'valibot';

/** A setting that is wrong; the message names the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly variable: string;

  constructor(variable: string, message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.variable = variable;
  }
}

/** Before the names of all variables. */
export const PREFIX = 'SAFELIGHT_';

export const BUCKET: RegExp = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
export const HOST_NAME: RegExp = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/** Words of a switch and what they mean. */
const SWITCH: Readonly<Record<string, boolean>> = { '0': false, '1': true };

export const flag: v.GenericSchema<string, boolean> = v.pipe(
  v.string(),
  v.picklist(Object.keys(SWITCH)),
  v.transform((word) => SWITCH[word] === true),
  v.description('0 or 1'),
);

export const text: v.GenericSchema<string, string> = v.pipe(v.string(), v.description('a text'));

export function integer(min: number, max: number): v.GenericSchema<string, number> {
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/),
    v.transform(Number),
    v.minValue(min),
    v.maxValue(max),
    v.description(`an integer in ${min}..${max}`),
  );
}

export function oneOf<const T extends string>(words: readonly T[]): v.GenericSchema<string, T> {
  return v.pipe(v.string(), v.picklist(words), v.description(`one of ${words.join(', ')}`));
}

/** A text of this form. */
export function matching(form: RegExp, description: string): v.GenericSchema<string, string> {
  return v.pipe(v.string(), v.regex(form), v.description(description));
}

/** `host` or `host:port`, in lower case. */
export const hostsWithPorts: v.GenericSchema<string, readonly string[]> = v.pipe(
  v.string(),
  v.transform((list) => splitList(list.toLowerCase())),
  v.everyItem((host) => HOST_NAME.test(host.replace(/:\d{1,5}$/, ''))),
  v.description('host or host:port, separated by commas'),
);

/** The items between commas, without the space around them. */
export function splitList(list: string): string[] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Both names without the prefix. */
export function missingPartner(missing: string, given: string): ConfigError {
  return new ConfigError(
    PREFIX + missing,
    `${PREFIX}${missing}: expected a value, since ${PREFIX}${given} is set.`,
  );
}
