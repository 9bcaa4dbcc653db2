/**
 * The table of a vertical pass as its twin reads it: target rows two by two, since neighbours read nearly
 * the same source rows. Rows whose windows lie apart stay alone: they are both rows of their pair.
 * @module
 *
 * A record is four int32, the first source row, the number of source rows and the two target rows; then
 * four int16 for every two source rows: two weights of the one target row, two of the other.
 */

import type { FilterTable } from '@safelight/core';

/** In int16. */
const HEAD_WORDS = 8;
const PAIR_WORDS = 4;

/** Bytes of the longest record that a table of so many taps can have. */
export function columnPairBytes(taps: number): number {
  return Int16Array.BYTES_PER_ELEMENT * recordWords(2 * taps);
}

function recordWords(rows: number): number {
  return HEAD_WORDS + PAIR_WORDS * ((rows + 1) >> 1);
}

/**
 * Writes the records of target rows from `first` on into `room`: at least one, which the caller has made
 * room for, and as many more as fit. `end` is the first target row without a record.
 */
export function placeColumnPairs(
  table: FilterTable,
  first: number,
  room: Int16Array,
): { readonly count: number; readonly end: number } {
  const { targetSize, taps, starts } = table;
  const heads = new Int32Array(room.buffer, room.byteOffset, room.length >> 1);
  let at = 0;
  let count = 0;
  let row = first;
  while (row < targetSize) {
    const shift = row + 1 < targetSize ? starts[row + 1] - starts[row] : taps;
    const isShared = shift >= 0 && shift < taps;
    const other = isShared ? row + 1 : row;
    const rows = isShared ? taps + shift : taps;
    const end = at + recordWords(rows);
    if (end > room.length) break;
    const head = at >> 1;
    heads[head] = starts[row];
    heads[head + 1] = rows;
    heads[head + 2] = row;
    heads[head + 3] = other;
    const weightsAt = at + HEAD_WORDS;
    room.fill(0, weightsAt, end);
    placeWeights(table, row, room, weightsAt, 0);
    placeWeights(table, other, room, weightsAt + 2, isShared ? shift : 0);
    at = end;
    count++;
    row = other + 1;
  }
  return { count, end: row };
}

/** The weights of one target row, whose window begins `shift` source rows below the record's. */
function placeWeights(
  { taps, weights }: FilterTable,
  row: number,
  room: Int16Array,
  to: number,
  shift: number,
): void {
  const from = row * taps;
  for (let i = 0; i < taps; i++) {
    const at = i + shift;
    room[to + PAIR_WORDS * (at >> 1) + (at & 1)] = weights[from + i];
  }
}
