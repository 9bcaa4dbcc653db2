/**
 * An encoder over a memory that others use too, with the bytes of `encodeJpeg`: planes are read where
 * they lie, coefficients go to scratch of the caller. The memory must not grow during an encode,
 * which is synchronous.
 * @module
 */

import { ByteSink } from '../byte-sink.ts';
import { layOutFrame } from '../coefficient-plane.ts';
import type { FrameLayout, FramePicture } from '../coefficient-plane.ts';
import { writeEnd, writeFileHeader } from '../markers.ts';
import { resolveEncodeOptions } from '../options.ts';
import type { JpegEncodeOptions, ResolvedJpegEncode } from '../options.ts';
import { quantizationTables } from '../quantization.ts';
import { writeScans } from './coded-scans.ts';
import type { PlacedFrame, PlacedPlane } from './coded-scans.ts';
import {
  AC_FREQUENCIES,
  DIVISORS,
  DIVISORS_BYTES,
  FREQUENCY_BYTES,
  REGION_END,
} from './memory-map.ts';
import { type EncoderExports, giveDivisors, instantiateEncoder } from './module.ts';

/** Options whose planes are views of the encoder's memory, behind `JPEG_ENCODER_REGION_END`. */
export interface JpegEncodeInPlaceOptions extends JpegEncodeOptions {
  /**
   * A view of the memory, of `scratchBytes` or more, at an offset that 16 divides; its content
   * before does not matter and is meaningless afterwards.
   */
  readonly scratch: Uint8Array;
}

export interface JpegEncoder {
  /** Bytes of scratch that a picture takes: a little over 2 for each sample. */
  scratchBytes(picture: FramePicture): number;
  /**
   * The file, in memory of its own: the same bytes as `encodeJpeg` gives.
   *
   * @throws RangeError when an option is out of its range, or a view is not where it must be
   */
  encode(options: JpegEncodeInPlaceOptions): Uint8Array;
}

const encoders = new WeakMap<WebAssembly.Memory, JpegEncoder>();

/**
 * The encoder of a memory; the same one each time. It owns the memory from
 * `JPEG_ENCODER_REGION_START` to `JPEG_ENCODER_REGION_END`, which must exist.
 *
 * @throws RangeError when the memory is smaller than that
 */
export function createJpegEncoder(memory: WebAssembly.Memory): JpegEncoder {
  const known = encoders.get(memory);
  if (known !== undefined) return known;
  const module = instantiateEncoder(memory);
  const encoder: JpegEncoder = {
    scratchBytes: jpegScratchBytes,
    encode: (options) => encode(options, memory, module),
  };
  encoders.set(memory, encoder);
  return encoder;
}

/** For each block 64 coefficients of 16 bits, a mask of 64 bits, and the DC value once more. */
const COEFFICIENT_BYTES = 128;
const MASK_BYTES = 8;
const DC_BYTES = 2;

/** Bytes of scratch that an encode of such a picture takes, without a memory at hand. */
export function jpegScratchBytes(picture: FramePicture): number {
  return scratchOf(layOutFrame(picture));
}

function scratchOf({ components }: FrameLayout): number {
  let blocks = 0;
  for (const plane of components) blocks += plane.paddedAcross * plane.paddedDown;
  return blocks * (COEFFICIENT_BYTES + MASK_BYTES + DC_BYTES);
}

function encode(
  options: JpegEncodeInPlaceOptions,
  memory: WebAssembly.Memory,
  module: EncoderExports,
): Uint8Array {
  const settings = resolveEncodeOptions(options);
  const layout = layOutFrame(settings);
  checkViews(settings, options.scratch, scratchOf(layout), memory);
  const tables = quantizationTables(settings.qualityPercent);
  const frame = placeFrame(layout, options.scratch);
  giveDivisors(memory, tables);
  transform(settings, frame, memory, module);
  const output = new ByteSink(4096);
  writeFileHeader(output, settings, frame, tables);
  writeScans(frame, settings, output, memory, module);
  writeEnd(output);
  return output.toBytes();
}

/** @throws RangeError */
function checkViews(
  { components }: ResolvedJpegEncode,
  scratch: Uint8Array,
  scratchBytes: number,
  memory: WebAssembly.Memory,
): void {
  components.forEach(({ data }, i) => checkView(`components[${i}].data`, data, memory));
  checkView('scratch', scratch, memory);
  if (scratch.byteOffset % 16 !== 0) {
    throw new RangeError(`scratch: expected an offset that 16 divides, got ${scratch.byteOffset}`);
  }
  if (scratch.length < scratchBytes) {
    throw new RangeError(`scratch: expected ${scratchBytes} bytes, got ${scratch.length}`);
  }
}

/** @throws RangeError */
function checkView(name: string, view: Uint8Array, memory: WebAssembly.Memory): void {
  if (view.buffer === memory.buffer && view.byteOffset >= REGION_END) return;
  throw new RangeError(`${name}: expected a view of the memory behind the encoder's region`);
}

/** Coefficients of all components, then the masks of all, then their DC values. */
function placeFrame(layout: FrameLayout, scratch: Uint8Array): PlacedFrame {
  const { buffer } = scratch;
  const blocksOf = layout.components.map((plane) => plane.paddedAcross * plane.paddedDown);
  let coefficients = scratch.byteOffset;
  let masks = coefficients + blocksOf.reduce((sum, blocks) => sum + COEFFICIENT_BYTES * blocks, 0);
  let dcValues = masks + blocksOf.reduce((sum, blocks) => sum + MASK_BYTES * blocks, 0);
  const components = layout.components.map((plane, index): PlacedPlane => {
    const blocks = blocksOf[index];
    const placed = {
      ...plane,
      coefficients: new Int16Array(buffer, coefficients, 64 * blocks),
      masks: new Int32Array(buffer, masks, 2 * blocks),
      dcAddress: dcValues,
    };
    coefficients += COEFFICIENT_BYTES * blocks;
    masks += MASK_BYTES * blocks;
    dcValues += DC_BYTES * blocks;
    return placed;
  });
  return { ...layout, components };
}

/** Fills the frame, and counts the AC symbols of each component. */
function transform(
  { components }: ResolvedJpegEncode,
  frame: PlacedFrame,
  memory: WebAssembly.Memory,
  module: EncoderExports,
): void {
  new Uint8Array(memory.buffer, AC_FREQUENCIES, 3 * FREQUENCY_BYTES).fill(0);
  frame.components.forEach((plane, index) => {
    const { data, width, height, stride } = components[index];
    const { blocksAcross, blocksDown, paddedAcross, paddedDown } = plane;
    const coefficients = plane.coefficients.byteOffset;
    const masks = plane.masks.byteOffset;
    module.transformPlane(
      data.byteOffset,
      width,
      height,
      stride,
      coefficients,
      masks,
      plane.dcAddress,
      blocksAcross,
      blocksDown,
      paddedAcross,
      DIVISORS + plane.tableIndex * DIVISORS_BYTES,
      AC_FREQUENCIES + index * FREQUENCY_BYTES,
    );
    module.padBlocks(
      coefficients,
      masks,
      plane.dcAddress,
      blocksAcross,
      blocksDown,
      paddedAcross,
      paddedDown,
      plane.horizontalSampling,
    );
  });
}
