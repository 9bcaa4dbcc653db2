/**
 * What an action is to the engine: how its options become complete, and which operations it is
 * lowered to. Defaults are filled once, by `resolve`; nothing after it looks at raw options.
 * @module
 */

import type { InfoMembers } from './actions/info.ts';
import { type ArgumentCheck, createArgumentCheck } from './argument-check.ts';
import type { ImageFormat } from './codec.ts';
import type { Limits } from './limits.ts';
import type { Operation, OutputTraits } from './operation.ts';
import type { MarkPlanner } from './planned-mark.ts';
import type { Color } from './raster.ts';
import type { Size } from './shape.ts';
import type { TextRasterizer } from './text/rasterizer.ts';

/** What takes effect at the edges of a chain, wherever the action stands; the last one wins. */
export interface Deferred {
  /** Where the stored orientation is applied: before all steps, at the last `auto-orient`, or not. */
  readonly orients: 'first' | 'in-order' | 'never';
  readonly format?: ImageFormat;
  /** Sources of other formats keep theirs. */
  readonly formatOnlyFrom?: ImageFormat | undefined;
  /** Behind a transparent source, where the result has no alpha. */
  readonly sourceBackground?: Color | undefined;
  readonly quality?: { readonly relativePercent?: number; readonly ceilingPercent?: number };
  readonly progressive: boolean;
  /** What is asked for instead of a picture. */
  readonly describes?: 'header' | 'hue';
  /** Of the header. */
  readonly members?: InfoMembers;
}

export interface PlanContext {
  readonly limits: Limits;
  readonly output: OutputTraits;
  /** The step runs on each frame of an animation, which is never enlarged. */
  readonly isAnimated: boolean;
  readonly text?: TextRasterizer | undefined;
  /** Absent where no picture can be had for a mark. */
  readonly planMark?: MarkPlanner | undefined;
  /** Of the picture that a mark goes on, while the mark's own picture is planned. */
  readonly main?: Size | undefined;
}

/** What an action becomes for a picture of a known size. */
export interface Lowered {
  readonly size: Size;
  readonly operations: readonly Operation[];
  /** Beside the arena, from the step's planning to the end. @default 0 */
  readonly keptBytes?: number;
}

export interface ActionDefinition<Options, Resolved> {
  readonly name: string;
  /** Whether no other action may be in the chain. */
  readonly standsAlone?: true;
  /** Completes the options; throws `InvalidArgument` with its fault for what is out of range. */
  resolve(options: Options, check: ArgumentCheck): Resolved;
  /** For actions on pixels: sizes and operations, with every error that sizes can cause. */
  plan?(resolved: Resolved, image: Size, context: PlanContext, check: ArgumentCheck): Lowered;
  /** For actions on the encoder or the reading of the source. */
  defer?(resolved: Resolved, deferred: Deferred): Deferred;
}

/** One step of a chain with its options complete. */
export interface PreparedStep {
  readonly name: string;
  /** Index in the chain. */
  readonly step: number;
  readonly standsAlone: boolean;
  plan(image: Size, context: PlanContext): Lowered;
  defer(deferred: Deferred): Deferred;
}

/** A definition behind which the types of options have been closed. */
export interface DefinedAction<Name extends string = string> {
  readonly name: Name;
  /** @throws ImageError `InvalidArgument` */
  prepare(options: { readonly name: string }, step: number): PreparedStep;
}

export function defineAction<Options extends { readonly name: string }, Resolved>(
  definition: ActionDefinition<Options, Resolved> & { readonly name: Options['name'] },
): DefinedAction<Options['name']> {
  return {
    name: definition.name,
    prepare(options, step) {
      const check = createArgumentCheck(definition.name, step);
      // The registry finds a definition by the options' own name, which fixes their type.
      const resolved = definition.resolve(options as Options, check);
      return {
        name: definition.name,
        step,
        standsAlone: definition.standsAlone ?? false,
        plan: (image, context) =>
          definition.plan?.(resolved, image, context, check) ?? { size: image, operations: [] },
        defer: (deferred) => definition.defer?.(resolved, deferred) ?? deferred,
      };
    },
  };
}
