/**
 * Planes in, a JPEG file out: the order of the stages. Coefficients are held for the whole picture,
 * because the Huffman tables of a scan come before its data.
 * @module
 */
import { ByteSink } from './byte-sink.ts';
import { quantizeFrame } from './coefficient-plane.ts';
import type { Frame } from './coefficient-plane.ts';
import { EntropyWriter, SymbolCounter } from './entropy-writer.ts';
import { assignCodes, optimalHuffmanTable } from './huffman-table.ts';
import { writeEnd, writeFileHeader, writeHuffmanTable, writeScanHeader } from './markers.ts';
import { resolveEncodeOptions } from './options.ts';
import type { JpegEncodeOptions } from './options.ts';
import { createProgressiveCoder } from './progressive-coder.ts';
import { quantizationTables } from './quantization.ts';
import { planProgressiveScans, planSequentialScans } from './scan-plan.ts';
import type { Scan } from './scan-plan.ts';
import { walkScan } from './scan-walk.ts';
import { SequentialCoder } from './sequential-coder.ts';
import type { BlockCoder } from './sequential-coder.ts';
import { SYMBOL_SLOTS, TokenBuffer } from './token.ts';

/**
 * Writes planes as a JFIF file: baseline or progressive, with Huffman tables made for the picture.
 * The same options always give the same bytes. Coefficients and file sizes are those of libjpeg
 * with its slow-integer transform and optimised coding.
 *
 * Memory: a little over 2 bytes a sample for the coefficients, half a megabyte of scratch, and the file.
 *
 * @throws RangeError when an option is out of its range (see `JpegEncodeOptions`)
 */
export function encodeJpeg(options: JpegEncodeOptions): Uint8Array {
  const settings = resolveEncodeOptions(options);
  const tables = quantizationTables(settings.qualityPercent);
  const frame = quantizeFrame(settings, tables);
  const output = new ByteSink(4096);
  writeFileHeader(output, settings, frame, tables);
  encodeScans(frame, settings, output);
  writeEnd(output);
  return output.toBytes();
}

/** Writes every scan of a frame, baseline or progressive. */
function encodeScans(
  frame: Frame,
  { progressive, restartInterval }: Pick<ScanContext, 'progressive' | 'restartInterval'>,
  output: ByteSink,
): void {
  const tokens = new TokenBuffer(countBlocks(frame));
  const scans = progressive ? planProgressiveScans(frame) : planSequentialScans(frame);
  for (const scan of scans) {
    encodeScan(scan, { frame, tokens, progressive, restartInterval }, output);
  }
}

function countBlocks(frame: Frame): number {
  let blocks = 0;
  for (const plane of frame.components) blocks += plane.paddedAcross * plane.paddedDown;
  return blocks;
}

interface ScanContext {
  readonly frame: Frame;
  readonly tokens: TokenBuffer;
  readonly progressive: boolean;
  readonly restartInterval: number;
}

/** Counts the symbols of a scan, makes its tables, and writes tables, header and data. */
function encodeScan(scan: Scan, context: ScanContext, output: ByteSink): void {
  const { frame, tokens, progressive, restartInterval } = context;
  const createCoder = (): BlockCoder =>
    progressive ? createProgressiveCoder(scan, tokens) : new SequentialCoder(tokens);

  const counter = new SymbolCounter();
  const first = { frame, coder: createCoder(), tokens, sink: counter, restartInterval };
  const whole = walkScan(scan, first);
  counter.consume(tokens.values, tokens.length);

  const { codes, sizes } = writeTables(scan, counter.frequencies, output);
  writeScanHeader(output, scan, frame, progressive);

  const writer = new EntropyWriter(output, codes, sizes);
  if (!whole) {
    // The tokens did not fit into the buffer: code the scan again rather than keep them all.
    tokens.length = 0;
    walkScan(scan, { frame, coder: createCoder(), tokens, sink: writer, restartInterval });
  }
  tokens.drain(writer);
  writer.finish();
}

/** Codes and their lengths, indexed by table * 256 + symbol. */
export interface Codes {
  readonly codes: Int32Array;
  readonly sizes: Uint8Array;
}

/** Makes the tables that a scan's symbols call for, and writes them. */
export function writeTables(scan: Scan, frequencies: Uint32Array, output: ByteSink): Codes {
  const codes = new Int32Array(SYMBOL_SLOTS);
  const sizes = new Uint8Array(SYMBOL_SLOTS);
  for (const slot of tableOrder(scan)) {
    const counts = frequencies.subarray(256 * slot, 256 * slot + 256);
    if (counts.every((count) => count === 0)) continue;
    const table = optimalHuffmanTable(counts);
    assignCodes(table, 256 * slot, codes, sizes);
    writeHuffmanTable(output, slot, table);
  }
  return { codes, sizes };
}

/** The tables of a file in libjpeg's order: by component, DC before AC. */
function tableOrder(scan: Scan): readonly number[] {
  return scan.spectralStart === 0 ? [0, 2, 1, 3] : [2, 3];
}
