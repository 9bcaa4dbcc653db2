/**
 * Hostile bytes: every truncation and seeded changes of small files give planes or an ImageError, in
 * bounded time, and nothing outside the planes is written. `pnpm soak:fuzz` is the long form.
 * @module
 */
import { randomFrom } from '@safelight/testkit';
import { describe, expect, it } from 'vitest';

import { Attack } from './attack.ts';
import { fuzzFiles, mutate } from './mutation.ts';

/** Room for pictures up to a few hundred pixels a side; headers that ask for more are refused. */
const attack = new Attack(4 * 1024 * 1024);
/** A decode of such a picture takes milliseconds; this is for a machine busy with other things. */
const WATCHDOG_MS = 5_000;
/** Changes of each file. */
const ROUNDS = 1500;

describe.each(fuzzFiles())('%s', (_, file) => {
  it('is planes or an ImageError at every truncation', () => {
    for (let length = 0; length < file.length; length++) {
      const scale = 1 + (length % 8);
      const part = file.subarray(0, length);
      expect(attack.attempt(part, { scale, partial: false })).toMatch(/truncated|damaged/);
      expect(attack.attempt(part, { scale, partial: true })).toMatch(/a part|truncated|damaged/);
      // A region is whole once its rows have come.
      const middle = { scale, partial: false, isMiddle: true };
      expect(attack.attempt(part, middle)).toMatch(/planes|truncated|damaged/);
    }
    expect(attack.attempt(file, { scale: 8, partial: false })).toBe('planes');
  });

  it('is planes or an ImageError under seeded changes', () => {
    const random = randomFrom(file.length);
    let whole = 0;
    for (let i = 0; i < ROUNDS; i++) {
      const options = { scale: 1 + (i % 8), partial: i % 3 === 0, isMiddle: i % 5 === 0 };
      if (attack.attempt(mutate(file, random), options) === 'planes') whole++;
    }
    // What went wrong has left nothing behind.
    expect(attack.attempt(file, { scale: 8, partial: false })).toBe('planes');
    // The changes reach both the headers and the data.
    expect(whole).toBeGreaterThan(ROUNDS / 20);
    expect(ROUNDS - whole).toBeGreaterThan(ROUNDS / 20);
    expect(attack.slowestMs).toBeLessThan(WATCHDOG_MS);
  });
});
