/**
 * Hostile bytes: every truncation and seeded changes of small files give planes or an ImageError, in
 * bounded time, and nothing outside the planes is written.
 * @module
 */
import { isImageError } from '@safelight/core';
import { randomFrom } from '@safelight/testkit';
import { describe, expect, it } from 'vitest';

import { createJpegDecoder } from '../../src/decode/decoder.ts';
import { readJpegLayout } from '../../src/decode/layout.ts';
import { REGION_END } from '../../src/decode/memory-map.ts';
import { planJpegDecode } from '../../src/decode/plan.ts';
import { GREY, makeFile, makeScanPerComponent, YCC_420, YCC_444 } from '../decode/files.ts';

const GUARD = 0xa5;
const GUARD_BYTES = 4096;
const PAGE = 65_536;
/** Room for pictures up to a few hundred pixels a side; headers that ask for more are skipped. */
const ROOM = 4 * 1024 * 1024;
const memory = new WebAssembly.Memory({ initial: (REGION_END + ROOM) / PAGE });
const decoder = createJpegDecoder(memory);
/** A decode of such a picture takes milliseconds; this is for a machine busy with other things. */
const WATCHDOG_MS = 5_000;

type Outcome = 'planes' | 'error' | 'skipped';

/** Decodes between guard bytes; anything but planes or an ImageError fails the test. */
function attempt(bytes: Uint8Array, scale: number, partial: boolean): Outcome {
  const began = performance.now();
  try {
    const plan = planJpegDecode(readJpegLayout(bytes), { scale });
    let at = REGION_END + GUARD_BYTES;
    const guards: number[] = [REGION_END];
    const take = (length: number): Uint8Array => {
      const view = new Uint8Array(memory.buffer, at, length);
      at += length;
      guards.push(at);
      at += GUARD_BYTES;
      return view;
    };
    let total = plan.coefficientBytes + 6 * GUARD_BYTES;
    for (const { rowBytes, rows } of plan.planes) total += (rowBytes + 3) * rows;
    if (total > ROOM) return 'skipped';
    const all = new Uint8Array(memory.buffer, REGION_END, total);
    all.fill(GUARD);
    const coefficients = take(plan.coefficientBytes);
    const planes = plan.planes.map(({ rowBytes, rows }) => ({
      data: take((rowBytes + 3) * rows),
      stride: rowBytes + 3,
    }));
    let outcome: Outcome = 'planes';
    try {
      decoder.decode(bytes, plan, { planes, coefficients }, { partial });
    } catch (error) {
      if (!isImageError(error)) throw error;
      outcome = 'error';
    }
    const memoryBytes = Buffer.from(memory.buffer);
    const guard = Buffer.alloc(GUARD_BYTES, GUARD);
    for (const start of guards) {
      if (memoryBytes.compare(guard, 0, GUARD_BYTES, start, start + GUARD_BYTES) !== 0) {
        throw new Error(`guard bytes at ${start} were written`);
      }
    }
    planes.forEach(({ data, stride }, i) => {
      const { rows, rowBytes } = plan.planes[i];
      for (let y = 0; y < rows; y++) {
        for (let x = rowBytes; x < stride; x++) {
          if (data[y * stride + x] !== GUARD) throw new Error(`row ${y} was written at ${x}`);
        }
      }
    });
    return outcome;
  } catch (error) {
    if (isImageError(error)) return 'error';
    throw error;
  } finally {
    expect(performance.now() - began).toBeLessThan(WATCHDOG_MS);
  }
}

const files: readonly (readonly [string, Uint8Array])[] = [
  ['grey', makeFile(41, 29, { samplings: GREY })],
  ['4:2:0', makeFile(49, 35, { samplings: YCC_420, restartInterval: 3 })],
  ['progressive', makeFile(45, 37, { samplings: YCC_420, progressive: true })],
  [
    'progressive with restarts',
    makeFile(33, 33, { samplings: YCC_444, progressive: true, restartInterval: 2 }),
  ],
  ['a scan for each component', makeScanPerComponent(30, 22)],
];

/** One to four changes: bits, bytes, bytes left out, bytes put in. */
function mutate(file: Uint8Array, random: () => number): Uint8Array {
  let bytes = [...file];
  const changes = 1 + Math.floor(random() * 4);
  for (let i = 0; i < changes; i++) {
    const at = 2 + Math.floor(random() * (bytes.length - 2));
    const kind = Math.floor(random() * 8);
    if (kind < 4) bytes[at] ^= 1 << Math.floor(random() * 8);
    else if (kind < 6) bytes[at] = Math.floor(random() * 256);
    else if (kind === 6) bytes.splice(at, 1 + Math.floor(random() * 8));
    else bytes = [...bytes.slice(0, at), 0xff, Math.floor(random() * 256), ...bytes.slice(at)];
  }
  return Uint8Array.from(bytes);
}

describe.each(files)('%s', (_, file) => {
  it('is planes or an ImageError at every truncation', () => {
    for (let length = 0; length < file.length; length++) {
      const scale = 1 + (length % 8);
      expect(attempt(file.subarray(0, length), scale, false)).toBe('error');
      expect(attempt(file.subarray(0, length), scale, true)).not.toBe('skipped');
    }
    expect(attempt(file, 8, false)).toBe('planes');
  });

  it('is planes or an ImageError under seeded changes', () => {
    const rounds = Number(process.env['SAFELIGHT_FUZZ_ROUNDS'] ?? 1500);
    const random = randomFrom(file.length);
    const outcomes = { planes: 0, error: 0, skipped: 0 };
    for (let i = 0; i < rounds; i++) {
      outcomes[attempt(mutate(file, random), 1 + (i % 8), i % 3 === 0)]++;
    }
    // What went wrong has left nothing behind.
    expect(attempt(file, 8, false)).toBe('planes');
    // The changes reach both the headers and the data.
    expect(outcomes.planes).toBeGreaterThan(rounds / 20);
    expect(outcomes.error).toBeGreaterThan(rounds / 20);
  });
});
