/**
 * A scan: its header and where its entropy-coded data ends (ITU-T T.81, B.2.3). The restart markers
 * are counted here, because jpeg-js takes a scan that stops at one for a whole picture.
 * @module
 */

import { damaged, truncated, unsupported } from '../refusal.ts';
import { blockGrid, type FrameComponent, type JpegFrame, mcuGrid } from './frame.ts';

/** A run of bytes of the file. */
interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface JpegScan {
  readonly components: readonly FrameComponent[];
  /** MCUs between restart markers; 0 when there are none. */
  readonly restartInterval: number;
  readonly restarts: number;
  /** The entropy-coded data without fill bytes, which jpeg-js does not know inside a scan. */
  readonly data: readonly ByteRange[];
  readonly dataEnd: number;
}

/** Reads a scan header. */
export function parseScanComponents(
  payload: Uint8Array,
  frame: JpegFrame,
): readonly FrameComponent[] {
  const count = payload[0] ?? 0;
  if (count < 1 || count > 4 || payload.length !== 4 + 2 * count) {
    throw damaged('jpeg', `a scan header has ${payload.length} bytes for ${count} components`);
  }
  const components: FrameComponent[] = [];
  for (let i = 0; i < count; i++) {
    const id = payload[1 + 2 * i];
    const tables = payload[2 + 2 * i];
    const component = frame.components.find((candidate) => candidate.id === id);
    if (component === undefined) throw damaged('jpeg', `a scan names component ${id}`);
    if (components.includes(component)) throw damaged('jpeg', `a scan names component ${id} twice`);
    if (tables >> 4 > 3 || (tables & 15) > 3) {
      throw damaged('jpeg', `expected Huffman tables of 0..3, got byte ${tables}`);
    }
    components.push(component);
  }
  if (frame.progressive) checkProgression(payload.subarray(1 + 2 * count), count);
  return components;
}

/** T.81, G.1.1.1: a scan refines either DC or AC, and AC of one component only. */
function checkProgression(parameters: Uint8Array, components: number): void {
  const [first, last, approximation] = parameters;
  const high = approximation >> 4;
  const low = approximation & 15;
  const isBand = first === 0 ? last === 0 : first <= last && last <= 63 && components === 1;
  if (!isBand || low > 13 || (high !== 0 && high !== low + 1)) {
    throw damaged('jpeg', `a scan has spectral band ${first}..${last}, bits ${high} to ${low}`);
  }
}

/** Each costs an object, and a hostile file could be made of nothing else. */
const MAX_FILLED_MARKERS = 65_536;

/** Offset of the last 0xFF of a run, which must begin a marker (T.81, B.1.1.2). */
function endOfFill(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at + 1] === 0xff) at++;
  if (bytes[at + 1] === 0) throw damaged('jpeg', 'fill bytes stand before no marker');
  return at;
}

/** Walks over the data that follows a scan header. */
export function walkEntropyData(
  bytes: Uint8Array,
  dataStart: number,
): Pick<JpegScan, 'data' | 'dataEnd' | 'restarts'> {
  const data: ByteRange[] = [];
  let rangeStart = dataStart;
  let restarts = 0;
  let at = dataStart;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) {
      throw truncated('jpeg', 'the bytes end inside a scan');
    }
    const next = bytes[at + 1];
    if (next === 0) {
      at += 2;
    } else if (next === 0xff) {
      if (data.length === MAX_FILLED_MARKERS) {
        throw damaged('jpeg', `a scan has fill bytes in more than ${MAX_FILLED_MARKERS} places`);
      }
      data.push({ start: rangeStart, end: at });
      rangeStart = endOfFill(bytes, at);
      at = rangeStart;
    } else if (next >= 0xd0 && next <= 0xd7) {
      if (next !== 0xd0 + (restarts & 7)) {
        throw damaged('jpeg', `expected restart marker ${restarts & 7}, got ${next - 0xd0}`);
      }
      restarts++;
      at += 2;
    } else {
      data.push({ start: rangeStart, end: at });
      return { data, dataEnd: at, restarts };
    }
  }
}

/** Throws when the restart markers do not fit the picture. */
export function checkRestarts(frame: JpegFrame, scan: JpegScan): void {
  const { restartInterval, restarts } = scan;
  if (restartInterval === 0) {
    if (restarts > 0) throw damaged('jpeg', 'a scan has restart markers without an interval');
    return;
  }
  const expected = Math.ceil(scanUnits(frame, scan) / restartInterval) - 1;
  if (restarts < expected) {
    throw truncated('jpeg', `expected ${expected} restart markers in a scan, got ${restarts}`);
  }
  // Some encoders end a scan with one more.
  if (restarts > expected + 1) {
    throw damaged('jpeg', `expected ${expected} restart markers in a scan, got ${restarts}`);
  }
}

/** MCUs of a scan: blocks when it has one component, else groups of blocks (T.81, A.2). */
function scanUnits(frame: JpegFrame, scan: JpegScan): number {
  if (scan.components.length > 1) {
    const { mcuColumns, mcuRows } = mcuGrid(frame);
    return mcuColumns * mcuRows;
  }
  const { columns, rows } = blockGrid(frame, scan.components[0]);
  return columns * rows;
}

/** Throws when jpeg-js would misread the scan. */
export function refuseMisreadScan(frame: JpegFrame, scan: JpegScan): void {
  if (scan.components.length > 1) return;
  const component = scan.components[0];
  const grid = blockGrid(frame, component);
  // jpeg-js rounds to whole blocks before it divides by the sampling factor; for factors such as
  // 2 of 3 that is another number of blocks, and the rest of the scan would be read shifted.
  const columns = Math.ceil(
    (Math.ceil(frame.width / 8) * component.horizontal) / frame.maxHorizontal,
  );
  const rows = Math.ceil((Math.ceil(frame.height / 8) * component.vertical) / frame.maxVertical);
  if (columns !== grid.columns || rows !== grid.rows) {
    throw unsupported('jpeg', 'a scan of one component with sampling factors that do not divide');
  }
  // jpeg-js goes on to the end of the last interval: harmless where the block rows end, not where
  // padding follows.
  const { restartInterval } = scan;
  const isUneven = restartInterval > 0 && (columns * rows) % restartInterval !== 0;
  if (isUneven && grid.paddedRows > grid.rows) {
    throw unsupported(
      'jpeg',
      'a scan of one component with a restart interval that does not divide',
    );
  }
}
