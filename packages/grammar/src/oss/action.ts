/**
 * What one entry of the OSS action table holds: letters, ranges, defaults, EC ids, and the two
 * functions between letters and a typed action. Parser, printer, error map and documentation read
 * nothing else. The order of `parameters` is the order in which they are printed.
 * @module
 */

import type { Action, Chain, ImageError, ImageErrorReason } from '@safelight/core';

import type { Argument } from '../arguments.ts';

/**
 * EC ids by reason; `any` stands for every reason that has no row of its own, `number` for a number
 * outside the range where the service tells it from what is no number.
 */
type EcIds = Readonly<Partial<Record<ImageErrorReason | 'number' | 'any', string>>>;

export interface OssParameter<T> {
  readonly argument: Argument<T>;
  /** The engine's name of the option, as errors of the engine name it. */
  readonly option: string;
  readonly summary: string;
  /** What absence means. Parsing it is the same as leaving the key out, and it is never printed. */
  readonly fallback?: T;
  /** Its absence is an error. */
  readonly required?: true;
  /** Elsewhere than in the chain of a mark's picture the key is unknown. */
  readonly onlyInMark?: true;
  readonly ec?: EcIds;
}

/** Some dialect fonts and the engine's font that stands for each; the first one is the default. */
export type Fonts = Readonly<Record<string, string>>;

/** What `build` may ask beside the decoded values. */
export interface BuildContext {
  readonly fonts: Fonts;
  /** Known keys that were written, defaults too. */
  readonly keys: ReadonlySet<string>;
  /** Arguments that were written, unknown keys too. */
  readonly argumentCount: number;
  /** An error that points at the last argument of `key`, or at the action when there is none. */
  fault(reason: ImageErrorReason, expected: string, key?: string): ImageError;
  /** The chain of a mark's picture; its faults are those of this step. @throws ImageError */
  parseMark(text: string): Chain;
}

/** How a chain inside an argument is written. */
type PrintNested = (chain: Chain) => string;

/**
 * `bare`: exactly one value without a key. `keyed`: `key_value` arguments in any order.
 * `none`: no argument, and no other action in the chain.
 */
export type OssShape = 'bare' | 'keyed' | 'none';

type AnyParameters = Readonly<Record<string, OssParameter<never>>>;
type ValueOf<P> = P extends { readonly argument: Argument<infer T> } ? T : never;

/** Decoded values by letter: required ones are there, others may be. */
type Values<P> = {
  readonly [K in keyof P as P[K] extends { readonly required: true } ? K : never]: ValueOf<P[K]>;
} & {
  readonly [K in keyof P as P[K] extends { readonly required: true } ? never : K]?:
    | ValueOf<P[K]>
    | undefined;
};

export interface OssActionDefinition<P, A extends Action> {
  readonly name: A['name'];
  readonly summary: string;
  readonly shape: OssShape;
  /** By letter. A bare action has one, whose letter only errors show. */
  readonly parameters: P;
  /** Of faults that concern the action and none of its parameters. */
  readonly ec?: EcIds;
  /** Of several letters that are all 0, by the letters joined with commas: worse than one 0. */
  readonly zeroTogetherEc?: Readonly<Record<string, string>>;
  readonly examples: readonly string[];
  readonly build: (values: Values<P>, context: BuildContext) => A;
  readonly read: (action: A, print: PrintNested) => Values<P>;
  /** What only another dialect can say: printed behind the rest, so that no two chains print alike. */
  readonly readForeign?: (action: A) => readonly string[];
}

/** An entry whose types have been forgotten, so that all of them fit into one list. */
export interface OssAction {
  readonly name: string;
  readonly summary: string;
  readonly shape: OssShape;
  readonly parameters: Readonly<Record<string, OssParameter<unknown>>>;
  readonly ec: EcIds;
  readonly zeroTogetherEc: Readonly<Record<string, string>>;
  readonly examples: readonly string[];
  /** Absent while the engine lacks the action: it is then recognised and refused by name. */
  readonly build?: (values: Readonly<Record<string, unknown>>, context: BuildContext) => Action;
  readonly read?: (action: Action, print: PrintNested) => Readonly<Record<string, unknown>>;
  readonly readForeign?: (action: Action) => readonly string[];
}

/** An entry whose action the engine has. */
export type BuiltAction = OssAction & Required<Pick<OssAction, 'build'>>;

/** Checks an entry's types, then forgets them. */
export function defineOssAction<const P extends AnyParameters | object, A extends Action>(
  definition: OssActionDefinition<P, A>,
): OssAction {
  // Sound by use: `build` only gets what its own parameters decoded, `read` only actions of its name.
  return { ec: {}, zeroTogetherEc: {}, ...definition } as unknown as OssAction;
}

/** An action of the language that the engine lacks. */
export function defineUnbuilt(
  definition: Pick<OssAction, 'name' | 'summary' | 'shape' | 'examples'>,
): OssAction {
  return { parameters: {}, ec: {}, zeroTogetherEc: {}, ...definition };
}

/** The full EC id of the image service from its last digits. */
export function ecId(number: number): string {
  return `0040-00000${String(number).padStart(3, '0')}`;
}

/** The same options without those that are `undefined`. */
export function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
