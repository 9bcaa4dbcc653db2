/**
 * Sizes of a decode: which blocks are wanted, how large the planes are and what they cover. A plane
 * of 2,725 pixels at 4/8 is 1,363 samples that cover 2,726 pixels: the extent says so, and it is what
 * resampling has to go by.
 * @module
 */

import type { Rectangle } from '@safelight/core';
import type { JpegLayout, JpegLayoutComponent } from './layout.ts';

export interface JpegDecodeRequest {
  /** Size of the output in eighths, an integer of 1 to 8. @default 8 */
  readonly scale?: number;
  /** What is needed, in stored pixels; widened to whole MCUs, cut at the picture. @default all */
  readonly region?: Rectangle;
}

/** Blocks of a component, or MCUs; `right` and `bottom` exclusive. */
export interface BlockRectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface JpegPlanePlan {
  /** Samples across and down that belong to the picture. */
  readonly width: number;
  readonly height: number;
  /** What they cover, in stored pixels of the whole picture; fractional, may reach over its edges. */
  readonly extent: Rectangle;
  /** Whole blocks are written: the least stride, and the rows that there must be. */
  readonly rowBytes: number;
  readonly rows: number;
  /** The wanted blocks, and the size of the whole component in blocks. */
  readonly blocks: BlockRectangle;
  readonly blocksAcross: number;
  readonly blocksDown: number;
  /** Samples across of the whole component at full size. */
  readonly fullWidth: number;
}

export interface JpegDecodePlan {
  readonly layout: JpegLayout;
  readonly scale: number;
  readonly planes: readonly JpegPlanePlan[];
  /** Scratch for a progressive picture's coefficients; 0 for a sequential one. */
  readonly coefficientBytes: number;
  /** Bytes from one stored block to the next: 2 when only DC values are needed. */
  readonly blockBytes: number;
  /** MCUs across and down, for scans of more than one component. */
  readonly mcusAcross: number;
  readonly mcusDown: number;
  /** The wanted MCUs. */
  readonly mcus: BlockRectangle;
  /** The greatest sampling factors: an MCU has 8 times as many pixels across and down. */
  readonly mostAcross: number;
  readonly mostDown: number;
}

/**
 * Plans the decode of a picture.
 *
 * @throws RangeError when the scale is none, or the region lies outside the picture: the caller's fault
 */
export function planJpegDecode(
  layout: JpegLayout,
  request: JpegDecodeRequest = {},
): JpegDecodePlan {
  const scale = request.scale ?? 8;
  if (!Number.isInteger(scale) || scale < 1 || scale > 8) {
    throw new RangeError(`scale: expected an integer in 1..8, got ${scale}`);
  }
  const { width, height, components, progressive } = layout;
  const mostAcross = Math.max(...components.map((one) => one.horizontalSampling));
  const mostDown = Math.max(...components.map((one) => one.verticalSampling));
  const mcusAcross = Math.ceil(width / (8 * mostAcross));
  const mcusDown = Math.ceil(height / (8 * mostDown));
  const region = request.region ?? { left: 0, top: 0, width, height };
  const mcus = {
    left: Math.floor(Math.max(0, region.left) / (8 * mostAcross)),
    top: Math.floor(Math.max(0, region.top) / (8 * mostDown)),
    right: Math.min(mcusAcross, Math.ceil((region.left + region.width) / (8 * mostAcross))),
    bottom: Math.min(mcusDown, Math.ceil((region.top + region.height) / (8 * mostDown))),
  };
  if (!(mcus.left < mcus.right && mcus.top < mcus.bottom)) {
    throw new RangeError(`region: expected a part of ${width}x${height}, got ${textOf(region)}`);
  }
  const planes = components.map((component) =>
    planPlane(layout, component, { mcus, scale, mostAcross, mostDown }),
  );
  const blockBytes = scale === 1 ? 2 : 128;
  let blocks = 0;
  for (const plane of planes) blocks += plane.blocksAcross * plane.blocksDown;
  return {
    layout,
    scale,
    planes,
    coefficientBytes: progressive ? blocks * blockBytes : 0,
    blockBytes,
    mcusAcross,
    mcusDown,
    mcus,
    mostAcross,
    mostDown,
  };
}

/** How a sequential picture with one scan is read in bands. */
export interface JpegBandPlan {
  /** Rows of MCUs that hold what is wanted. */
  readonly count: number;
  /** Rows of samples that one of them has in each plane; the last one may have fewer. */
  readonly rows: readonly number[];
}

/** Of a plan; `first` is the first wanted row of MCUs. */
export function planJpegBands({
  layout,
  scale,
  planes,
  mcus,
}: JpegDecodePlan): JpegBandPlan & { readonly first: number } {
  const { components } = layout;
  // A scan of one component has MCUs of one block, whatever its sampling.
  if (components.length === 1) {
    const { top, bottom } = planes[0].blocks;
    return { first: top, count: bottom - top, rows: [scale] };
  }
  const rows = components.map(({ verticalSampling }) => verticalSampling * scale);
  return { first: mcus.top, count: mcus.bottom - mcus.top, rows };
}

interface FrameGrid {
  readonly mcus: BlockRectangle;
  readonly scale: number;
  readonly mostAcross: number;
  readonly mostDown: number;
}

function planPlane(
  layout: JpegLayout,
  { horizontalSampling, verticalSampling }: JpegLayoutComponent,
  { mcus, scale, mostAcross, mostDown }: FrameGrid,
): JpegPlanePlan {
  const fullWidth = Math.ceil((layout.width * horizontalSampling) / mostAcross);
  const fullHeight = Math.ceil((layout.height * verticalSampling) / mostDown);
  const blocksAcross = Math.ceil(fullWidth / 8);
  const blocksDown = Math.ceil(fullHeight / 8);
  const blocks = {
    left: mcus.left * horizontalSampling,
    top: mcus.top * verticalSampling,
    right: Math.min(blocksAcross, mcus.right * horizontalSampling),
    bottom: Math.min(blocksDown, mcus.bottom * verticalSampling),
  };
  const rowBytes = (blocks.right - blocks.left) * scale;
  const rows = (blocks.bottom - blocks.top) * scale;
  const width = Math.min(rowBytes, Math.ceil((fullWidth * scale) / 8) - blocks.left * scale);
  const height = Math.min(rows, Math.ceil((fullHeight * scale) / 8) - blocks.top * scale);
  const pixelsAcross = (8 * mostAcross) / (scale * horizontalSampling);
  const pixelsDown = (8 * mostDown) / (scale * verticalSampling);
  return {
    width,
    height,
    extent: {
      left: (8 * blocks.left * mostAcross) / horizontalSampling,
      top: (8 * blocks.top * mostDown) / verticalSampling,
      width: width * pixelsAcross,
      height: height * pixelsDown,
    },
    rowBytes,
    rows,
    blocks,
    blocksAcross,
    blocksDown,
    fullWidth,
  };
}

function textOf({ left, top, width, height }: Rectangle): string {
  return `${width}x${height} at ${left},${top}`;
}
