/**
 * The two date forms of signed requests, as milliseconds since 1970 and back. Parsing is strict and
 * calendar dates must exist: `Date.parse` takes almost anything, differently in every engine.
 * @module
 */

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Greatest time with a year of four digits, in milliseconds. */
const MAX_MS = 253_402_300_799_999;

/** `yyyymmddThhmmssZ` or an HTTP date (RFC 9110, 5.6.7, the fixed form); undefined for all else. */
export function parseDate(text: string): number | undefined {
  return parseBasicDate(text) ?? parseHttpDate(text);
}

/** `20260102T030405Z`; undefined for all else. */
export function parseBasicDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`);
  // Engines roll 31 February over instead of refusing it; printing shows whether it was a real date.
  return Number.isFinite(ms) && printBasicDate(ms) === text ? ms : undefined;
}

/** `Fri, 02 Jan 2026 03:04:05 GMT`; undefined for all else. */
export function parseHttpDate(text: string): number | undefined {
  const match = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) GMT$/.exec(text);
  if (match === null) return undefined;
  const [, day, monthName = '', year, time] = match;
  const month = String(MONTHS.indexOf(monthName) + 1).padStart(2, '0');
  const ms = Date.parse(`${year}-${month}-${day}T${time}.000Z`);
  return Number.isFinite(ms) && printHttpDate(ms) === text ? ms : undefined;
}

/** `20260102T030405Z`, the fraction of a second cut off. */
export function printBasicDate(ms: number): string {
  return printIsoDate(ms).replaceAll(/[-:]|\.\d{3}/g, '');
}

/** `Fri, 02 Jan 2026 03:04:05 GMT`, the fraction of a second cut off. */
export function printHttpDate(ms: number): string {
  const iso = printIsoDate(ms);
  const weekday = WEEKDAYS[new Date(ms).getUTCDay()];
  const month = MONTHS[Number(iso.slice(5, 7)) - 1];
  return `${weekday}, ${iso.slice(8, 10)} ${month} ${iso.slice(0, 4)} ${iso.slice(11, 19)} GMT`;
}

/** `2026-01-02T03:04:05.000Z`, as error documents show times; the nearest time with such a form. */
export function printIsoDate(ms: number): string {
  return new Date(Math.min(Math.max(ms, 0), MAX_MS)).toISOString();
}

/**
 * The caller's clock, checked: a NaN here would compare as "not expired".
 * @throws RangeError for anything but a time from 1970 to 9999
 */
export function checkTime(name: string, ms: number): void {
  if (!(ms >= 0 && ms <= MAX_MS)) {
    throw new RangeError(`${name}: expected milliseconds from 1970 to 9999, got ${ms}`);
  }
}
