/**
 * Compares two kernel sets on the same random planes: odd strides, no alignment, and guard bytes
 * around every row that no kernel may touch.
 * @module
 */

import type { Kernels } from '@safelight/core';

import { randomFrom } from '../random.ts';

/** A plane in the middle of bytes that no kernel may touch. */
export interface TestPlane {
  readonly backing: Uint8Array;
  readonly data: Uint8Array;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

/** What a trial runs on. The same shape makes the same planes. */
export interface KernelShape {
  /** Samples, from 1. */
  readonly width: number;
  readonly height: number;
  /** Bytes between the rows of every plane, from 0. */
  readonly padding: number;
  readonly seed: number;
}

export interface KernelTrial {
  readonly name: string;
  readonly kernel: Exclude<keyof Kernels, 'name'>;
  /**
   * The greatest difference from the float64 twin; 0 where rounding is exact or samples only move.
   */
  readonly levels: number;
  run(kernels: Kernels, bench: Bench): void;
}

export interface KernelComparison {
  readonly trial: KernelTrial;
  readonly actual: Kernels;
  readonly expected: Kernels;
  readonly shape: KernelShape;
  /** The greatest difference allowed. @default the trial's */
  readonly levels?: number;
  /** Memory for `actual`, for sets that read only their own. @default new Uint8Array */
  readonly allocate?: (byteLength: number) => Uint8Array;
}

/** Runs a trial on two sets; tells the first difference, or nothing when there is none. */
export function kernelMismatch(comparison: KernelComparison): string | undefined {
  const { trial, actual, expected, shape } = comparison;
  const levels = comparison.levels ?? trial.levels;
  const left = new Bench(shape, comparison.allocate ?? newBytes);
  const right = new Bench(shape, newBytes);
  trial.run(actual, left);
  trial.run(expected, right);
  for (const [index, plane] of left.planes.entries()) {
    const difference = planeMismatch(plane, right.planes[index], levels);
    if (difference !== undefined) {
      return `${trial.name}, plane ${index}: ${difference}; shape ${JSON.stringify(shape)}`;
    }
  }
  return undefined;
}

function planeMismatch(actual: TestPlane, wanted: TestPlane, levels: number): string | undefined {
  for (let i = 0; i < actual.backing.length; i++) {
    const from = i - GUARD;
    const x = from % actual.stride;
    const y = Math.floor(from / actual.stride);
    const inside = from >= 0 && x < actual.width && y < actual.height;
    if (Math.abs(actual.backing[i] - wanted.backing[i]) > (inside ? levels : 0)) {
      const place = inside ? `sample (${x}, ${y})` : `guard byte ${from}`;
      return `${place}: expected ${wanted.backing[i]}, got ${actual.backing[i]}`;
    }
  }
  return undefined;
}

/** Odd, so that no plane begins aligned. */
const GUARD = 37;

function newBytes(byteLength: number): Uint8Array {
  return new Uint8Array(byteLength);
}

/** Makes the planes and numbers of one trial from a seed, and remembers the planes. */
export class Bench {
  readonly width: number;
  readonly height: number;
  readonly planes: TestPlane[] = [];
  readonly #padding: number;
  readonly #allocate: (byteLength: number) => Uint8Array;
  readonly #random: () => number;

  constructor(shape: KernelShape, allocate: (byteLength: number) => Uint8Array) {
    this.width = shape.width;
    this.height = shape.height;
    this.#padding = shape.padding;
    this.#allocate = allocate;
    this.#random = randomFrom(shape.seed);
  }

  /** A whole number from `least` to `most`. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  /** Noise, of which a third is black or white: extremes meet extremes, alphas are 0 and 255. */
  plane(width: number = this.width, height: number = this.height): TestPlane {
    const stride = width + this.#padding;
    const byteLength = stride * (height - 1) + width;
    const backing = this.#allocate(byteLength + 2 * GUARD);
    for (let i = 0; i < backing.length; i++) {
      const number = this.integer(-64, 255 + 64);
      backing[i] = number < 0 ? 0 : number > 255 ? 255 : number;
    }
    const data = backing.subarray(GUARD, GUARD + byteLength);
    const plane = { backing, data, stride, width, height };
    this.planes.push(plane);
    return plane;
  }
}
