/**
 * Colours of a profile to sRGB, in place: curves and a matrix for what displays and cameras are
 * calibrated to, a grid for what was measured. One set serves all: both are walks through tables,
 * which 128-bit lanes cannot gather, so a twin was declined.
 * @module
 */

/** Linear light 1, and a factor of 1. */
export const LIGHT_ONE: number = 1 << 14;
const LIGHT_HALF = 1 << 13;

/** Tables of one matrix conversion. */
export interface MatrixMap {
  /** Linear light, 0 to `LIGHT_ONE`, of the 256 levels of each channel. */
  readonly light: readonly [Int16Array, Int16Array, Int16Array];
  /** Nine factors, row after row; absolute values of a row sum to less than 8 `LIGHT_ONE`. */
  readonly factors: Int32Array;
  /** Levels of 0 to `LIGHT_ONE`. */
  readonly levels: Uint8Array;
}

/** In place: linear light by table, the matrix, levels by table. What lies outside is clamped. */
export function mapByMatrix(
  red: Uint8Array,
  redStride: number,
  green: Uint8Array,
  greenStride: number,
  blue: Uint8Array,
  blueStride: number,
  width: number,
  height: number,
  { light, factors, levels }: MatrixMap,
): void {
  const [redLight, greenLight, blueLight] = light;
  const [rr, rg, rb, gr, gg, gb, br, bg, bb] = factors;
  for (let y = 0; y < height; y++) {
    const redRow = y * redStride;
    const greenRow = y * greenStride;
    const blueRow = y * blueStride;
    for (let x = 0; x < width; x++) {
      const r = redLight[red[redRow + x]];
      const g = greenLight[green[greenRow + x]];
      const b = blueLight[blue[blueRow + x]];
      // At most 8 * 2^14 * 2^14 = 2^31, which is not reached.
      const one = (rr * r + rg * g + rb * b + LIGHT_HALF) >> 14;
      const two = (gr * r + gg * g + gb * b + LIGHT_HALF) >> 14;
      const three = (br * r + bg * g + bb * b + LIGHT_HALF) >> 14;
      red[redRow + x] = levels[one < 0 ? 0 : one > LIGHT_ONE ? LIGHT_ONE : one];
      green[greenRow + x] = levels[two < 0 ? 0 : two > LIGHT_ONE ? LIGHT_ONE : two];
      blue[blueRow + x] = levels[three < 0 ? 0 : three > LIGHT_ONE ? LIGHT_ONE : three];
    }
  }
}

/** One whole step between nodes of a grid. */
export const STEP_ONE: number = 1 << 12;
/** Nodes hold levels times 64, so that colours outside 0 to 255 have room in 16 bits. */
export const NODE_UNIT = 64;
/** Steps and units are 2^12 and 2^6. */
const NODE_SHIFT = 18;
const NODE_HALF = 1 << (NODE_SHIFT - 1);

/** Tables of one grid conversion from three or four samples. */
export interface GridMap {
  /** Of each channel and level: where the node below it stands in `nodes`, all channels added. */
  readonly places: readonly [Int32Array, Int32Array, Int32Array, Int32Array];
  /** Of each channel and level: how far it is to the next node, 0 to `STEP_ONE`. */
  readonly parts: readonly [Int16Array, Int16Array, Int16Array, Int16Array];
  /** From a node to the next of each channel. */
  readonly strides: readonly [number, number, number, number];
  /** Three values a node: red, green, blue, times `NODE_UNIT`. */
  readonly nodes: Int16Array;
}

/** Part and stride lie in one number, so that they are sorted together: 13 bits above 18. */
const STRIDE_BITS = 18;
const STRIDE_MASK = (1 << STRIDE_BITS) - 1;

/**
 * In place: `one`, `two`, `three` become red, green, blue. `four` is only read; it may be one of the
 * others where `places` and `parts` of the fourth channel are all 0. Between nodes colours are those
 * of the simplex that the sample lies in: five nodes instead of sixteen, and neutrals stay neutral.
 */
export function mapByGrid(
  one: Uint8Array,
  oneStride: number,
  two: Uint8Array,
  twoStride: number,
  three: Uint8Array,
  threeStride: number,
  four: Uint8Array,
  fourStride: number,
  width: number,
  height: number,
  { places, parts, strides, nodes }: GridMap,
): void {
  const [placeA, placeB, placeC, placeD] = places;
  const [partA, partB, partC, partD] = parts;
  const [strideA, strideB, strideC, strideD] = strides;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const a = one[y * oneStride + x];
      const b = two[y * twoStride + x];
      const c = three[y * threeStride + x];
      const d = four[y * fourStride + x];
      const e = (partA[a] << STRIDE_BITS) | strideA;
      const f = (partB[b] << STRIDE_BITS) | strideB;
      const g = (partC[c] << STRIDE_BITS) | strideC;
      const h = (partD[d] << STRIDE_BITS) | strideD;
      // Five comparisons put four numbers in order; all are below 2^31.
      const i = e > f ? e : f;
      const j = e > f ? f : e;
      const k = g > h ? g : h;
      const l = g > h ? h : g;
      const m = i > k ? k : i;
      const n = j > l ? j : l;
      const first = placeA[a] + placeB[b] + placeC[c] + placeD[d];
      const largest = i > k ? i : k;
      const second = m > n ? m : n;
      const third = m > n ? n : m;
      const least = j > l ? l : j;
      const at1 = first + (largest & STRIDE_MASK);
      const at2 = at1 + (second & STRIDE_MASK);
      const at3 = at2 + (third & STRIDE_MASK);
      const at4 = at3 + (least & STRIDE_MASK);
      const p1 = largest >> STRIDE_BITS;
      const p2 = second >> STRIDE_BITS;
      const p3 = third >> STRIDE_BITS;
      const p4 = least >> STRIDE_BITS;
      one[y * oneStride + x] = mix(nodes, 0, first, at1, at2, at3, at4, p1, p2, p3, p4);
      two[y * twoStride + x] = mix(nodes, 1, first, at1, at2, at3, at4, p1, p2, p3, p4);
      three[y * threeStride + x] = mix(nodes, 2, first, at1, at2, at3, at4, p1, p2, p3, p4);
    }
  }
}

/**
 * The colour at five nodes, each reached from the one before by the part of its axis. Weights sum to
 * 2^12, nodes stay below 2^15 in size: the result below 2^27, partial sums below 2^30.
 */
function mix(
  nodes: Int16Array,
  channel: number,
  at0: number,
  at1: number,
  at2: number,
  at3: number,
  at4: number,
  p1: number,
  p2: number,
  p3: number,
  p4: number,
): number {
  const sum =
    nodes[at0 + channel] * (STEP_ONE - p1) +
    nodes[at1 + channel] * (p1 - p2) +
    nodes[at2 + channel] * (p2 - p3) +
    nodes[at3 + channel] * (p3 - p4) +
    nodes[at4 + channel] * p4;
  const level = (sum + NODE_HALF) >> NODE_SHIFT;
  return level & ~255 ? (level < 0 ? 0 : 255) : level;
}
