/**
 * Scan headers, checked against the frame, and which progressive scans a scale needs.
 * @module
 */

import type { JpegLayout } from './layout.ts';
import { damaged, EOI, nextSegment, SOS } from './markers.ts';
import type { Segment } from './markers.ts';

export interface ScanComponent {
  /** Index in the frame. */
  readonly index: number;
  readonly dcTable: number;
  readonly acTable: number;
}

export interface ScanHeader {
  readonly components: readonly ScanComponent[];
  /** The band: zigzag indices, 0 to 63 for a sequential scan. */
  readonly first: number;
  readonly last: number;
  /** Bit before this scan (0 in a first scan) and bit after it. */
  readonly highBit: number;
  readonly lowBit: number;
}

/** Reads SOS (T.81, B.2.3). */
export function readScanHeader(
  file: Uint8Array,
  { start, end }: Segment,
  layout: JpegLayout,
): ScanHeader {
  const count = file[start];
  if (end - start < 1 || end - start !== 4 + 2 * count) {
    throw damaged(`scan header: expected ${4 + 2 * count} bytes, got ${end - start}`);
  }
  if (count < 1 || count > layout.components.length) {
    throw damaged(`scan: expected 1 to ${layout.components.length} components, got ${count}`);
  }
  const components: ScanComponent[] = [];
  for (let i = 0; i < count; i++) {
    const id = file[start + 1 + 2 * i];
    const tables = file[start + 2 + 2 * i];
    const index = layout.components.findIndex((one) => one.id === id);
    if (index < 0) throw damaged(`scan: expected a component of the frame, got ${id}`);
    if (components.some((one) => one.index === index)) {
      throw damaged(`scan: expected each component once, got ${id} twice`);
    }
    const dcTable = tables >> 4;
    const acTable = tables & 15;
    if (dcTable > 3 || acTable > 3) {
      throw damaged(`scan: expected tables 0 to 3, got ${dcTable} and ${acTable}`);
    }
    components.push({ index, dcTable, acTable });
  }
  const at = start + 1 + 2 * count;
  const bits = file[at + 2];
  const band = { first: file[at], last: file[at + 1], highBit: bits >> 4, lowBit: bits & 15 };
  if (!layout.progressive) return { components, first: 0, last: 63, highBit: 0, lowBit: 0 };
  checkBand(band, count);
  return { components, ...band };
}

/** T.81, G.1.1.1: DC and AC apart, AC one component at a time, one bit at a time. */
function checkBand(
  { first, last, highBit, lowBit }: Omit<ScanHeader, 'components'>,
  count: number,
): void {
  const band = first === 0 ? last === 0 : first <= last && last <= 63 && count === 1;
  const bits = lowBit <= 13 && (highBit === 0 || highBit === lowBit + 1);
  if (!band || !bits) {
    throw damaged(`scan: expected a band and its bits, got ${first}-${last}, ${highBit}-${lowBit}`);
  }
}

/** What a look over all scan headers tells before one of them is decoded. */
export interface ScanSurvey {
  readonly scans: number;
  /** Where the scan headers stand whose coefficients, or their history, are needed. */
  readonly needed: ReadonlySet<number>;
}

/**
 * Looks over the scans of a progressive file. A scan is needed when its band has a coefficient that
 * the scale needs, or one whose history a later needed scan reads: a refinement is parsed by what is
 * already known of all coefficients of its band. Damage ends the survey; decoding will meet it.
 */
export function surveyScans(
  file: Uint8Array,
  layout: JpegLayout,
  lastNeeded: number,
  maxScans: number,
): ScanSurvey {
  const headers: { readonly at: number; readonly header: ScanHeader }[] = [];
  let from = 2;
  while (headers.length <= maxScans) {
    let segment: Segment | undefined;
    try {
      segment = nextSegment(file, from);
      if (segment === undefined || segment.code === EOI) break;
      if (segment.code === SOS) {
        headers.push({ at: segment.at, header: readScanHeader(file, segment, layout) });
      }
    } catch {
      break;
    }
    from = segment.end;
  }
  const needed = new Set<number>();
  const reach = layout.components.map(() =>
    Uint8Array.from({ length: 64 }, (_, k) => Number(k <= lastNeeded)),
  );
  for (let i = headers.length - 1; i >= 0; i--) {
    const { at, header } = headers[i];
    const wanted = header.components.some(({ index }) =>
      reach[index].subarray(header.first, header.last + 1).includes(1),
    );
    if (!wanted) continue;
    needed.add(at);
    for (const { index } of header.components) reach[index].fill(1, header.first, header.last + 1);
  }
  return { scans: headers.length, needed };
}
