/**
 * Planning the pictures that marks show. A mark that is asked for twice in the same way is rendered
 * once; what goes wrong in a mark's own chain is blamed on the step that has the mark.
 * @module
 */

import type { MarkStep } from './actions/watermark.ts';
import { ImageError, isImageError } from './errors.ts';
import type { Target } from './measure.ts';
import type { PixelPlan } from './plan.ts';
import {
  blameMark,
  type MarkFile,
  type MarkFiles,
  type MarkPlanner,
  type PlannedMark,
} from './planned-mark.ts';
import type { Size } from './shape.ts';

/** Marks are kept in red, green and blue, or gray, with what they have of alpha. */
export const MARK_TARGET: Target = {
  models: ['rgb', 'gray'],
  traits: { alpha: true, subsampled: false },
};

/** A mark's picture and how it is made. */
export interface MarkRendering {
  readonly mark: PlannedMark;
  readonly plan: PixelPlan;
}

export interface MarkPlans {
  /** Absent when the render has no files of marks. */
  readonly planMark: MarkPlanner | undefined;
  /** Those that were planned so far. */
  readonly renderings: readonly MarkRendering[];
}

/** How one mark's picture is planned: its size, and what runs. */
type PlanPicture = (
  file: MarkFile,
  chain: readonly MarkStep[],
  main: Size,
) => { readonly size: Size; readonly plan: PixelPlan };

export function createMarkPlans(files: MarkFiles | undefined, planPicture: PlanPicture): MarkPlans {
  const byText = new Map<string, MarkRendering>();
  const planMark: MarkPlanner = (key, chain, main) => {
    const file = files?.get(key);
    if (file === undefined) throw new Error(`the file of the mark '${key}' has been opened`);
    // The main picture's size counts only where the chain asks for it; that marks of one text but
    // another main size are rendered apart is a matter of cost alone.
    const text = JSON.stringify([key, chain, main.width, main.height]);
    let rendering = byText.get(text);
    if (rendering === undefined) {
      rendering = planBlaming(file, () => planPicture(file, chain, main));
      byText.set(text, rendering);
    }
    return rendering.mark;
  };
  return {
    planMark: files && planMark,
    get renderings() {
      return [...byText.values()];
    },
  };
}

function planBlaming(file: MarkFile, make: () => ReturnType<PlanPicture>): MarkRendering {
  try {
    const { size, plan } = make();
    const isGray = plan.steps.at(-1)?.effect.shape.model ?? file.header.model;
    return { plan, mark: { ...size, file, isGray: isGray === 'gray' } };
  } catch (error) {
    throw blameStep(blameMark(error, file.fault));
  }
}

/** A step of the mark's chain is no step of the main one. */
function blameStep(error: unknown): unknown {
  if (!isImageError(error) || error.reason === 'mark-format') return error;
  const { code, reason, message, publicMessage, fault, cause } = error;
  const { step: _step, ...rest } = fault ?? {};
  return new ImageError(code, reason, message, { publicMessage, fault: rest, cause });
}
