/**
 * From one frame to the next: which rectangle changes, and what must become of the frame before.
 * Drawing can hide a pixel but never make it transparent again: only disposal can, and it is written
 * with the frame before.
 * @module
 */

import type { Rectangle } from '@safelight/core';
import type { CanvasSize } from './canvas.ts';
import type { GifDisposal } from './structure.ts';

/** A frame, once it is known what follows it. */
export interface FrameChange {
  /** What is to be drawn of the frame; at least one pixel. */
  readonly rectangle: Rectangle;
  readonly disposal: GifDisposal;
}

/** Canvases of 32-bit pixels, 0 where they are transparent. */
export interface FrameStates {
  /** Before the frame is drawn. */
  readonly base: Uint32Array;
  /** While it is shown. */
  readonly shown: Uint32Array;
  readonly isFirst: boolean;
}

/** The last frame stays. */
export function changeOfLast(states: FrameStates, size: CanvasSize): FrameChange {
  return { rectangle: drawnRectangle(states, size), disposal: 'keep' };
}

/**
 * The disposal after which the least is left to draw of `next`. The first frame is never undone:
 * readers disagree about what was before it.
 */
export function changeBefore(
  next: Uint32Array,
  states: FrameStates,
  size: CanvasSize,
): FrameChange {
  const drawn = drawnRectangle(states, size);
  const kept = countDrawn(states.shown, next);
  const restored = states.isFirst ? Infinity : countDrawn(states.base, next);
  if (kept <= restored && kept < Infinity) return { rectangle: drawn, disposal: 'keep' };
  const cleared = union(drawn, erasedRectangle(states.shown, next, size));
  const isLess = restored <= countDrawnAfterClear(states.shown, next, size, cleared);
  if (restored < Infinity && (kept < Infinity || isLess)) {
    return { rectangle: drawn, disposal: 'restore' };
  }
  return { rectangle: cleared, disposal: 'clear' };
}

/** The first frame is drawn whole: readers disagree about what lies beside it. */
function drawnRectangle({ base, shown, isFirst }: FrameStates, size: CanvasSize): Rectangle {
  const whole = { left: 0, top: 0, ...size };
  if (isFirst) return whole;
  const changed = changedRectangle(base, shown, size);
  return changed.width > 0 ? changed : { left: 0, top: 0, width: 1, height: 1 };
}

/** Pixels to draw, or infinity where drawing cannot lead from the one canvas to the other. */
function countDrawn(before: Uint32Array, after: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < after.length; i++) {
    if (before[i] === after[i]) continue;
    if (after[i] === 0) return Infinity;
    count++;
  }
  return count;
}

function countDrawnAfterClear(
  shown: Uint32Array,
  next: Uint32Array,
  { width, height }: CanvasSize,
  cleared: Rectangle,
): number {
  const right = cleared.left + cleared.width;
  const bottom = cleared.top + cleared.height;
  let count = 0;
  for (let y = 0, i = 0; y < height; y++) {
    const isRow = y >= cleared.top && y < bottom;
    for (let x = 0; x < width; x++, i++) {
      const before = isRow && x >= cleared.left && x < right ? 0 : shown[i];
      if (before !== next[i]) count++;
    }
  }
  return count;
}

/** Around all pixels that no drawing makes transparent again. */
function erasedRectangle(shown: Uint32Array, next: Uint32Array, size: CanvasSize): Rectangle {
  const erased = new Uint8Array(shown.length);
  for (let i = 0; i < erased.length; i++) erased[i] = shown[i] !== 0 && next[i] === 0 ? 1 : 0;
  return changedRectangle(new Uint8Array(erased.length), erased, size);
}

/** The smallest rectangle around all samples that differ; one without a width when none does. */
function changedRectangle<Samples extends Uint8Array | Uint32Array>(
  before: Samples,
  after: Samples,
  { width }: CanvasSize,
): Rectangle {
  let first = 0;
  while (first < after.length && before[first] === after[first]) first++;
  if (first === after.length) return { left: 0, top: 0, width: 0, height: 0 };
  let last = after.length - 1;
  while (before[last] === after[last]) last--;
  const top = Math.floor(first / width);
  const bottom = Math.floor(last / width) + 1;
  let left = width;
  let right = 0;
  // Only columns that may still widen the rectangle are looked at.
  for (let y = top; y < bottom; y++) {
    const row = y * width;
    let x = 0;
    while (x < left && before[row + x] === after[row + x]) x++;
    left = x;
    let end = width;
    while (end > right && before[row + end - 1] === after[row + end - 1]) end--;
    right = end;
  }
  return { left, top, width: right - left, height: bottom - top };
}

function union(one: Rectangle, other: Rectangle): Rectangle {
  if (other.width === 0) return one;
  const left = Math.min(one.left, other.left);
  const top = Math.min(one.top, other.top);
  const right = Math.max(one.left + one.width, other.left + other.width);
  const bottom = Math.max(one.top + one.height, other.top + other.height);
  return { left, top, width: right - left, height: bottom - top };
}
