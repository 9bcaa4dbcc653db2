/**
 * The marker segments of a JPEG file (ITU-T T.81, B.2; JFIF 1.02; ICC.1 B.4). One table a segment,
 * as libjpeg has it, so that files come out in its sizes.
 * @module
 */
import type { ByteSink } from './byte-sink.ts';
import type { FrameLayout } from './coefficient-plane.ts';
import type { HuffmanTable } from './huffman-table.ts';
import { MAX_ICC_CHUNK_BYTES } from './options.ts';
import type { ResolvedJpegEncode } from './options.ts';
import type { QuantizationTables } from './quantization.ts';
import type { Scan } from './scan-plan.ts';
import { ZIGZAG } from './zigzag.ts';

const SOF0 = 0xffc0;
const SOF2 = 0xffc2;
const DHT = 0xffc4;
const SOI = 0xffd8;
const EOI = 0xffd9;
const SOS = 0xffda;
const DQT = 0xffdb;
const DRI = 0xffdd;
const APP0 = 0xffe0;
const APP1 = 0xffe1;
const APP2 = 0xffe2;

/** Names and versions that open application segments, with their zero bytes. */
const JFIF_SIGNATURE = Uint8Array.of(0x4a, 0x46, 0x49, 0x46, 0, 1, 1);
const EXIF_SIGNATURE = Uint8Array.of(0x45, 0x78, 0x69, 0x66, 0, 0);
const ICC_SIGNATURE = Uint8Array.of(
  0x49,
  0x43,
  0x43,
  0x5f,
  0x50,
  0x52,
  0x4f,
  0x46,
  0x49,
  0x4c,
  0x45,
  0,
);

/** Everything before the first scan. */
export function writeFileHeader(
  output: ByteSink,
  settings: ResolvedJpegEncode,
  frame: FrameLayout,
  tables: QuantizationTables,
): void {
  output.putUint16(SOI);
  writeJfif(output, settings);
  if (settings.exif !== undefined) writeSegment(output, APP1, [EXIF_SIGNATURE, settings.exif]);
  if (settings.icc !== undefined) writeIcc(output, settings.icc);
  writeQuantization(output, 0, tables.luma);
  if (frame.components.length > 1) writeQuantization(output, 1, tables.chroma);
  writeFrame(output, frame, settings.progressive);
  if (settings.restartInterval > 0) {
    const { restartInterval } = settings;
    writeSegment(output, DRI, [Uint8Array.of(restartInterval >> 8, restartInterval)]);
  }
}

function writeJfif(output: ByteSink, { density }: ResolvedJpegEncode): void {
  const { unit, x, y } = density;
  const noThumbnail = [0, 0];
  const body = Uint8Array.of(unit, x >> 8, x, y >> 8, y, ...noThumbnail);
  writeSegment(output, APP0, [JFIF_SIGNATURE, body]);
}

/** Splits a profile into numbered chunks, counted from one. */
function writeIcc(output: ByteSink, icc: Uint8Array): void {
  const count = Math.ceil(icc.length / MAX_ICC_CHUNK_BYTES);
  for (let index = 0; index < count; index++) {
    const start = index * MAX_ICC_CHUNK_BYTES;
    const chunk = icc.subarray(start, start + MAX_ICC_CHUNK_BYTES);
    writeSegment(output, APP2, [ICC_SIGNATURE, Uint8Array.of(index + 1, count), chunk]);
  }
}

function writeQuantization(output: ByteSink, index: number, table: Uint16Array): void {
  const divisors = Uint8Array.from(ZIGZAG, (place) => table[place]);
  writeSegment(output, DQT, [Uint8Array.of(index), divisors]);
}

function writeFrame(output: ByteSink, frame: FrameLayout, progressive: boolean): void {
  const { width, height, components } = frame;
  const precisionBits = 8;
  const body = [precisionBits, height >> 8, height, width >> 8, width, components.length];
  components.forEach((plane, index) => {
    const sampling = (plane.horizontalSampling << 4) | plane.verticalSampling;
    body.push(componentId(index), sampling, plane.tableIndex);
  });
  writeSegment(output, progressive ? SOF2 : SOF0, [Uint8Array.from(body)]);
}

/** A Huffman table; `slot` is 0..3: DC luma, DC chroma, AC luma, AC chroma. */
export function writeHuffmanTable(output: ByteSink, slot: number, table: HuffmanTable): void {
  const classAndIndex = ((slot >> 1) << 4) | (slot & 1);
  writeSegment(output, DHT, [Uint8Array.of(classAndIndex), table.counts, table.symbols]);
}

/** The header of a scan; its entropy-coded data follows directly. */
export function writeScanHeader(
  output: ByteSink,
  scan: Scan,
  frame: FrameLayout,
  progressive: boolean,
): void {
  const body = [scan.components.length];
  // A progressive scan names the tables it uses and leaves the others 0; a refinement of DC uses none.
  const usesDc = scan.spectralStart === 0 && scan.approximationHigh === 0;
  const usesAc = !progressive || scan.spectralStart > 0;
  for (const index of scan.components) {
    const { tableIndex } = frame.components[index];
    body.push(componentId(index), (usesDc ? tableIndex << 4 : 0) | (usesAc ? tableIndex : 0));
  }
  body.push(
    scan.spectralStart,
    scan.spectralEnd,
    (scan.approximationHigh << 4) | scan.approximationLow,
  );
  writeSegment(output, SOS, [Uint8Array.from(body)]);
}

/** The end of the file. */
export function writeEnd(output: ByteSink): void {
  output.putUint16(EOI);
}

/** JFIF numbers the components from one. */
function componentId(index: number): number {
  return index + 1;
}

/** A marker, the length of what follows with the length itself, and the parts. */
function writeSegment(output: ByteSink, marker: number, parts: readonly Uint8Array[]): void {
  let bytes = 2;
  for (const part of parts) bytes += part.length;
  output.putUint16(marker);
  output.putUint16(bytes);
  for (const part of parts) output.putBytes(part);
}
