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
  const cleared = union(drawn, changedRectangle(states.shown, next, size, isErased));
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
  const changed = changedRectangle(base, shown, size, isOther);
  return changed.width > 0 ? changed : { left: 0, top: 0, width: 1, height: 1 };
}

function isOther(before: number, after: number): boolean {
  return before !== after;
}

/** No drawing leads from the one to the other. */
function isErased(before: number, after: number): boolean {
  return before !== 0 && after === 0;
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

/** The smallest rectangle around all pixels of which `differs` is true; one without a width for none. */
function changedRectangle(
  before: Uint32Array,
  after: Uint32Array,
  { width, height }: CanvasSize,
  differs: (before: number, after: number) => boolean,
): Rectangle {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (!differs(before[i], after[i])) continue;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
    }
  }
  if (right === 0) return { left: 0, top: 0, width: 0, height: 0 };
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
