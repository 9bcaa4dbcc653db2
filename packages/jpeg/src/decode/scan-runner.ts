/**
 * Hands scans to the WebAssembly module: describes components, gives it the file piece by piece, and
 * turns its answers into errors. The file never lies in the shared memory as a whole.
 * @module
 */

import type { DecodingContext, JpegPlaneTarget } from './decoder.ts';
import { damaged, truncated } from './markers.ts';
import {
  AC_TABLE,
  ACROSS,
  BAD_CODE,
  BAD_RESTART,
  BLOCKS_ACROSS,
  BLOCKS_DOWN,
  BOTTOM,
  COEFFICIENTS,
  COMPONENT_BYTES,
  COMPONENTS,
  DC_TABLE,
  DONE,
  DOWN,
  INPUT,
  INPUT_BYTES,
  KIND_AC,
  KIND_DC,
  KIND_PROGRESSIVE_AC,
  LEFT,
  NEEDS_INPUT,
  OUT_OF_DATA,
  OUTPUT,
  PAUSED,
  QUANTIZATION,
  QUANTIZATION_TABLE_BYTES,
  QUANTIZATION_TABLES,
  RIGHT,
  SCAN_AC_FIRST,
  SCAN_AC_REFINE,
  SCAN_DC_FIRST,
  SCAN_DC_REFINE,
  SCAN_SEQUENTIAL,
  STRIDE,
  TOP,
} from './memory-map.ts';
import type { ScanComponent, ScanHeader } from './scan-header.ts';
import type { HuffmanTable, JpegTables } from './tables.ts';

/** More than any scan has. */
export const ALL_ROWS = 0x7fff_ffff;

export class ScanRunner {
  readonly #context: DecodingContext;
  readonly #tables: JpegTables;
  readonly #words: Uint32Array;
  readonly #bytes: Uint8Array;
  /** The divisors of each component, fixed by its first scan as libjpeg has it. */
  readonly #divisors: (Uint16Array | undefined)[] = [];
  /** Components whose samples (sequential) or DC values (progressive) have come. */
  readonly #seen = new Set<number>();
  readonly #coefficients: number[] = [];
  /** The scan at hand: its components, its first coefficient, where in the file its input begins. */
  #components: readonly ScanComponent[] = [];
  #first = 0;
  #at = 0;
  #hasInput = false;

  constructor(context: DecodingContext, tables: JpegTables) {
    this.#context = context;
    this.#tables = tables;
    this.#words = new Uint32Array(context.memory.buffer);
    this.#bytes = new Uint8Array(context.memory.buffer);
    let at = context.target?.coefficients?.byteOffset ?? 0;
    for (const { blocksAcross, blocksDown } of context.plan.planes) {
      this.#coefficients.push(at);
      at += blocksAcross * blocksDown * context.plan.blockBytes;
    }
  }

  /** Whether all that is wanted has come and the rest of the file need not be read. */
  isDone(): boolean {
    const { plan } = this.#context;
    // Only a region that ends above the last row is done before the end of the image is seen.
    return this.hasSamples() && plan.mcus.bottom < plan.mcusDown;
  }

  /** Whether every component of a sequential picture has had its scan. */
  hasSamples(): boolean {
    const { plan } = this.#context;
    return !plan.layout.progressive && this.#seen.size === plan.planes.length;
  }

