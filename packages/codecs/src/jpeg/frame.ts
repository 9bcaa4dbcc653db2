/**
 * A JPEG frame: size, components and the block grid they make (ITU-T T.81, B.2.2 and A.2). Which
 * kinds of frame are refused is decided here, by name.
 * @module
 */

import type { Limits, Sampling } from '@safelight/core';
import { checkSize, damaged, unsupported } from '../refusal.ts';

export interface FrameComponent {
  readonly id: number;
  /** Sampling factors, 1 to 4. */
  readonly horizontal: number;
  readonly vertical: number;
  /** Which quantisation table, 0 to 3. */
  readonly table: number;
}

export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly precision: number;
  readonly progressive: boolean;
  readonly components: readonly FrameComponent[];
  readonly maxHorizontal: number;
  readonly maxVertical: number;
}

/** Second bytes of the SOF markers that are understood: baseline, extended, progressive. */
const BASELINE = 0xc0;
const PROGRESSIVE = 0xc2;

/** Of all other frames, so that a refusal can name them (T.81, table B.1; T.87 for JPEG-LS). */
const REFUSED_FRAMES: ReadonlyMap<number, string> = new Map([
  [0xc3, 'lossless coding'],
  [0xc5, 'hierarchical coding'],
  [0xc6, 'hierarchical coding'],
  [0xc7, 'hierarchical coding'],
  [0xc8, 'a reserved kind of coding'],
  [0xc9, 'arithmetic coding'],
  [0xca, 'arithmetic coding'],
  [0xcb, 'lossless arithmetic coding'],
  [0xcd, 'hierarchical arithmetic coding'],
  [0xce, 'hierarchical arithmetic coding'],
  [0xcf, 'hierarchical arithmetic coding'],
  [0xde, 'hierarchical coding'],
  [0xdf, 'hierarchical coding'],
  [0xf7, 'JPEG-LS coding'],
]);

/** Throws for a frame marker of a kind that cannot be decoded; returns for every other marker. */
export function refuseFrameKind(marker: number): void {
  const kind = REFUSED_FRAMES.get(marker);
  if (kind !== undefined) {
    throw unsupported('jpeg', `expected a baseline or progressive picture, got ${kind}`);
  }
}

export function isFrameMarker(marker: number): boolean {
  return marker >= BASELINE && marker <= PROGRESSIVE;
}

/** Reads the parameters of a frame header; `payload` is what follows the length field. */
export function parseFrame(marker: number, payload: Uint8Array, limits: Limits): JpegFrame {
  if (payload.length < 6) throw damaged('jpeg', 'the frame header is too short');
  const precision = payload[0];
  const height = (payload[1] << 8) | payload[2];
  const width = (payload[3] << 8) | payload[4];
  const count = payload[5];
  if (precision !== 8) {
    throw unsupported('jpeg', `expected 8 bits a sample, got ${precision}`);
  }
  if (height === 0 && width !== 0) {
    // T.81, B.2.5: the height comes later, in a DNL segment. No camera or program writes that.
    throw unsupported('jpeg', 'expected a height in the frame header, got 0');
  }
  checkSize('jpeg', width, height, limits);
  if (count !== 1 && count !== 3 && count !== 4) {
    throw unsupported('jpeg', `expected 1, 3 or 4 components, got ${count}`);
  }
  if (payload.length !== 6 + 3 * count) {
    throw damaged('jpeg', `the frame header has ${payload.length} bytes for ${count} components`);
  }
  const components = parseComponents(payload, count);
  return {
    width,
    height,
    precision,
    progressive: marker === PROGRESSIVE,
    components,
    maxHorizontal: Math.max(...components.map((component) => component.horizontal)),
    maxVertical: Math.max(...components.map((component) => component.vertical)),
  };
}

function parseComponents(payload: Uint8Array, count: number): FrameComponent[] {
  const components: FrameComponent[] = [];
  for (let at = 6; at < 6 + 3 * count; at += 3) {
    const component = {
      id: payload[at],
      horizontal: payload[at + 1] >> 4,
      vertical: payload[at + 1] & 15,
      table: payload[at + 2],
    };
    const { horizontal, vertical } = component;
    if (horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4) {
      throw damaged('jpeg', `expected sampling factors in 1..4, got ${horizontal}x${vertical}`);
    }
    if (component.table > 3) {
      throw damaged('jpeg', `expected a quantisation table in 0..3, got ${component.table}`);
    }
    if (components.some((other) => other.id === component.id)) {
      throw damaged('jpeg', `two components have the id ${component.id}`);
    }
    components.push(component);
  }
  return components;
}

/** The blocks of one component: those that hold pixels, and those that whole MCUs make of them. */
export interface BlockGrid {
  readonly columns: number;
  readonly rows: number;
  readonly paddedColumns: number;
  readonly paddedRows: number;
}

/** T.81, A.1.1 and A.2.4. */
export function blockGrid(frame: JpegFrame, component: FrameComponent): BlockGrid {
  const { mcuColumns, mcuRows } = mcuGrid(frame);
  const { horizontal, vertical } = component;
  return {
    columns: Math.ceil(Math.ceil((frame.width * horizontal) / frame.maxHorizontal) / 8),
    rows: Math.ceil(Math.ceil((frame.height * vertical) / frame.maxVertical) / 8),
    paddedColumns: mcuColumns * horizontal,
    paddedRows: mcuRows * vertical,
  };
}

export function mcuGrid(frame: JpegFrame): { mcuColumns: number; mcuRows: number } {
  return {
    mcuColumns: Math.ceil(frame.width / (8 * frame.maxHorizontal)),
    mcuRows: Math.ceil(frame.height / (8 * frame.maxVertical)),
  };
}

/** Chroma samplings that a raster may have, as pixels across and down that one sample covers. */
const KEPT_SAMPLINGS: ReadonlySet<string> = new Set(['1x1', '2x1', '1x2', '2x2', '4x1']);

/**
 * The sampling of the planes that a YCbCr frame is delivered in: its own when it is one of 4:4:4,
 * 4:2:2, 4:4:0, 4:2:0 and 4:1:1, else 4:4:4, to which the decoder then converts.
 */
export function planeSampling(frame: JpegFrame): readonly [Sampling, Sampling, Sampling] {
  const full: Sampling = { horizontal: 1, vertical: 1 };
  const [luma, blue, red] = frame.components;
  const isPlain =
    luma.horizontal === frame.maxHorizontal &&
    luma.vertical === frame.maxVertical &&
    blue.horizontal === red.horizontal &&
    blue.vertical === red.vertical;
  const horizontal = frame.maxHorizontal / blue.horizontal;
  const vertical = frame.maxVertical / blue.vertical;
  const isKept = isPlain && KEPT_SAMPLINGS.has(`${horizontal}x${vertical}`);
  return isKept ? [{ horizontal, vertical }, full, full] : [full, full, full];
}

/** Our own decoder, or jpeg-js. */
export type DecoderKind = 'wasm' | 'portable';
