/**
 * Times in answers: whole seconds, since strict clients take no fraction but `.000`.
 * @module
 */

/** As listings have it: `2026-01-02T03:04:05.000Z`. */
export function printTime(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}

/** As headers and styles have it: `Fri, 02 Jan 2026 03:04:05 GMT`. */
export function printHttpTime(ms: number): string {
  const second = Math.floor(ms / 1000);
  const known = printed.get(second);
  if (known !== undefined) return known;
  if (printed.size >= MAX_PRINTED) printed.clear();
  const text = new Date(ms).toUTCString();
  printed.set(second, text);
  return text;
}

/** Answers say the same few times over and over: now, and when hot objects were written. */
const printed = new Map<number, string>();
const MAX_PRINTED = 1_000;
