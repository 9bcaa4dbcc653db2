/**
 * TIFF of 8 bits with one deflated strip, differences instead of samples. Orientation is never
 * written: what comes here has been turned already.
 * @module
 */

import {
  type Arena,
  arenaBytes,
  assert,
  type EncodePlan,
  type Plane,
  type Raster,
} from '@safelight/core';
import { type Deflater, settle } from '../deflate/deflater.ts';
import type { RunKernels } from '../deflate/run-kernels.ts';
import type { SizedStream } from '../deflate/run-stream.ts';
import { deflateSamples } from '../deflate/sample-deflate.ts';
import { iccFits } from '../icc.ts';
import type { EncodedShape } from '../planes.ts';
import { TAGS } from './tags.ts';

const DEFLATE_LEVEL = 6;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const UNDEFINED = 7;
/** Adobe's number for deflate. */
const DEFLATE = 8;
const HORIZONTAL = 2;
const UNASSOCIATED = 2;

interface Field {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** What stands in the entry, or the bytes that it points to. */
  readonly value: number | Uint8Array;
}

/**
 * Writes a raster of model `gray` or `rgb`, with or without alpha, one sample a pixel. Differences lie
 * in `arena`, as `planTiffEncode` says, or without one outside of it.
 */
export function encodeTiff(
  raster: Raster,
  deflater: Deflater,
  kernels: RunKernels,
  arena?: Arena,
): Uint8Array | Promise<Uint8Array> {
  const { model, width, height, alpha } = raster;
  assert(model === 'gray' || model === 'rgb', 'TIFF is written as grey or RGB');
  const planes = alpha === undefined ? raster.planes : [...raster.planes, alpha];
  const byteLength = width * height * planes.length;
  const mark = arena?.mark() ?? 0;
  const samples = arena?.allocate(byteLength) ?? new Uint8Array(byteLength);
  takeDifferences(raster, planes, samples);
  return settle(deflateSamples(samples, DEFLATE_LEVEL, deflater, kernels), (strip) => {
    const file = joinFile(fieldsOf(raster, strip.length), strip);
    arena?.release(mark);
    return file;
  });
}

/** What encoding takes from the arena when it is given one. */
export function planTiffEncode({ width, height, planes, hasAlpha }: EncodedShape): EncodePlan {
  const channels = planes.length + (hasAlpha ? 1 : 0);
  return { scratchBytes: arenaBytes(width * height * channels) };
}

/** Interleaved samples, each less the one of the pixel before it in its row. */
function takeDifferences(
  { width, height }: Raster,
  planes: readonly Plane[],
  target: Uint8Array,
): void {
  const step = planes.length;
  for (const [channel, { data, stride, ...plane }] of planes.entries()) {
    assert(plane.width === width && plane.height === height, 'TIFF has one sample a pixel');
    for (let y = 0; y < height; y++) {
      let last = 0;
      for (let x = 0, to = y * width * step + channel; x < width; x++, to += step) {
        const value = data[y * stride + x];
        // Kept modulo 256 by the array.
        target[to] = value - last;
        last = value;
      }
    }
  }
}

/** In the order of their tags, as readers may expect (TIFF 6.0, section 2). */
function fieldsOf({ width, height, model, alpha, metadata }: Raster, stripBytes: number): Field[] {
  const samples = (model === 'gray' ? 1 : 3) + (alpha === undefined ? 0 : 1);
  const { icc, density } = metadata;
  const short = (tag: number, value: number): Field => ({ tag, type: SHORT, count: 1, value });
  const long = (tag: number, value: number): Field => ({ tag, type: LONG, count: 1, value });
  const ratio = (tag: number, value: number): Field => ({
    tag,
    type: RATIONAL,
    count: 1,
    value: littleEndian([value, 1], 4),
  });
  return [
    long(TAGS.width, width),
    long(TAGS.height, height),
    bitsField(samples),
    short(TAGS.compression, DEFLATE),
    short(TAGS.photometric, model === 'gray' ? 1 : 2),
    long(TAGS.stripOffsets, HEADER_BYTES),
    short(TAGS.samples, samples),
    long(TAGS.rowsPerStrip, height),
    long(TAGS.stripBytes, stripBytes),
    ...(density === undefined
      ? []
      : [ratio(TAGS.xResolution, density.x), ratio(TAGS.yResolution, density.y)]),
    short(TAGS.planar, 1),
    ...(density === undefined ? [] : [short(TAGS.resolutionUnit, density.unit + 1)]),
    short(TAGS.predictor, HORIZONTAL),
    ...(alpha === undefined ? [] : [short(TAGS.extraSamples, UNASSOCIATED)]),
    ...(icc !== undefined && iccFits(icc, model)
      ? [{ tag: TAGS.icc, type: UNDEFINED, count: icc.length, value: icc }]
      : []),
  ];
}

/** Two values of 16 bits fit into an entry, side by side. */
function bitsField(samples: number): Field {
  const value =
    samples <= 2
      ? samples === 1
        ? 8
        : 0x0008_0008
      : littleEndian(Array<number>(samples).fill(8), 2);
  return { tag: TAGS.bits, type: SHORT, count: samples, value };
}

function littleEndian(values: readonly number[], bytesEach: 2 | 4): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * bytesEach));
  for (const [index, value] of values.entries()) {
    if (bytesEach === 2) view.setUint16(2 * index, value, true);
    else view.setUint32(4 * index, value, true);
  }
  return new Uint8Array(view.buffer);
}

const HEADER_BYTES = 8;
const ENTRY_BYTES = 12;

/** Header, strip, directory, then what does not fit into entries; all on even offsets. */
function joinFile(fields: readonly Field[], strip: SizedStream): Uint8Array {
  const directoryAt = evenFrom(HEADER_BYTES + strip.length);
  let valuesAt = evenFrom(directoryAt + 2 + fields.length * ENTRY_BYTES + 4);
  const outside = fields.reduce(
    (sum, { value }) => sum + (typeof value === 'number' ? 0 : evenFrom(value.length)),
    0,
  );
  const file = new Uint8Array(valuesAt + outside);
  const view = new DataView(file.buffer);
  view.setUint16(0, 0x4949);
  view.setUint16(2, 42, true);
  view.setUint32(4, directoryAt, true);
  strip.writeTo(file, HEADER_BYTES);
  view.setUint16(directoryAt, fields.length, true);
  for (const [index, { tag, type, count, value }] of fields.entries()) {
    const at = directoryAt + 2 + index * ENTRY_BYTES;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    if (typeof value === 'number') {
      view.setUint32(at + 8, value, true);
      continue;
    }
    view.setUint32(at + 8, valuesAt, true);
    file.set(value, valuesAt);
    valuesAt += evenFrom(value.length);
  }
  return file;
}

function evenFrom(offset: number): number {
  return offset + (offset & 1);
}