  checkComplete(): void {
    const expected = this.#context.plan.planes.length;
    if (this.#seen.size === expected) return;
    throw damaged(`expected scans of ${expected} components, got ${this.#seen.size}`);
  }

  /** Decodes the scan whose data begins at `from`; returns where to look for the next segment. */
  run(scan: ScanHeader, from: number): number {
    this.begin(scan, from);
    this.advance(ALL_ROWS);
    return this.end();
  }

  /** Ends the scan at hand; returns where to look for the next segment. */
  end(): number {
    if (this.#first === 0) for (const { index } of this.#components) this.#seen.add(index);
    return this.#at;
  }

  /** Begins the scan whose data begins at `from`. */
  begin(scan: ScanHeader, from: number): void {
    const { plan, module, cache } = this.#context;
    const { components } = scan;
    const alone = components.length === 1;
    const kind = this.#kindOf(scan);
    cache.beginScan();
    components.forEach((component, i) => {
      this.#describe(COMPONENTS + i * COMPONENT_BYTES, component.index);
      this.#describeScan(COMPONENTS + i * COMPONENT_BYTES, component, kind, alone);
    });
    const plane = plan.planes[components[0].index];
    const across = alone ? plane.blocksAcross : plan.mcusAcross;
    const rows = plan.layout.progressive
      ? alone
        ? plane.blocksDown
        : plan.mcusDown
      : alone
        ? plane.blocks.bottom
        : plan.mcus.bottom;
    module.setBand(scan.first, scan.last, scan.lowBit);
    module.startScan(kind, components.length, across, across * rows, this.#tables.restartInterval);
    this.#components = components;
    this.#first = scan.first;
    this.#at = from;
    this.#hasInput = false;
  }

  /**
   * Where the rows of a sequential scan go that come next: the first of them at the start of `targets`,
   * which are in the order of the frame. `rowsDone` of each plane came before.
   */
  placeRows(targets: readonly JpegPlaneTarget[], rowsDone: readonly number[]): void {
    this.#components.forEach(({ index }, i) => {
      const { data, stride } = targets[index];
      const at = COMPONENTS + i * COMPONENT_BYTES;
      // The module counts rows from the first wanted one; sums wrap around in 32 bits, here as there.
      this.#words[(at + OUTPUT) >> 2] = data.byteOffset - rowsDone[index] * stride;
      this.#words[(at + STRIDE) >> 2] = stride;
    });
  }

  /** Gives the scan its data up to row `untilRow` of its MCUs. */
  advance(untilRow: number): void {
    const { bytes, module } = this.#context;
    for (;;) {
      if (!this.#hasInput) {
        const length = Math.min(INPUT_BYTES, bytes.length - this.#at);
        this.#bytes.set(bytes.subarray(this.#at, this.#at + length), INPUT);
        module.giveInput(length, this.#at + length === bytes.length);
        this.#hasInput = true;
      }
      const status = module.advance(untilRow);
      if (status === PAUSED) return;
      this.#at += module.inputTaken();
      this.#hasInput = false;
      if (status === NEEDS_INPUT) continue;
      const marker = module.marker.value as number;
      if (status !== DONE) throw faultOf(status, marker);
      // The marker that ended the data is the next segment's.
      if (marker !== 0) this.#at -= 2;
      return;
    }
  }

  /** Describes all components of a progressive picture whose coefficients are complete. */
  describeForWriting(): void {
    this.#context.plan.planes.forEach((_, i) =>
      this.#describe(COMPONENTS + i * COMPONENT_BYTES, i),
    );
  }

  #kindOf({ first, highBit }: ScanHeader): number {
    if (!this.#context.plan.layout.progressive) return SCAN_SEQUENTIAL;
    if (first === 0) return highBit === 0 ? SCAN_DC_FIRST : SCAN_DC_REFINE;
    return highBit === 0 ? SCAN_AC_FIRST : SCAN_AC_REFINE;
  }

  /** What does not depend on the scan: where the component lies, and its divisors. */
  #describe(at: number, index: number): void {
    const { plan, target } = this.#context;
    const { blocks, blocksAcross, blocksDown } = plan.planes[index];
    const divisors = QUANTIZATION_TABLES + index * QUANTIZATION_TABLE_BYTES;
    const words = this.#words;
    words[(at + QUANTIZATION) >> 2] = divisors;
    if (target !== undefined) {
      words[(at + OUTPUT) >> 2] = target.planes[index].data.byteOffset;
      words[(at + STRIDE) >> 2] = target.planes[index].stride;
    }
    words[(at + LEFT) >> 2] = blocks.left;
    words[(at + TOP) >> 2] = blocks.top;
    words[(at + RIGHT) >> 2] = blocks.right;
    words[(at + BOTTOM) >> 2] = blocks.bottom;
    words[(at + COEFFICIENTS) >> 2] = this.#coefficients[index];
    words[(at + BLOCKS_ACROSS) >> 2] = blocksAcross;
    words[(at + BLOCKS_DOWN) >> 2] = blocksDown;
    const known = this.#divisors[index];
    // Without a scan (a partial picture) any divisors do: there are no coefficients.
    if (known !== undefined) new Uint16Array(words.buffer, divisors, 64).set(known);
  }

  #describeScan(at: number, component: ScanComponent, kind: number, alone: boolean): void {
    const { plan, cache } = this.#context;
    const { index, dcTable, acTable } = component;
    const { horizontalSampling, verticalSampling, quantization } = plan.layout.components[index];
    if (this.#divisors[index] === undefined) {
      const defined = this.#tables.quantization[quantization];
      if (defined === undefined) {
        throw damaged(`scan: expected quantisation table ${quantization} to be defined`);
      }
      this.#divisors[index] = defined;
      new Uint16Array(
        this.#words.buffer,
        QUANTIZATION_TABLES + index * QUANTIZATION_TABLE_BYTES,
        64,
      ).set(defined);
    }
    const words = this.#words;
    words[(at + ACROSS) >> 2] = alone ? 1 : horizontalSampling;
    words[(at + DOWN) >> 2] = alone ? 1 : verticalSampling;
    const skips = kind === SCAN_SEQUENTIAL && plan.scale === 1;
    if (kind === SCAN_SEQUENTIAL || kind === SCAN_DC_FIRST) {
      const table = tableOf(this.#tables.dc, dcTable, 'DC');
      words[(at + DC_TABLE) >> 2] = cache.slotOf(table, KIND_DC, skips);
    }
    if (kind === SCAN_SEQUENTIAL) {
      const table = tableOf(this.#tables.ac, acTable, 'AC');
      words[(at + AC_TABLE) >> 2] = cache.slotOf(table, KIND_AC, true);
    }
    if (kind === SCAN_AC_FIRST || kind === SCAN_AC_REFINE) {
      const table = tableOf(this.#tables.ac, acTable, 'AC');
      words[(at + AC_TABLE) >> 2] = cache.slotOf(table, KIND_PROGRESSIVE_AC, false);
    }
  }
}

function tableOf(
  tables: readonly (HuffmanTable | undefined)[],
  number: number,
  kind: string,
): HuffmanTable {
  const table = tables[number];
  if (table === undefined) throw damaged(`scan: expected ${kind} table ${number} to be defined`);
  return table;
}

function faultOf(status: number, marker: number): Error {
  if (status === OUT_OF_DATA) {
    if (marker === 0) return truncated('expected more data in a scan, got the end of the file');
    return damaged(`expected more data in a scan, got marker ff${marker.toString(16)}`);
  }
  if (status === BAD_RESTART) {
    return damaged(`expected the next restart marker, got marker ff${marker.toString(16)}`);
  }
  if (status === BAD_CODE) return damaged('expected a Huffman code, got bits that are none');
  return damaged('expected coefficients within a block, got a run past its end');
}
