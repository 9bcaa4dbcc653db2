/**
 * What a JPEG tells beside its pixels: the segments before the first scan, without decoding. A profile
 * or a density that is not well formed counts as absent: nothing here refuses what can be shown.
 * @module
 */

import { isJfif } from './decode/layout.ts';
import {
  APP0,
  APP1,
  APP2,
  beginsJpeg,
  beginsWith,
  damaged,
  DQT,
  EOI,
  isFrame,
  nextSegment,
  SOS,
} from './decode/markers.ts';
import type { Segment } from './decode/markers.ts';
import { JpegTables } from './decode/tables.ts';
import { assembleIcc, MAX_ICC_CHUNKS } from './icc-chunks.ts';
import { estimateQuality } from './quantization.ts';

export interface JpegDensity {
  /** 0: aspect ratio only; 1: per inch; 2: per centimetre. */
  readonly unit: 0 | 1 | 2;
  readonly x: number;
  readonly y: number;
}

export interface JpegMetadata {
  /** EXIF from its TIFF header on, a view of the file. */
  readonly exif: Uint8Array | undefined;
  /** The ICC profile, its chunks joined. */
  readonly icc: Uint8Array | undefined;
  /** Whether there is an XMP packet. */
  readonly hasXmp: boolean;
  /** JFIF's density. */
  readonly density: JpegDensity | undefined;
  /** 1 to 100: the quality whose tables are nearest; undefined when a table is missing. */
  readonly qualityPercent: number | undefined;
}

const EXIF = 'Exif\0';
/** The name and a byte of padding. */
const EXIF_HEAD_BYTES = 6;
const ICC = 'ICC_PROFILE\0';
/** XMP specification part 3, 1.1.3; the second is that of its extension packets. */
const XMP = ['http://ns.adobe.com/xap/1.0/\0', 'http://ns.adobe.com/xmp/extension/\0'];

/**
 * Reads the metadata. Costs the segments before the first scan, and the profile's bytes.
 *
 * @throws ImageError for bytes that are no JPEG, of a kind that is not decoded, or damaged before the
 *   first scan
 */
export function readJpegMetadata(bytes: Uint8Array): JpegMetadata {
  if (!beginsJpeg(bytes)) throw damaged('expected SOI at the start, got other bytes');
  const tables = new JpegTables();
  const iccChunks: Uint8Array[] = [];
  let exif: Uint8Array | undefined;
  let density: JpegDensity | undefined;
  let hasXmp = false;
  let frame: Segment | undefined;
  for (let at = 2; ;) {
    const segment = nextSegment(bytes, at);
    if (segment === undefined || segment.code === EOI || segment.code === SOS) break;
    const { code, start, end } = segment;
    if (code === DQT) tables.readQuantization(bytes, segment);
    else if (isFrame(code)) frame ??= segment;
    else if (code === APP0 && isJfif(bytes, segment)) density ??= densityOf(bytes, start);
    else if (code === APP1 && beginsWith(bytes, segment, EXIF) && end - start > EXIF_HEAD_BYTES) {
      exif ??= bytes.subarray(start + EXIF_HEAD_BYTES, end);
    } else if (code === APP1) hasXmp ||= XMP.some((name) => beginsWith(bytes, segment, name));
    else if (code === APP2 && beginsWith(bytes, segment, ICC)) {
      // One more than there can be is enough to know that the set is wrong.
      const chunk = bytes.subarray(start + ICC.length, end);
      if (iccChunks.length <= MAX_ICC_CHUNKS) iccChunks.push(chunk);
    }
    at = end;
  }
  return {
    exif,
    icc: assembleIcc(iccChunks),
    hasXmp,
    density,
    qualityPercent: frame && qualityOf(bytes, frame, tables),
  };
}

/** JFIF 1.02: units behind the name and the version, then both densities, two bytes each. */
function densityOf(bytes: Uint8Array, start: number): JpegDensity | undefined {
  const unit = bytes[start + 7];
  const x = (bytes[start + 8] << 8) | bytes[start + 9];
  const y = (bytes[start + 10] << 8) | bytes[start + 11];
  if ((unit !== 0 && unit !== 1 && unit !== 2) || x === 0 || y === 0) return undefined;
  return { unit, x, y };
}

/** By the tables of the first component and, where there is colour, of the second. */
function qualityOf(
  bytes: Uint8Array,
  { start, end }: Segment,
  { quantization }: JpegTables,
): number | undefined {
  // The number of a component's table is the last of its three bytes (T.81, B.2.2).
  const tableOf = (component: number): Uint16Array | undefined =>
    start + 9 + 3 * component <= end ? quantization[bytes[start + 8 + 3 * component]] : undefined;
  const luma = tableOf(0);
  if (luma === undefined) return undefined;
  return estimateQuality({ luma, chroma: bytes[start + 5] < 3 ? undefined : tableOf(1) });
}
