/**
 * Decoding by our own codec: planes land in the arena's WebAssembly memory at the sampling, scale and
 * region that are wanted. Chroma may have any sampling of its own; other planes that are subsampled are
 * brought to the full grid here, since no operation expects them. Extents tell what samples cover.
 * @module
 */

import {
  arenaBytes,
  assert,
  type CodecContext,
  type DecodeRequest,
  type DecodeShape,
  type ImageHeader,
  type Plane,
  type Raster,
  type RowSource,
  type RowsShape,
  strideOf,
} from '@safelight/core';
import {
  convertToInk,
  createJpegDecoder,
  fullGridOf,
  isFullGrid,
  type JpegBandReader,
  type JpegDecodePlan,
  type JpegLayout,
  planJpegBands,
  planJpegDecode,
  readJpegLayout,
  readJpegMetadata,
  upsampleJpegPlane,
  widenRegion,
} from '@safelight/jpeg';
import { checkSize } from '../refusal.ts';
import { deliveredModel, metadataOf } from './header.ts';

/** Sizes of a decode, from what the header says. */
export function planWasmDecode(header: ImageHeader, request: DecodeRequest): DecodeShape {
  const delivery = planDelivery(layoutOfHeader(header), header.model, request);
  if (!comesInRows(delivery, header, request)) return shapeOf(delivery);
  const planes = delivery.delivered.map(({ shape }) => shape);
  return { planes, planeBytes: 0, scratchBytes: 0, rows: rowsShapeOf(delivery.plan) };
}

/** Decodes into planes of `context.arena`, whose memory must be a WebAssembly one. */
export function wasmDecode(
  bytes: Uint8Array,
  header: ImageHeader,
  request: DecodeRequest,
  { arena, limits }: CodecContext,
): Raster {
  assert(arena.memory !== undefined, 'the arena lies in a WebAssembly memory');
  const layout = readJpegLayout(bytes);
  const metadata = readJpegMetadata(bytes);
  const { width, height } = layout;
  checkSize('jpeg', width, height, limits);
  const model = deliveredModel({ layout }, 'wasm');
  const delivery = planDelivery(layout, model, request);
  const { plan, delivered } = delivery;
  const told = { width, height, model, metadata: metadataOf({ layout, metadata }, 'wasm') };
  if (comesInRows(delivery, header, request)) {
    const decoder = createJpegDecoder(arena.memory);
    const reader = decoder.openBands(bytes, plan, { maxScans: limits.maxScans });
    const rows = rowSourceOf(reader, plan);
    const planes = delivered.map(({ shape }, index): Plane => {
      return { ...shape, stride: rows.planes[index].rowBytes, data: NO_SAMPLES, start: 0 };
    });
    return { ...told, planes, rows };
  }
  const planes = delivered.map(({ shape, stride, byteLength }): Plane => {
    return { ...shape, stride, data: arena.allocate(byteLength) };
  });
  const mark = arena.mark();
  const targets = plan.planes.map(({ rowBytes, rows }, index) =>
    delivered[index].isStored
      ? planes[index]
      : { data: arena.allocate(rowBytes * rows), stride: rowBytes },
  );
  createJpegDecoder(arena.memory).decode(
    bytes,
    plan,
    { planes: targets, coefficients: arena.allocate(plan.coefficientBytes) },
    { maxScans: limits.maxScans },
  );
  delivered.forEach(({ isStored }, index) => {
    if (!isStored) upsampleJpegPlane(plan, index, targets[index], planes[index]);
  });
  arena.release(mark);
  if (model === 'cmyk') convertToInk(layout, planes);
  return { ...told, planes };
}

const NO_SAMPLES = new Uint8Array(0);

/**
 * Whether rows are read by who asks for them, and no planes are made: of sequential pictures with one
 * scan, whose planes are delivered as they are stored.
 */
function comesInRows(
  { delivered }: Delivery,
  { progressive = false, scans }: ImageHeader,
  { rows = false }: DecodeRequest,
): boolean {
  return rows && !progressive && scans === 1 && delivered.every(({ isStored }) => isStored);
}

function rowsShapeOf(plan: JpegDecodePlan): RowsShape {
  const bands = planJpegBands(plan);
  const planes = plan.planes.map(({ rowBytes }, index) => {
    return { rowBytes: strideOf(rowBytes), stepRows: bands.rows[index] };
  });
  return { planes, steps: bands.count };
}

function rowSourceOf(reader: JpegBandReader, plan: JpegDecodePlan): RowSource {
  const shape = rowsShapeOf(plan);
  return {
    ...shape,
    read(steps, targets) {
      reader.read(
        steps,
        targets.map((data, index) => ({ data, stride: shape.planes[index].rowBytes })),
      );
    },
  };
}

/** A plane as the engine gets it. */
interface DeliveredPlane {
  /** Whether the decoder writes it; else it is made of a plane that lies in scratch meanwhile. */
  readonly isStored: boolean;
  readonly shape: Pick<Plane, 'width' | 'height' | 'extent'>;
  readonly stride: number;
  readonly byteLength: number;
}

interface Delivery {
  readonly plan: JpegDecodePlan;
  readonly delivered: readonly DeliveredPlane[];
}

function planDelivery(
  layout: JpegLayout,
  model: ImageHeader['model'],
  { scale, region }: DecodeRequest,
): Delivery {
  // Inks become light before anything mixes them, and that takes one sample a pixel.
  const isScaled = scale !== undefined && model !== 'cmyk';
  const request = { ...(isScaled && { scale }), ...(region && { region }) };
  const isStored = (plan: JpegDecodePlan, index: number): boolean =>
    isFullGrid(plan, index) || (model === 'ycbcr' && index > 0);
  const narrow = planJpegDecode(layout, request);
  const isWhole = layout.components.every((_, index) => isStored(narrow, index));
  const plan =
    isWhole || region === undefined
      ? narrow
      : planJpegDecode(layout, { ...request, region: widenRegion(narrow) });
  const grid = fullGridOf(plan);
  const delivered = plan.planes.map(({ width, height, extent, rowBytes, rows }, index) =>
    isStored(plan, index)
      ? {
          isStored: true,
          shape: { width, height, extent },
          stride: rowBytes,
          byteLength: rowBytes * rows,
        }
      : {
          isStored: false,
          shape: grid,
          stride: grid.width,
          byteLength: grid.width * grid.height,
        },
  );
  return { plan, delivered };
}

/** As far as sizes depend on it: which component is called what does not matter to them. */
function layoutOfHeader({ width, height, progressive, sampling, model }: ImageHeader): JpegLayout {
  const one = { horizontal: 1, vertical: 1 };
  const factors = sampling ?? (model === 'gray' ? [one] : [one, one, one]);
  return {
    width,
    height,
    progressive: progressive ?? false,
    hasJfif: false,
    adobeTransform: undefined,
    components: factors.map(({ horizontal, vertical }, id) => ({
      id,
      horizontalSampling: horizontal,
      verticalSampling: vertical,
      quantization: 0,
    })),
  };
}

function shapeOf({ plan, delivered }: Delivery): DecodeShape {
  let planeBytes = 0;
  let scratchBytes = arenaBytes(plan.coefficientBytes);
  delivered.forEach(({ isStored, byteLength }, index) => {
    planeBytes += arenaBytes(byteLength);
    const { rowBytes, rows } = plan.planes[index];
    if (!isStored) scratchBytes += arenaBytes(rowBytes * rows);
  });
  return { planes: delivered.map(({ shape }) => shape), planeBytes, scratchBytes };
}
