/**
 * Which scans a file has, and in what order. A scan of several components may hold at most ten
 * blocks an MCU (ITU-T T.81, B.2.3); samplings beyond that get a scan a component.
 * @module
 */
import type { FrameLayout } from './coefficient-plane.ts';

/** One pass over the picture. */
export interface Scan {
  /** Indices of the components, in coding order. */
  readonly components: readonly number[];
  /** First and last zigzag place coded, 0..63; 0 alone is DC. */
  readonly spectralStart: number;
  readonly spectralEnd: number;
  /** Bits below this place were held back by the scan before; 0 in a first scan. */
  readonly approximationHigh: number;
  /** Bits below this place are held back by this scan. */
  readonly approximationLow: number;
}

const MAX_BLOCKS_PER_MCU = 10;

/** The scans of a sequential file: one, or one a component when an MCU would be too large. */
export function planSequentialScans(frame: FrameLayout): Scan[] {
  return groupComponents(frame).map((components) => scanOf(components, 0, 63, 0, 0));
}

/**
 * The scans of a progressive file: libjpeg's standard script. Colour goes coarse luma, chroma whole
 * but for its last bit, then the rest, the lowest luma bit last because it costs the most.
 */
export function planProgressiveScans(frame: FrameLayout): Scan[] {
  const dc = groupComponents(frame);
  const coarseDc = dc.map((components) => scanOf(components, 0, 0, 0, 1));
  const fineDc = dc.map((components) => scanOf(components, 0, 0, 1, 0));
  if (frame.components.length === 1) {
    return [
      ...coarseDc,
      scanOf([0], 1, 5, 0, 2),
      scanOf([0], 6, 63, 0, 2),
      scanOf([0], 1, 63, 2, 1),
      ...fineDc,
      scanOf([0], 1, 63, 1, 0),
    ];
  }
  return [
    ...coarseDc,
    scanOf([0], 1, 5, 0, 2),
    scanOf([2], 1, 63, 0, 1),
    scanOf([1], 1, 63, 0, 1),
    scanOf([0], 6, 63, 0, 2),
    scanOf([0], 1, 63, 2, 1),
    ...fineDc,
    scanOf([2], 1, 63, 1, 0),
    scanOf([1], 1, 63, 1, 0),
    scanOf([0], 1, 63, 1, 0),
  ];
}

/** Components that share a scan: all of them when their blocks fit into an MCU. */
function groupComponents({ components }: FrameLayout): number[][] {
  let blocks = 0;
  for (const plane of components) blocks += plane.horizontalSampling * plane.verticalSampling;
  const indices = components.map((_, index) => index);
  const together = components.length === 1 || blocks <= MAX_BLOCKS_PER_MCU;
  return together ? [indices] : indices.map((index) => [index]);
}

function scanOf(
  components: readonly number[],
  spectralStart: number,
  spectralEnd: number,
  approximationHigh: number,
  approximationLow: number,
): Scan {
  return { components, spectralStart, spectralEnd, approximationHigh, approximationLow };
}
