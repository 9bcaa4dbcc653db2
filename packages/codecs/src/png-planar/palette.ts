/**
 * Writing a picture with a palette again when its source had one and its colours still fit: counting
 * colours, and indices packed into bits. Transparent colours come first, which keeps tRNS short.
 * @module
 */

import type { Plane, Raster } from '@safelight/core';

export interface IndexedPicture {
  readonly bitDepth: 1 | 2 | 4 | 8;
  /** Colour triples: the contents of PLTE. */
  readonly colors: Uint8Array;
  /** Contents of tRNS; empty when every colour is opaque. */
  readonly alphas: Uint8Array;
  /** Rows of packed indices, each with its filter byte: filters do not help indices (PNG, 12.7). */
  readonly scanlines: Uint8Array;
}

/** PNG, 11.2.2. */
const MAX_COLORS = 256;
/** Four times the colours, so that probes stay short. A power of two. */
const SLOTS = 1024;

/** The picture with a palette, or nothing when it has more than 256 colours. */
export function indexColors(raster: Raster): IndexedPicture | undefined {
  const { width, height } = raster;
  const colors = new ColorTable();
  const indices = new Uint8Array(width * height);
  const channels = channelsOf(raster);
  const row = new Uint32Array(width);
  for (let y = 0; y < height; y++) {
    packRow(channels, y, row);
    if (!colors.indexRow(row, indices, y * width)) return undefined;
  }
  const order = colors.opaqueLast();
  const bitDepth = depthFor(order.length);
  const places = new Uint8Array(MAX_COLORS);
  for (const [place, index] of order.entries()) places[index] = place;
  const found = order.map((index) => colors.found[index]);
  const transparent = found.filter((color) => color >>> 24 !== 255);
  return {
    bitDepth,
    colors: Uint8Array.from(
      found.flatMap((color) => [color & 0xff, (color >> 8) & 0xff, (color >> 16) & 0xff]),
    ),
    alphas: Uint8Array.from(transparent, (color) => color >>> 24),
    scanlines: packIndices(indices, places, width, height, bitDepth),
  };
}

/** Red, green, blue and alpha; grey three times. */
function channelsOf({ planes, alpha }: Raster): readonly (Plane | undefined)[] {
  const [first] = planes;
  return [first, planes[1] ?? first, planes[2] ?? first, alpha];
}

/** Colours of row `y` as `alpha << 24 | blue << 16 | green << 8 | red`. */
function packRow(channels: readonly (Plane | undefined)[], y: number, row: Uint32Array): void {
  row.fill(0);
  for (const [channel, plane] of channels.entries()) {
    const shift = 8 * channel;
    if (plane === undefined) {
      for (let x = 0; x < row.length; x++) row[x] |= 255 << shift;
      continue;
    }
    const at = y * plane.stride;
    for (let x = 0; x < row.length; x++) row[x] |= plane.data[at + x] << shift;
  }
}

/** Up to 256 colours in the order in which they were met, by open addressing. */
class ColorTable {
  readonly found: number[] = [];
  readonly #slots = new Int16Array(SLOTS).fill(-1);

  /** Writes the index of each colour of `row`; false when there are too many. */
  indexRow(row: Uint32Array, indices: Uint8Array, to: number): boolean {
    let last = -1;
    let index = 0;
    for (let x = 0; x < row.length; x++) {
      // Drawings repeat their neighbour most of the time.
      if (row[x] !== last) {
        last = row[x];
        index = this.#indexOf(last);
        if (index === MAX_COLORS) return false;
      }
      indices[to + x] = index;
    }
    return true;
  }

  /** Indices of the colours, opaque ones last, otherwise as met. */
  opaqueLast(): number[] {
    const isOpaque = (index: number) => this.found[index] >>> 24 === 255;
    const indices = [...this.found.keys()];
    return [...indices.filter((index) => !isOpaque(index)), ...indices.filter(isOpaque)];
  }

  #indexOf(color: number): number {
    // Knuth's multiplier; the highest bits of the product are the best mixed ones.
    let slot = Math.imul(color, 0x9e37_79b1) >>> 22;
    for (;;) {
      const index = this.#slots[slot];
      if (index >= 0 && this.found[index] === color) return index;
      if (index < 0) {
        if (this.found.length < MAX_COLORS) {
          this.#slots[slot] = this.found.length;
          this.found.push(color);
          return this.found.length - 1;
        }
        return MAX_COLORS;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
  }
}

function depthFor(colors: number): 1 | 2 | 4 | 8 {
  if (colors <= 2) return 1;
  if (colors <= 4) return 2;
  return colors <= 16 ? 4 : 8;
}

function packIndices(
  indices: Uint8Array,
  places: Uint8Array,
  width: number,
  height: number,
  bitDepth: number,
): Uint8Array {
  const rowBytes = 1 + Math.ceil((width * bitDepth) / 8);
  const scanlines = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const to = y * rowBytes + 1;
    for (let x = 0, bit = 0; x < width; x++, bit += bitDepth) {
      scanlines[to + (bit >> 3)] |= places[indices[y * width + x]] << (8 - bitDepth - (bit & 7));
    }
  }
  return scanlines;
}
