/**
 * What pixels go through: actions are lowered to operations, and operations alone touch samples.
 * `effect` must count every byte that `run` takes from the arena, or the render ends as
 * `prediction-failed`.
 * @module
 */

import type { Arena } from './arena.ts';
import type { Deadline } from './deadline.ts';
import { assert } from './errors.ts';
import type { Kernels } from './kernels/kernels.ts';
import type { MarkPixelsOf } from './planned-mark.ts';
import type { Orientation, Plane, Raster, Rectangle } from './raster.ts';
import { planeBytes, type PlaneShape, type RasterShape, type Size } from './shape.ts';
import type { TableCache } from './table-cache.ts';
import type { TextRasterizer } from './text/rasterizer.ts';

/** What the encoder at the end of the chain takes; decides what operations keep. */
export interface OutputTraits {
  /** The format has alpha; otherwise what is transparent shows a colour behind it. */
  readonly alpha: boolean;
  /** The format stores YCbCr 4:2:0, so that chroma stays at half size. */
  readonly subsampled: boolean;
}

/** Moves that `simplify` knows how to combine. */
type Move =
  | { readonly kind: 'turn'; readonly symmetry: Orientation }
  | { readonly kind: 'view'; readonly rectangle: Rectangle }
  | {
      readonly kind: 'resample';
      /** The whole picture's size after resampling. */
      readonly scaled: Size;
      /** The part of it that is wanted. */
      readonly window: Rectangle;
      readonly fullChroma: boolean;
    };

/** What must be done to a raster before an operation can run on it. */
export type Requirement =
  /** A gray raster becomes a coloured one. */
  | 'color'
  /** Each plane gets one sample a pixel. */
  | 'full-grid'
  /** A YCbCr raster with one sample a pixel becomes an RGB one. */
  | 'rgb'
  /** An opaque raster gets an alpha plane. */
  | 'alpha';

/** What an operation does to a raster of a given shape, in sizes. */
export interface Effect {
  readonly shape: RasterShape;
  /**
   * `view`: nothing is allocated. `stay`: the raster's memory stays in use, `addedBytes` join it.
   * `rewrite`: the result is new, `addedBytes` of it, and what lay before is freed.
   */
  readonly memory: 'view' | 'stay' | 'rewrite';
  readonly addedBytes: number;
  readonly scratchBytes: number;
  /** Samples written, filter taps not counted. */
  readonly costPixels: number;
}

export interface RunContext {
  readonly arena: Arena;
  readonly kernels: Kernels;
  readonly tables: TableCache;
  readonly output: OutputTraits;
  readonly text?: TextRasterizer | undefined;
  /** What the chain's picture marks show. */
  readonly marks?: MarkPixelsOf | undefined;
  /** For operations that are long: between steps it is checked anyway. */
  readonly deadline?: Deadline | undefined;
}

export interface Operation {
  /** For people who read a plan. */
  readonly name: string;
  /** Present when `simplify` may combine it with its neighbours. */
  readonly move?: Move;
  /** Size of the result where it is another than the picture's and `move` does not tell. */
  readonly resizesTo?: Size;
  /** Flat colours may become others: what is transparent must not have become one before it. */
  readonly changesColors?: true;
  /** Parts of the result show nothing of the picture: transparent, or white without alpha. */
  readonly leavesEmpty?: true;
  /** Whether it takes interleaved pixels as they are. @default no, only planes */
  takesInterleaved?(shape: RasterShape): boolean;
  /** Whether it takes samples that are still to be read. @default no */
  takesRows?(shape: RasterShape): boolean;
  /** @default none */
  requires?(shape: RasterShape, output: OutputTraits): readonly Requirement[];
  effect(shape: RasterShape, output: OutputTraits): Effect;
  run(raster: Raster, context: RunContext): Raster;
}

/** The effect of an operation that changes samples where they lie. */
export function inPlace(shape: RasterShape, scratchBytes: number, costPixels: number): Effect {
  return { shape, memory: 'stay', addedBytes: 0, scratchBytes, costPixels };
}

/** A plane of unspecified samples in the arena. */
export function allocatePlane(arena: Arena, shape: PlaneShape): Plane {
  const { width, height, extent } = shape;
  return { data: arena.allocate(planeBytes(shape)), width, height, stride: width, extent };
}

/** Runs `work`, then gives back what it allocated. */
export function withScratch<T>(arena: Arena, work: () => T): T {
  const mark = arena.mark();
  const result = work();
  arena.release(mark);
  return result;
}

/** The only plane of a gray raster, the luma of a YCbCr one, and so on. */
export function planeAt(raster: Raster, index: number): Plane {
  const plane = raster.planes[index];
  assert(plane, `a ${raster.model} raster has a plane ${index}`);
  return plane;
}
