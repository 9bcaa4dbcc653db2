/**
 * What the encoder can be asked, and the check of it. A plane's size need not be the size that the
 * sampling calls for: missing samples are repeated from its edge, further ones fill the last blocks.
 * @module
 */

/** One plane of samples with its place in the sampling grid. */
export interface JpegComponent {
  /** 8-bit samples, full range: sample (x, y) at `y * stride + x`. */
  readonly data: Uint8Array;
  /** Samples in a row, at least 1. */
  readonly width: number;
  /** Rows, at least 1. */
  readonly height: number;
  /** Bytes from one row to the next, at least `width`. */
  readonly stride: number;
  /** Samples across per unit of the grid, 1..4: 2 for the luma and 1 for the chroma of 4:2:0. */
  readonly horizontalSampling: 1 | 2 | 3 | 4;
  /** Samples down per unit of the grid, 1..4. */
  readonly verticalSampling: 1 | 2 | 3 | 4;
}

/** A picture and how to write it. */
export interface JpegEncodeOptions {
  /** Pixels across, 1..65535. */
  readonly width: number;
  /** Pixels down, 1..65535. */
  readonly height: number;
  /**
   * One component is grey; three are Y, Cb and Cr, full range BT.601 with 128 as the chroma's zero.
   * A component covers ceil(width * its sampling / the greatest sampling) samples across, and down
   * likewise. Samples beyond that are used where the last blocks reach over them.
   */
  readonly components: readonly JpegComponent[];
  /** libjpeg's quality, an integer of 1..100. */
  readonly qualityPercent: number;
  /** Several scans from coarse to fine. @default false */
  readonly progressive?: boolean | undefined;
  /** MCUs between restart markers, 0..65535; 0 writes none. @default 0 */
  readonly restartInterval?: number | undefined;
  /** Pixel density; unit 0 is an aspect ratio, 1 per inch, 2 per cm; x and y are 1..65535. @default 1:1 */
  readonly density?:
    | { readonly unit: 0 | 1 | 2; readonly x: number; readonly y: number }
    | undefined;
  /** An ICC profile, at most 255 * 65,519 bytes; written as APP2 chunks. */
  readonly icc?: Uint8Array | undefined;
  /** EXIF from its TIFF header (`II` or `MM`) on, at most 65,527 bytes; written as APP1. */
  readonly exif?: Uint8Array | undefined;
  /** Huffman tables are always made for the picture; the field lets a caller say so. @default true */
  readonly optimizeHuffman?: true | undefined;
}

/** Options with every default filled in. */
export interface ResolvedJpegEncode {
  readonly width: number;
  readonly height: number;
  readonly components: readonly JpegComponent[];
  readonly qualityPercent: number;
  readonly progressive: boolean;
  readonly restartInterval: number;
  readonly density: { readonly unit: number; readonly x: number; readonly y: number };
  readonly icc: Uint8Array | undefined;
  readonly exif: Uint8Array | undefined;
}

/** Profile bytes in one APP2 segment: 65,535 less the length field, the signature and two numbers. */
export const MAX_ICC_CHUNK_BYTES: number = 65_535 - 2 - 12 - 2;
const MAX_ICC_BYTES = 255 * MAX_ICC_CHUNK_BYTES;
const MAX_EXIF_BYTES = 65_535 - 2 - 6;
const MAX_16_BIT = 65_535;

/**
 * Checks the options and fills in the defaults. The encoder reads no untrusted bytes, so what is
 * wrong here is the calling program: each fault is a RangeError with name, expected and got.
 */
export function resolveEncodeOptions(options: JpegEncodeOptions): ResolvedJpegEncode {
  const density = options.density ?? { unit: 0, x: 1, y: 1 };
  const resolved: ResolvedJpegEncode = {
    width: options.width,
    height: options.height,
    components: options.components,
    qualityPercent: options.qualityPercent,
    progressive: options.progressive ?? false,
    restartInterval: options.restartInterval ?? 0,
    density,
    icc: options.icc,
    exif: options.exif,
  };
  checkInteger('width', resolved.width, 1, MAX_16_BIT);
  checkInteger('height', resolved.height, 1, MAX_16_BIT);
  checkInteger('qualityPercent', resolved.qualityPercent, 1, 100);
  checkInteger('restartInterval', resolved.restartInterval, 0, MAX_16_BIT);
  checkInteger('density.unit', density.unit, 0, 2);
  checkInteger('density.x', density.x, 1, MAX_16_BIT);
  checkInteger('density.y', density.y, 1, MAX_16_BIT);
  const count = resolved.components.length;
  if (count !== 1 && count !== 3) {
    throw new RangeError(`components: expected 1 or 3, got ${count}`);
  }
  resolved.components.forEach(checkComponent);
  checkMetadata(resolved);
  return resolved;
}

function checkComponent(component: JpegComponent, index: number): void {
  const name = `components[${index}]`;
  checkInteger(`${name}.width`, component.width, 1, Number.MAX_SAFE_INTEGER);
  checkInteger(`${name}.height`, component.height, 1, Number.MAX_SAFE_INTEGER);
  checkInteger(`${name}.stride`, component.stride, component.width, Number.MAX_SAFE_INTEGER);
  checkInteger(`${name}.horizontalSampling`, component.horizontalSampling, 1, 4);
  checkInteger(`${name}.verticalSampling`, component.verticalSampling, 1, 4);
  const needed = (component.height - 1) * component.stride + component.width;
  if (component.data.length < needed) {
    throw new RangeError(
      `${name}.data: expected at least ${needed} bytes, got ${component.data.length}`,
    );
  }
}

function checkMetadata({ icc, exif }: ResolvedJpegEncode): void {
  if (icc !== undefined) checkInteger('icc.length', icc.length, 1, MAX_ICC_BYTES);
  if (exif === undefined) return;
  checkInteger('exif.length', exif.length, 8, MAX_EXIF_BYTES);
  const order = String.fromCharCode(exif[0], exif[1]);
  if (order !== 'II' && order !== 'MM') {
    throw new RangeError(`exif: expected a TIFF header (II or MM), got ${JSON.stringify(order)}`);
  }
}

function checkInteger(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name}: expected an integer in ${least}..${most}, got ${String(value)}`);
  }
}
