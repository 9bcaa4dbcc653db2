/**
 * Decodes hostile bytes between guard bytes, in one memory for all of them: planes or an ImageError,
 * and not a byte written outside what the plan foresees. Anything else throws.
 * @module
 */
import { isImageError, type ImageErrorReason } from '@safelight/core';

import { createJpegDecoder, type JpegDecoder } from '../../src/decode/decoder.ts';
import { type JpegLayout, readJpegLayout } from '../../src/decode/layout.ts';
import { REGION_END } from '../../src/decode/memory-map.ts';
import { planJpegDecode, type JpegDecodePlan } from '../../src/decode/plan.ts';
import { fullGridOf, upsampleJpegPlane } from '../../src/decode/upsample.ts';
import { readJpegMetadata } from '../../src/metadata.ts';

const GUARD = 0xa5;
const GUARD_BYTES = 4096;
/** Between the rows of a plane. */
const GAP = 3;
const PAGE = 65_536;
const guard = Buffer.alloc(GUARD_BYTES, GUARD);

/** `too large`: the header asks for more than there is room for, which a caller sees in the plan. */
export type Outcome = 'planes' | 'a part' | 'too large' | ImageErrorReason;

export interface AttackOptions {
  readonly scale: number;
  readonly partial: boolean;
  /** Only the middle ninth. @default false */
  readonly isMiddle?: boolean;
}

interface Placed {
  readonly coefficients: Uint8Array;
  readonly planes: { readonly data: Uint8Array; readonly stride: number }[];
  readonly guards: readonly number[];
}

function planAttack(layout: JpegLayout, { scale, isMiddle }: AttackOptions): JpegDecodePlan {
  if (isMiddle !== true) return planJpegDecode(layout, { scale });
  const width = layout.width / 3;
  const height = layout.height / 3;
  return planJpegDecode(layout, { scale, region: { left: width, top: height, width, height } });
}

export class Attack {
  readonly #memory: WebAssembly.Memory;
  readonly #bytes: Buffer;
  readonly #decoder: JpegDecoder;
  readonly #room: number;
  /** The longest attempt, in milliseconds. */
  slowestMs = 0;
  attempts = 0;

  /** `roomBytes` is what coefficients, planes and guards may take together. */
  constructor(roomBytes: number) {
    this.#room = roomBytes;
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil((REGION_END + roomBytes) / PAGE) });
    this.#bytes = Buffer.from(this.#memory.buffer);
    this.#decoder = createJpegDecoder(this.#memory);
  }

  attempt(bytes: Uint8Array, options: AttackOptions): Outcome {
    const began = performance.now();
    try {
      // Not every time: it is slower than the decode of a small file.
      if (this.attempts % 16 === 1) readJpegMetadata(bytes);
      const plan = planAttack(readJpegLayout(bytes), options);
      if (this.#totalOf(plan) > this.#room) return 'too large';
      return this.#decode(bytes, plan, options);
    } catch (error) {
      if (isImageError(error)) return error.reason;
      throw error;
    } finally {
      this.slowestMs = Math.max(this.slowestMs, performance.now() - began);
      this.attempts++;
    }
  }

  #totalOf(plan: JpegDecodePlan): number {
    let total = plan.coefficientBytes + 6 * GUARD_BYTES;
    for (const { rowBytes, rows } of plan.planes) total += (rowBytes + GAP) * rows;
    return total;
  }

  #decode(bytes: Uint8Array, plan: JpegDecodePlan, options: AttackOptions): Outcome {
    const placed = this.#place(plan);
    try {
      const isWhole = this.#decoder.decode(bytes, plan, placed, options);
      const odd = this.attempts % plan.planes.length;
      const { width, height } = fullGridOf(plan);
      if (this.attempts % 16 === 0) {
        const target = { data: new Uint8Array(width * height), stride: width };
        upsampleJpegPlane(plan, odd, placed.planes[odd], target);
      }
      return isWhole ? 'planes' : 'a part';
    } finally {
      this.#checkGuards(plan, placed);
    }
  }

  #place(plan: JpegDecodePlan): Placed {
    this.#bytes.fill(GUARD, REGION_END, REGION_END + this.#totalOf(plan));
    let at = REGION_END + GUARD_BYTES;
    const guards: number[] = [REGION_END];
    const take = (length: number): Uint8Array => {
      const view = new Uint8Array(this.#memory.buffer, at, length);
      at += length;
      guards.push(at);
      at += GUARD_BYTES;
      return view;
    };
    const coefficients = take(plan.coefficientBytes);
    const planes = plan.planes.map(({ rowBytes, rows }) => ({
      data: take((rowBytes + GAP) * rows),
      stride: rowBytes + GAP,
    }));
    return { coefficients, planes, guards };
  }

  #checkGuards(plan: JpegDecodePlan, { planes, guards }: Placed): void {
    if (this.#bytes.buffer !== this.#memory.buffer) throw new Error('the memory has grown');
    for (const start of guards) {
      if (this.#bytes.compare(guard, 0, GUARD_BYTES, start, start + GUARD_BYTES) !== 0) {
        throw new Error(`guard bytes at ${start} were written`);
      }
    }
    planes.forEach(({ data, stride }, i) => {
      const { rows, rowBytes } = plan.planes[i];
      for (let y = 0; y < rows; y++) {
        const end = y * stride + rowBytes;
        const isKept = data[end] === GUARD && data[end + 1] === GUARD && data[end + 2] === GUARD;
        if (!isKept) throw new Error(`plane ${i}: row ${y} was written behind its end`);
      }
    });
  }
}
