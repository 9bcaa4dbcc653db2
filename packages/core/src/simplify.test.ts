/**
 * What chains become before they run.
 * @module
 */

import { expect, describe, it } from 'vitest';
import { headerOf, planOf } from '../test/planning.ts';
import type { Action } from './action.ts';
import { crop } from './actions/crop.ts';
import { resize } from './actions/resize.ts';
import type { ImageHeader } from './codec.ts';

function movesOf(header: ImageHeader, ...chain: Action[]) {
  return planOf(header, chain).operations.map(({ operation }) => operation.move);
}

describe('simplify', () => {
  it('cuts what is resized before it is resized', () => {
    const chain = [
      resize({ mode: 'fill', width: 100, height: 100 }),
      crop({ left: 10, width: 20 }),
    ];
    expect(movesOf(headerOf(400, 200), ...chain)).toEqual([
      {
        kind: 'resample',
        scaled: { width: 200, height: 100 },
        window: { left: 60, top: 0, width: 20, height: 100 },
        fullChroma: false,
      },
    ]);
  });

  it('joins crops, and moves them before turns and to the decoder', () => {
    const chain = [crop({ left: 10, top: 20 }), crop({ left: 1, top: 2, width: 50, height: 40 })];
    const turned = headerOf(400, 200, { orientation: 6 });
    expect(movesOf(headerOf(400, 200), ...chain)).toEqual([
      { kind: 'view', rectangle: { left: 11, top: 22, width: 50, height: 40 } },
    ]);
    const plan = planOf(turned, chain);
    // Turned a quarter clockwise the stored left is the top, and the stored bottom is the left.
    expect(plan.request.region).toEqual({ left: 22, top: 139, width: 40, height: 50 });
    expect(plan.operations.at(-1)?.operation.move).toEqual({ kind: 'turn', symmetry: 6 });
  });

  it('drops a resize to the own size', () => {
    expect(movesOf(headerOf(400, 200), resize({ width: 400 }))).toEqual([]);
  });
});
