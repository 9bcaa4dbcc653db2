/**
 * What holds for every plane: turns come back, flat stays flat, opaque stays opaque; and every
 * kernel against its float64 twin on random shapes.
 * @module
 */

import {
  catmullRomTable,
  cubicPhases,
  type FilterTable,
  gaussianWeights,
  type Kernels,
  lanczosTable,
  triangleTable,
  typescriptKernels as kernels,
} from '@safelight/core';
import { kernelMismatch, kernelTrials, naiveKernels } from '@safelight/testkit';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

interface Samples {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const anySize = fc.integer({ min: 1, max: 90 });
const anyLevel = fc.integer({ min: 0, max: 255 });
const anyPlane: fc.Arbitrary<Samples> = fc
  .tuple(anySize, anySize)
  .chain(([width, height]) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height, size: 'max' })
      .map((data) => ({ data, width, height })),
  );

type Turn = 'rotate90' | 'rotate180' | 'rotate270' | 'transpose' | 'transverse';
type Move = Turn | 'copy' | 'flipHorizontal' | 'flipVertical';
const SWAPPING: ReadonlySet<Move> = new Set(['rotate90', 'rotate270', 'transpose', 'transverse']);

function moved(plane: Samples, ...moves: Move[]): Samples {
  return moves.reduce((from, name) => {
    const { width, height } = from;
    const data = new Uint8Array(width * height);
    const swaps = SWAPPING.has(name);
    kernels[name](from.data, width, data, swaps ? height : width, width, height);
    return swaps ? { data, width: height, height: width } : { data, width, height };
  }, plane);
}

describe('turns and flips', () => {
  const LAWS: readonly [readonly Move[], readonly Move[]][] = [
    [['rotate90', 'rotate90', 'rotate90', 'rotate90'], ['copy']],
    [['rotate90', 'rotate90'], ['rotate180']],
    [['rotate90', 'rotate270'], ['copy']],
    [['rotate180', 'rotate180'], ['copy']],
    [['flipHorizontal', 'flipHorizontal'], ['copy']],
    [['flipVertical', 'flipVertical'], ['copy']],
    [['flipHorizontal', 'flipVertical'], ['rotate180']],
    [['rotate90', 'flipHorizontal'], ['transpose']],
    [['rotate90', 'flipVertical'], ['transverse']],
    [['transpose', 'transpose'], ['copy']],
    [['transverse', 'transverse'], ['copy']],
  ];
  it.each(LAWS)('%j is %j', (left, right) => {
    fc.assert(
      fc.property(anyPlane, (plane) => {
        expect(moved(plane, ...left)).toEqual(moved(plane, ...right));
      }),
      { numRuns: 25 },
    );
  });
});

const anyTable: fc.Arbitrary<{ sourceSize: number; table: FilterTable }> = fc
  .record({
    filter: fc.constantFrom(lanczosTable, triangleTable, catmullRomTable),
    sourceSize: fc.integer({ min: 1, max: 3000 }),
    targetSize: fc.integer({ min: 1, max: 200 }),
    offset: fc.double({ min: -20, max: 20, noNaN: true }),
    stretch: fc.double({ min: 0.5, max: 2, noNaN: true }),
  })
  .map(({ filter, sourceSize, targetSize, offset, stretch }) => {
    const scale = (sourceSize / targetSize) * stretch;
    return { sourceSize, table: filter({ sourceSize, targetSize, offset, scale }) };
  });

describe('weights', () => {
  it('sum to 2^14 in every row, with bounded absolute sums and windows inside the source', () => {
    fc.assert(
      fc.property(anyTable, ({ sourceSize, table: { targetSize, taps, starts, weights } }) => {
        const rows = Array.from({ length: targetSize }, (_, j) => {
          const row = weights.subarray(j * taps, (j + 1) * taps);
          return {
            sum: row.reduce((total, weight) => total + weight, 0),
            absolute: row.reduce((total, weight) => total + Math.abs(weight), 0),
            inside: starts[j] >= 0 && starts[j] + taps <= sourceSize,
          };
        });
        const wrong = rows.filter(
          ({ sum, absolute, inside }) => sum !== 1 << 14 || absolute > 1 << 16 || !inside,
        );
        expect(wrong).toEqual([]);
        expect([weights.length, starts.length]).toEqual([targetSize * taps, targetSize]);
      }),
      { numRuns: 60 },
    );
  });

  it('of a blur sum to 2^14 for every radius and sigma of the language', () => {
    const range = { min: 1, max: 50 };
    fc.assert(
      fc.property(fc.integer(range), fc.integer(range), (radius, sigma) => {
        const weights = gaussianWeights({ radius, sigma });
        expect(weights).toHaveLength(2 * radius + 1);
        expect(weights.reduce((total, weight) => total + weight, 0)).toBe(1 << 14);
      }),
    );
  });
});

