/**
 * The scans of a file, coded by the WebAssembly module: counts come back, tables go in, and the coded
 * bytes are taken out window by window.
 * @module
 */

import type { ByteSink } from '../byte-sink.ts';
import type { CoefficientPlane, Frame } from '../coefficient-plane.ts';
import { type Codes, writeTables } from '../encode-jpeg.ts';
import { writeScanHeader } from '../markers.ts';
import { planProgressiveScans, planSequentialScans, type Scan } from '../scan-plan.ts';
import {
  AC_CODES,
  AC_FREQUENCIES,
  ACROSS,
  CODES,
  CODES_BYTES,
  COEFFICIENTS,
  COMPONENT_BYTES,
  COMPONENTS,
  COUNTS,
  DC_CODES,
  DC_FREQUENCIES,
  DC_VALUES,
  DONE,
  DOWN,
  FREQUENCY_BYTES,
  LENGTH_BITS,
  MASKS,
  PADDED_ACROSS,
  WINDOW,
} from './memory-map.ts';
import type { EncoderExports } from './module.ts';

/** A component in the memory. */
export interface PlacedPlane extends CoefficientPlane {
  /** Where its DC values lie, one after another. */
  readonly dcAddress: number;
}

/** A frame in the memory. */
export interface PlacedFrame extends Frame {
  readonly components: readonly PlacedPlane[];
}

/** What a file's scans depend on beside its frame. */
interface ScanSettings {
  readonly progressive: boolean;
  /** MCUs between restarts; 0 for none. */
  readonly restartInterval: number;
}

/** Writes every scan. The frame lies in the memory, its AC symbols have been counted. */
export function writeScans(
  frame: PlacedFrame,
  { progressive, restartInterval }: ScanSettings,
  output: ByteSink,
  memory: WebAssembly.Memory,
  module: EncoderExports,
): void {
  const bytes = new Uint8Array(memory.buffer);
  const scans = progressive ? planProgressiveScans(frame) : planSequentialScans(frame);
  for (const scan of scans) {
    const [across, down] = describeScan(scan, frame, new DataView(memory.buffer));
    const start = (): void => {
      module.startScan(scan.components.length, across, down, restartInterval);
      if (!progressive) return;
      const { spectralStart, spectralEnd, approximationHigh, approximationLow } = scan;
      module.makeProgressive(spectralStart, spectralEnd, approximationLow, approximationHigh > 0);
    };
    bytes.fill(0, DC_FREQUENCIES, DC_FREQUENCIES + 2 * FREQUENCY_BYTES);
    if (progressive) bytes.fill(0, AC_FREQUENCIES, AC_FREQUENCIES + FREQUENCY_BYTES);
    start();
    module.countScan();
    const frequencies = progressive
      ? countsOfPart(scan, frame, memory)
      : frequenciesOf(scan, frame, memory);
    giveCodes(writeTables(scan, frequencies, output), memory);
    writeScanHeader(output, scan, frame, progressive);
    start();
    for (;;) {
      const answer = module.codeScan();
      output.putBytes(bytes.subarray(WINDOW, WINDOW + module.windowLength()));
      if (answer === DONE) break;
    }
  }
}

/** Writes the descriptors of a scan, and returns its MCUs across and down. */
function describeScan(scan: Scan, frame: PlacedFrame, view: DataView): readonly [number, number] {
  const isAlone = scan.components.length === 1;
  for (const [place, index] of scan.components.entries()) {
    const plane = frame.components[index];
    const at = COMPONENTS + place * COMPONENT_BYTES;
    const put = (field: number, value: number): void => view.setUint32(at + field, value, true);
    put(COEFFICIENTS, plane.coefficients.byteOffset);
    put(MASKS, plane.masks.byteOffset);
    put(DC_VALUES, plane.dcAddress);
    put(PADDED_ACROSS, plane.paddedAcross);
    put(ACROSS, isAlone ? 1 : plane.horizontalSampling);
    put(DOWN, isAlone ? 1 : plane.verticalSampling);
    put(DC_CODES, CODES + plane.tableIndex * CODES_BYTES);
    put(AC_CODES, CODES + (2 + plane.tableIndex) * CODES_BYTES);
    const dcCounts = DC_FREQUENCIES + plane.tableIndex * FREQUENCY_BYTES;
    put(COUNTS, scan.spectralStart === 0 ? dcCounts : AC_FREQUENCIES);
  }
  if (!isAlone) return [frame.mcusAcross, frame.mcusDown];
  const { blocksAcross, blocksDown } = frame.components[scan.components[0]];
  return [blocksAcross, blocksDown];
}

/** Counts by table * 256 + symbol: DC of the scan, and AC of its components together. */
function frequenciesOf(scan: Scan, frame: PlacedFrame, memory: WebAssembly.Memory): Uint32Array {
  const { buffer } = memory;
  const frequencies = new Uint32Array(4 * 256);
  frequencies.set(new Uint32Array(buffer, DC_FREQUENCIES, 2 * 256));
  for (const index of scan.components) {
    const plane = frame.components[index];
    const first = (2 + plane.tableIndex) * 256;
    const counts = new Uint32Array(buffer, AC_FREQUENCIES + index * FREQUENCY_BYTES, 256);
    for (let symbol = 0; symbol < 256; symbol++) frequencies[first + symbol] += counts[symbol];
    // Blocks that fill up an MCU are an end of block each; a scan of one component has none.
    if (scan.components.length > 1) {
      frequencies[first] +=
        plane.paddedAcross * plane.paddedDown - plane.blocksAcross * plane.blocksDown;
    }
  }
  return frequencies;
}

/** Counts by table * 256 + symbol of a progressive scan, which is DC or a band of one component. */
function countsOfPart(scan: Scan, frame: PlacedFrame, { buffer }: WebAssembly.Memory): Uint32Array {
  const frequencies = new Uint32Array(4 * 256);
  if (scan.spectralStart === 0) {
    frequencies.set(new Uint32Array(buffer, DC_FREQUENCIES, 2 * 256));
  } else {
    const { tableIndex } = frame.components[scan.components[0]];
    frequencies.set(new Uint32Array(buffer, AC_FREQUENCIES, 256), (2 + tableIndex) * 256);
  }
  return frequencies;
}

/** The low four bits of every symbol, DC or AC, are the number of bits that follow its code. */
function giveCodes({ codes, sizes }: Codes, memory: WebAssembly.Memory): void {
  const entries = new Uint32Array(memory.buffer, CODES, 4 * 256);
  for (let slot = 0; slot < entries.length; slot++) {
    const extra = slot & 15;
    entries[slot] = ((codes[slot] << extra) << LENGTH_BITS) | (sizes[slot] + extra);
  }
}
