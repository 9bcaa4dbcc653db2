/**
 * The same picture with less work: turns that follow one another become one, crops move before turns
 * and into the resampling they follow, and what changes nothing goes away.
 * @module
 *
 * Declined: moving a turn behind a resampling, which is cheaper. The two passes would round in the
 * other order, and a turned picture would no longer be the same as an upright one, turned.
 */

import type { Operation } from './operation.ts';
import type { Rectangle } from './raster.ts';
import { createResample } from './resample.ts';
import { sameRectangle, type Size } from './shape.ts';
import { composeSymmetries, invertSymmetry, turnRectangle, turnSize } from './symmetry.ts';
import { createTurn } from './turn.ts';
import { createView } from './view.ts';

/** One operation and the step of the chain it came from; nothing for what belongs to no step. */
export interface PlacedOperation {
  readonly operation: Operation;
  readonly step?: number;
}

/** `size` is that of the picture which enters the first operation. */
export function simplify(
  operations: readonly PlacedOperation[],
  size: Size,
): readonly PlacedOperation[] {
  let current = operations;
  // Every rule removes an operation or moves a crop forwards, so this ends.
  for (;;) {
    const simpler = simplifyOnce(current, size);
    if (simpler === undefined) return current;
    current = simpler;
  }
}

/** Applies the first rule that fits anywhere, or returns nothing. */
function simplifyOnce(
  operations: readonly PlacedOperation[],
  size: Size,
): readonly PlacedOperation[] | undefined {
  let entering = size;
  for (const [index, placed] of operations.entries()) {
    const before = operations.slice(0, index);
    if (changesNothing(placed.operation, entering)) {
      return [...before, ...operations.slice(index + 1)];
    }
    const simpler = simplerAlone(placed.operation, entering);
    if (simpler) return [...before, placeAt(simpler, placed.step), ...operations.slice(index + 1)];
    const next = operations[index + 1];
    const joined = next && join(placed.operation, next.operation, entering);
    if (next && joined) {
      // A joined operation answers for the later step, a swapped one for its own.
      const origins = joined.length === 2 ? [next, placed] : [next];
      const steps = joined.map((operation, at) => placeAt(operation, origins[at].step));
      return [...before, ...steps, ...operations.slice(index + 2)];
    }
    entering = sizeAfter(placed.operation, entering);
  }
  return undefined;
}

function placeAt(operation: Operation, step: number | undefined): PlacedOperation {
  return step === undefined ? { operation } : { operation, step };
}

function changesNothing({ move }: Operation, entering: Size): boolean {
  if (move === undefined) return false;
  const whole = { left: 0, top: 0, width: entering.width, height: entering.height };
  switch (move.kind) {
    case 'turn':
      return move.symmetry === 1;
    case 'view':
      return sameRectangle(move.rectangle, whole);
    case 'resample':
      return sameSize(move.scaled, entering) && sameRectangle(move.window, whole);
  }
}

/** Resampling to the picture's own size only cuts out its window. */
function simplerAlone({ move }: Operation, entering: Size): Operation | undefined {
  return move?.kind === 'resample' && sameSize(move.scaled, entering)
    ? createView(move.window)
    : undefined;
}

/** What two neighbours are together, or nothing when they stay two. */
function join(one: Operation, two: Operation, entering: Size): readonly Operation[] | undefined {
  const [first, second] = [one.move, two.move];
  if (first === undefined || second === undefined) return undefined;
  if (first.kind === 'turn' && second.kind === 'turn') {
    return [createTurn(composeSymmetries(first.symmetry, second.symmetry))];
  }
  if (first.kind === 'turn' && second.kind === 'view') {
    // Turning less is cheaper, and a leading crop can be asked of the decoder.
    const turned = turnSize(entering, first.symmetry);
    const back = turnRectangle(second.rectangle, turned, invertSymmetry(first.symmetry));
    return [createView(back), one];
  }
  if (first.kind === 'view' && second.kind === 'view') {
    return [createView(shift(second.rectangle, first.rectangle))];
  }
  if (first.kind === 'resample' && second.kind === 'view') {
    const window = shift(second.rectangle, first.window);
    return [createResample(first.scaled, window, { fullChroma: first.fullChroma })];
  }
  return undefined;
}

/** The size after an operation that can be combined; others are never looked past. */
function sizeAfter(operation: Operation, entering: Size): Size {
  const { move } = operation;
  switch (move?.kind) {
    case 'turn':
      return turnSize(entering, move.symmetry);
    case 'view':
      return move.rectangle;
    case 'resample':
      return move.window;
    case undefined:
      return operation.resizesTo ?? entering;
  }
}

function sameSize(one: Size, other: Size): boolean {
  return one.width === other.width && one.height === other.height;
}

function shift(rectangle: Rectangle, by: Rectangle): Rectangle {
  return { ...rectangle, left: rectangle.left + by.left, top: rectangle.top + by.top };
}
