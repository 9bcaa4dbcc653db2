/**
 * What a JPEG's frame header says: sizes and components, without decoding, and what JFIF's and
 * Adobe's markers say of their colours.
 * @module
 */

import {
  APP0,
  APP14,
  beginsJpeg,
  beginsWith,
  damaged,
  EOI,
  isFrame,
  nextSegment,
  SOS,
  truncated,
  unsupported,
} from './markers.ts';
import type { Segment } from './markers.ts';

export interface JpegLayoutComponent {
  /** As scans name it, 0 to 255. */
  readonly id: number;
  /** 1 to 4, relative to the greatest of the frame. */
  readonly horizontalSampling: number;
  readonly verticalSampling: number;
  /** Number of its quantisation table, 0 to 3. */
  readonly quantization: number;
}

export interface JpegLayout {
  /** In pixels, 1 to 65535, as stored: before any orientation. */
  readonly width: number;
  readonly height: number;
  readonly progressive: boolean;
  /** One to four, in the order of the frame header. */
  readonly components: readonly JpegLayoutComponent[];
  /** Whether there is a JFIF marker, which promises grey or YCbCr. */
  readonly hasJfif: boolean;
  /** The transform of Adobe's APP14 marker: 0 none (RGB, CMYK), 1 YCbCr, 2 YCCK. */
  readonly adobeTransform: number | undefined;
}

/** `unknown`: two components, of which no standard says what they mean. */
export type JpegColorModel = 'gray' | 'ycbcr' | 'rgb' | 'cmyk' | 'ycck' | 'unknown';

/**
 * What the components are. As libjpeg has it, JFIF means YCbCr; without it Adobe's transform decides,
 * then the names of the components; four are inks unless Adobe says YCCK.
 */
export function jpegColorModel({
  components,
  hasJfif,
  adobeTransform,
}: Pick<JpegLayout, 'components' | 'hasJfif' | 'adobeTransform'>): JpegColorModel {
  if (components.length === 1) return 'gray';
  if (components.length === 2) return 'unknown';
  if (components.length === 4) return (adobeTransform ?? 0) === 0 ? 'cmyk' : 'ycck';
  if (hasJfif) return 'ycbcr';
  if (adobeTransform !== undefined) return adobeTransform === 0 ? 'rgb' : 'ycbcr';
  return String.fromCharCode(...components.map(({ id }) => id)) === 'RGB' ? 'rgb' : 'ycbcr';
}

/**
 * Reads as far as the first scan.
 *
 * @throws ImageError UnsupportedFormat for what is not 8-bit Huffman-coded sequential or progressive;
 *   BadImage for bytes that are no JPEG, or a damaged or truncated one
 */
export function readJpegLayout(bytes: Uint8Array): JpegLayout {
  if (!beginsJpeg(bytes)) throw damaged('expected SOI at the start, got other bytes');
  let frame: Segment | undefined;
  let adobeTransform: number | undefined;
  let hasJfif = false;
  let at = 2;
  for (;;) {
    const segment = nextSegment(bytes, at);
    if (segment === undefined) throw truncated('expected a scan, got the end of the file');
    if (segment.code === EOI) throw damaged('expected a scan, got the end of the image');
    if (segment.code === SOS) break;
    if (isFrame(segment.code)) {
      if (frame !== undefined) throw damaged('expected one frame header, got two');
      frame = segment;
    }
    if (segment.code === APP14) adobeTransform ??= readAdobeTransform(bytes, segment);
    if (segment.code === APP0) hasJfif ||= isJfif(bytes, segment);
    at = segment.end;
  }
  if (frame === undefined) throw damaged('expected a frame header before the first scan, got none');
  return { ...readFrame(bytes, frame), hasJfif, adobeTransform };
}

/** JFIF 1.02: the name, version, units and two densities, then a thumbnail's size. */
export function isJfif(bytes: Uint8Array, segment: Segment): boolean {
  return segment.end - segment.start >= 12 && beginsWith(bytes, segment, 'JFIF\0');
}

/** Adobe's Technical Note 5116: the name, a version, two words of flags, the transform. */
function readAdobeTransform(bytes: Uint8Array, segment: Segment): number | undefined {
  if (segment.end - segment.start < 12 || !beginsWith(bytes, segment, 'Adobe')) return undefined;
  return bytes[segment.start + 11];
}

function readFrame(
  bytes: Uint8Array,
  { code, start, end }: Segment,
): Omit<JpegLayout, 'hasJfif' | 'adobeTransform'> {
  if (end - start < 6) throw damaged(`frame header: expected 6 bytes or more, got ${end - start}`);
  const precision = bytes[start];
  const height = (bytes[start + 1] << 8) | bytes[start + 2];
  const width = (bytes[start + 3] << 8) | bytes[start + 4];
  const count = bytes[start + 5];
  if (precision !== 8) throw unsupported(`expected 8 bits a sample, got ${precision}`);
  if (height === 0) throw unsupported('expected a height in the frame header, got 0 (DNL)');
  if (width === 0) throw damaged('width: expected 1 to 65535, got 0');
  if (count < 1 || count > 4) throw unsupported(`expected 1 to 4 components, got ${count}`);
  if (end - start !== 6 + 3 * count) {
    throw damaged(`frame header: expected ${6 + 3 * count} bytes, got ${end - start}`);
  }
  const components: JpegLayoutComponent[] = [];
  for (let i = 0; i < count; i++) {
    const at = start + 6 + 3 * i;
    const component = {
      id: bytes[at],
      horizontalSampling: bytes[at + 1] >> 4,
      verticalSampling: bytes[at + 1] & 15,
      quantization: bytes[at + 2],
    };
    checkComponent(component, components);
    components.push(component);
  }
  return { width, height, progressive: code === 0xc2, components };
}

function checkComponent(
  component: JpegLayoutComponent,
  earlier: readonly JpegLayoutComponent[],
): void {
  const { id, horizontalSampling, verticalSampling, quantization } = component;
  for (const factor of [horizontalSampling, verticalSampling]) {
    if (factor < 1 || factor > 4) throw damaged(`sampling: expected 1 to 4, got ${factor}`);
  }
  if (quantization > 3) throw damaged(`quantisation table: expected 0 to 3, got ${quantization}`);
  if (earlier.some((other) => other.id === id)) {
    throw damaged(`components: expected different names, got ${id} twice`);
  }
}
