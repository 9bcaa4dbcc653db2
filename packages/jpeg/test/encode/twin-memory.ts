/**
 * Runs the encoder that shares a memory on pictures that lie elsewhere: planes and scratch are laid
 * into the memory with guard bytes around them, which must be there afterwards.
 * @module
 */

import { expect } from 'vitest';
import { createJpegEncoder } from '../../src/encode/encoder.ts';
import { REGION_END, REGION_START } from '../../src/encode/memory-map.ts';
import type { JpegEncodeOptions } from '../../src/options.ts';

const GUARD = 0xa5;
const GUARD_BYTES = 64;
const PAGE_BYTES = 65_536;

/** A function that encodes in one memory, large enough for planes and scratch of `roomBytes`. */
export function createTwin(roomBytes: number): (options: JpegEncodeOptions) => Uint8Array {
  const pages = Math.ceil((REGION_END + roomBytes) / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages });
  const encoder = createJpegEncoder(memory);
  const all = new Uint8Array(memory.buffer);
  return (options) => {
    // What an earlier picture left must not matter, nor that nothing but zeros was there.
    let end = REGION_END + GUARD_BYTES;
    const guards: number[] = [REGION_END];
    const place = (byteLength: number): Uint8Array => {
      const start = Math.ceil(end / 16) * 16;
      end = start + byteLength + GUARD_BYTES;
      guards.push(end - GUARD_BYTES);
      return all.subarray(start, start + byteLength);
    };
    const components = options.components.map((component) => {
      const data = place(component.data.length);
      data.set(component.data);
      return { ...component, data };
    });
    const scratch = place(encoder.scratchBytes(options)).fill(0xff);
    for (const at of guards) all.fill(GUARD, at, at + GUARD_BYTES);
    const below = all.slice(0, REGION_START);
    const file = encoder.encode({ ...options, components, scratch });
    for (const at of guards) {
      expect(all.subarray(at, at + GUARD_BYTES).every((byte) => byte === GUARD)).toBe(true);
    }
    components.forEach(({ data }, i) => {
      expect(Buffer.compare(data, options.components[i].data)).toBe(0);
    });
    expect(Buffer.compare(below, all.subarray(0, REGION_START))).toBe(0);
    return file;
  };
}
