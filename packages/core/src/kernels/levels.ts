/**
 * Levels through a table.
 * @module
 */

/** In place: target = table[target]. `table` has 256 levels. */
export function mapSamples(
  target: Uint8Array,
  stride: number,
  width: number,
  height: number,
  table: Uint8Array,
): void {
  for (let y = 0; y < height; y++) {
    const end = y * stride + width;
    for (let at = y * stride; at < end; at++) target[at] = table[target[at]];
  }
}