/** Runs `kernel` on a flat source and tells whether the target is the same level throughout. */
function staysFlat(
  level: number,
  sourceSize: number,
  targetSize: number,
  kernel: (source: Uint8Array, target: Uint8Array) => void,
): boolean {
  const target = new Uint8Array(targetSize).fill(255 - level);
  kernel(new Uint8Array(sourceSize).fill(level), target);
  return target.every((sample) => sample === level);
}

describe('a flat plane', () => {
  const phases = cubicPhases();

  it('stays flat when resized, whatever the table; so opaque alpha stays opaque', () => {
    fc.assert(
      fc.property(anyTable, anyLevel, ({ sourceSize, table }, level) => {
        const { targetSize } = table;
        const flatRows = staysFlat(level, 5 * sourceSize, 5 * targetSize, (source, target) =>
          kernels.resizeRows(source, sourceSize, target, targetSize, 5, table),
        );
        const flatColumns = staysFlat(level, 5 * sourceSize, 5 * targetSize, (source, target) =>
          kernels.resizeColumns(source, 5, target, 5, 5, table),
        );
        expect([flatRows, flatColumns]).toEqual([true, true]);
      }),
      { numRuns: 60 },
    );
  });

  it('stays flat when blurred, sharpened, halved and warped', () => {
    const anyBlur = fc.record({
      radius: fc.integer({ min: 0, max: 50 }),
      sigma: fc.integer({ min: 1, max: 50 }),
    });
    const anyAngle = fc.double({ min: 0, max: 7, noNaN: true });
    fc.assert(
      fc.property(anySize, anySize, anyLevel, anyBlur, anyAngle, (w, h, level, blur, angle) => {
        const weights = gaussianWeights(blur);
        const [cos, sin] = [Math.cos, Math.sin].map((f) => Math.round(f(angle) * 65536));
        const map = { x0: w * 9999, y0: -h * 7777, xx: cos, xy: sin, yx: -sin, yy: cos };
        const [half, low] = [(w + 1) >> 1, (h + 1) >> 1];
        const runs: [number, (s: Uint8Array, t: Uint8Array) => void][] = [
          [w * h, (s, t) => kernels.blurRows(s, w, t, w, w, h, weights)],
          [w * h, (s, t) => kernels.blurColumns(s, w, t, w, w, h, weights)],
          [w * h, (s, t) => kernels.sharpen(s, w, s, w, t, w, w, h, 1022)],
          [half * h, (s, t) => kernels.halveColumns(s, w, t, half, w, h)],
          [w * low, (s, t) => kernels.halveRows(s, w, t, w, w, h)],
          [half * low, (s, t) => kernels.halveBoth(s, w, t, half, w, h)],
          [w * h, (s, t) => kernels.warp(s, w, w, h, t, w, w, h, map, phases)],
        ];
        const flat = runs.map(([size, run]) => staysFlat(level, w * h, size, run));
        expect(flat).toEqual(runs.map(() => true));
      }),
      { numRuns: 40 },
    );
  });
});

describe('alpha', () => {
  it('255 premultiplies and unpremultiplies to the same plane', () => {
    fc.assert(
      fc.property(anyPlane, ({ data, width: w, height: h }) => {
        const alpha = new Uint8Array(w * h).fill(255);
        const premultiplied = new Uint8Array(w * h);
        const back = new Uint8Array(w * h);
        kernels.premultiply(data, w, alpha, w, premultiplied, w, w, h);
        kernels.unpremultiply(premultiplied, w, alpha, w, back, w, w, h);
        expect(premultiplied).toEqual(data);
        expect(back).toEqual(data);
      }),
      { numRuns: 25 },
    );
  });

  it('stays opaque under anything, and compositing onto it is a blend', () => {
    fc.assert(
      fc.property(anyPlane, anyLevel, ({ data: coverage, width: w, height: h }, level) => {
        const alpha = new Uint8Array(w * h).fill(255);
        const over = coverage.toReversed();
        const blended = over.slice();
        kernels.overValue(over, w, alpha, w, coverage, w, w, h, level);
        kernels.blendValue(blended, w, coverage, w, w, h, level);
        expect(over).toEqual(blended);
        kernels.overAlpha(alpha, w, coverage, w, w, h);
        expect(alpha.every((a) => a === 255)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
});

describe('on any shape', () => {
  const anyShape = fc.record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 24 }),
    padding: fc.integer({ min: 0, max: 9 }),
    seed: fc.nat(),
  });
  it.each(kernelTrials.map((trial) => ({ name: trial.name, trial })))(
    '$name agrees with its float64 twin',
    ({ trial }) => {
      const [actual, expected]: Kernels[] = [kernels, naiveKernels];
      fc.assert(
        fc.property(anyShape, (shape) => {
          expect(kernelMismatch({ trial, actual, expected, shape })).toBeUndefined();
        }),
        { numRuns: 30 },
      );
    },
  );
});
