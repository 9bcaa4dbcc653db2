/**
 * Between interleaved pixels, as codecs and canvases have them, and planes. Strides of interleaved
 * pixels count bytes, widths count pixels.
 * @module
 */

/** Plane `channel` of interleaved `source`. */
export function deinterleave(
  source: Uint8Array,
  sourceStride: number,
  channels: number,
  channel: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    let from = y * sourceStride + channel;
    const to = y * targetStride;
    for (let x = 0; x < width; x++) {
      target[to + x] = source[from];
      from += channels;
    }
  }
}

/** Writes a plane as `channel` of interleaved `target`; the other channels stay. */
export function interleave(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  channels: number,
  channel: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    const from = y * sourceStride;
    let to = y * targetStride + channel;
    for (let x = 0; x < width; x++) {
      target[to] = source[from + x];
      to += channels;
    }
  }
}
