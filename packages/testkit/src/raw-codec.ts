/**
 * A real, small codec for tests of the engine: planes as they are, behind a header in JSON. It can
 * pose as any format, so that chains run without a JPEG or PNG being coded.
 * @module
 */

import {
  arenaBytes,
  type Codec,
  type ColorModel,
  type DecodeShape,
  type ImageFormat,
  ImageError,
  type ImageHeader,
  type Orientation,
  type Plane,
  type Raster,
} from '@safelight/core';
import { giveRows, planRawRows } from './raw-rows.ts';

export interface RawCodecOptions {
  readonly format: ImageFormat;
  /** What `encode` takes. @default YCbCr 4:2:0 and gray for `jpeg`, RGB and gray otherwise */
  readonly models?: readonly ColorModel[];
  /** @default false for `jpeg`, true otherwise */
  readonly alpha?: boolean;
  /**
   * Leaves RGB pixels interleaved where the request allows it: 3 or 4 bytes each, in the arena or in
   * memory of its own. @default never
   */
  readonly interleaves?: 'in the arena' | 'elsewhere';
  /**
   * Gives rows in order where the request allows it, so many at once of the finest plane; alpha only with
   * `interleaves`. @default never
   */
  readonly rowsAtOnce?: number;
  /** Arena bytes that `encode` takes for each pixel. @default 0 */
  readonly scratchBytesPerPixel?: number;
}

/** What a raster does not tell about its file. */
export interface RawExtras {
  readonly orientation?: Orientation;
  readonly qualityPercent?: number;
}

/** A raster with what its encoder was told. */
export interface RawRaster extends Raster {
  readonly settings?: { readonly qualityPercent: number; readonly progressive: boolean };
}

interface RawHeader extends ImageHeader {
  readonly planes: readonly Pick<Plane, 'width' | 'height' | 'extent'>[];
  readonly settings?: RawRaster['settings'];
}

const MAGIC = 'safelight raw ';

export function createRawCodec(options: RawCodecOptions): Codec {
  const { format } = options;
  const isJpeg = format === 'jpeg';
  const { scratchBytesPerPixel = 0, interleaves, rowsAtOnce } = options;
  const scratchBytes = ({ width, height }: Pick<Raster, 'width' | 'height'>): number =>
    width * height * scratchBytesPerPixel;
  return {
    format,
    sniff: (head) => new TextDecoder().decode(head).startsWith(`${MAGIC}${format}\n`),
    readHeader: (bytes) => readRaw(bytes).header,
    planDecode(header, { interleaved = false, rows = false }) {
      const pixels = interleaved && interleaves && planPixels(header as RawHeader, interleaves);
      if (!rows || rowsAtOnce === undefined || (header.hasAlpha && !pixels)) {
        return pixels || undefined;
      }
      const { planes } = header as RawHeader;
      const shape = pixels || { planes, scratchBytes: 0 };
      return { ...shape, planeBytes: 0, rows: planRawRows(header, shape, rowsAtOnce) };
    },
    decode(bytes, _header, { interleaved = false, rows = false }, { arena }) {
      const raster = decodeRaw(bytes);
      const isPixels = interleaves !== undefined && interleaved;
      if (rows && rowsAtOnce !== undefined && (isPixels || raster.alpha === undefined)) {
        const given = isPixels ? interleave(raster, (size) => new Uint8Array(size)) : raster;
        return giveRows(given, rowsAtOnce);
      }
      if (isPixels) {
        return interleave(raster, (size) =>
          interleaves === 'elsewhere' ? new Uint8Array(size) : arena.allocate(size),
        );
      }
      const keep = (plane: Plane): Plane => {
        const data = arena.allocate(plane.width * plane.height);
        data.set(plane.data);
        return { ...plane, data };
      };
      return {
        ...raster,
        planes: raster.planes.map(keep),
        ...(raster.alpha && { alpha: keep(raster.alpha) }),
      };
    },
    ...(scratchBytesPerPixel > 0 && {
      planEncode: (shape) => ({ scratchBytes: arenaBytes(scratchBytes(shape)) }),
    }),
    encode(raster, settings, { arena }) {
      const mark = arena.mark();
      // Scratch that overlaps the planes would show in what is written.
      arena.allocate(scratchBytes(raster)).fill(0xee);
      const bytes = encodeRaw(raster, format, {}, settings);
      arena.release(mark);
      return bytes;
    },
    encodes: {
      models: options.models ?? (isJpeg ? ['ycbcr', 'gray'] : ['rgb', 'gray']),
      alpha: options.alpha ?? !isJpeg,
    },
    maxEncodeSide: 65_535,
  };
}

function planPixels(
  { planes, width, height, hasAlpha }: RawHeader,
  place: 'in the arena' | 'elsewhere',
): DecodeShape {
  const step = hasAlpha ? 4 : 3;
  const planeBytes = place === 'elsewhere' ? 0 : arenaBytes(step * width * height);
  return { planes, planeBytes, scratchBytes: 0, step };
}

/** The same raster with the samples of each pixel one behind the other. */
function interleave(raster: Raster, allocate: (size: number) => Uint8Array): Raster {
  const { width, height } = raster;
  const channels = [...raster.planes, ...(raster.alpha ? [raster.alpha] : [])];
  const step = channels.length;
  const pixels = allocate(step * width * height);
  const stride = step * width;
  const [red, green, blue, alpha] = channels.map(({ data, extent }, channel): Plane => {
    for (let i = 0; i < data.length; i++) pixels[step * i + channel] = data[i];
    return { data: pixels.subarray(channel), width, height, stride, extent, step };
  });
  return { ...raster, planes: [red, green, blue], ...(alpha && { alpha }) };
}

/** The bytes of a raster posing as `format`. Planes are packed: strides are not kept. */
export function encodeRaw(
  raster: Raster,
  format: ImageFormat,
  extras: RawExtras = {},
  settings?: RawRaster['settings'],
): Uint8Array {
  const { width, height, model, planes, alpha } = raster;
  const [luma, chroma] = planes;
  const across = pitch(chroma ?? luma, 'width');
  const down = pitch(chroma ?? luma, 'height');
  const header: RawHeader = {
    format,
    width,
    height,
    model,
    frames: 1,
    hasAlpha: alpha !== undefined,
    bitDepth: 8,
    orientation: extras.orientation ?? 1,
    ...(extras.qualityPercent !== undefined && { qualityPercent: extras.qualityPercent }),
    ...(model === 'ycbcr' && {
      sampling: [
        { horizontal: across, vertical: down },
        { horizontal: 1, vertical: 1 },
        { horizontal: 1, vertical: 1 },
      ],
    }),
    hasIcc: raster.metadata.icc !== undefined,
    decoderBytes: 0,
    planes: planes.map(({ width: columns, height: rows, extent }) => ({
      width: columns,
      height: rows,
      extent,
    })),
    ...(settings && { settings }),
  };
  // JSON has no bytes: the profile goes as numbers.
  const { icc } = raster.metadata;
  const told = { ...header, ...(icc && { icc: [...icc] }) };
  const head = new TextEncoder().encode(`${MAGIC}${format}\n${JSON.stringify(told)}\n`);
  const parts = [head, ...[...planes, ...(alpha ? [alpha] : [])].map(packed)];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** What `encodeRaw` or a raw codec wrote. */
export function decodeRaw(bytes: Uint8Array): RawRaster {
  const { header, start } = readRaw(bytes);
  let at = start;
  const take = (shape: Pick<Plane, 'width' | 'height' | 'extent'>): Plane => {
    const length = shape.width * shape.height;
    const data = bytes.slice(at, at + length);
    if (data.length < length) throw damaged(`expected ${length} samples, got ${data.length}`);
    at += length;
    return { ...shape, data, stride: shape.width };
  };
  const { width, height, model, orientation } = header;
  const planes = header.planes.map(take);
  const full = { width, height, extent: { left: 0, top: 0, width, height } };
  return {
    width,
    height,
    model,
    planes,
    ...(header.hasAlpha && { alpha: take(full) }),
    metadata: { orientation, ...(header.icc && { icc: header.icc }) },
    ...(header.settings && { settings: header.settings }),
  };
}

function readRaw(bytes: Uint8Array): { header: RawHeader; start: number } {
  const first = bytes.indexOf(0x0a);
  const second = bytes.indexOf(0x0a, first + 1);
  if (first < 0 || second < 0) throw damaged('expected two lines, got fewer');
  const text = new TextDecoder().decode(bytes.subarray(first + 1, second));
  const { icc, ...header } = JSON.parse(text) as Omit<RawHeader, 'icc'> & { icc?: number[] };
  return { header: { ...header, ...(icc && { icc: Uint8Array.from(icc) }) }, start: second + 1 };
}

function damaged(message: string): ImageError {
  return new ImageError('BadImage', 'damaged', `raw: ${message}`);
}

function pitch(plane: Plane | undefined, side: 'width' | 'height'): number {
  return plane === undefined ? 1 : plane.extent[side] / plane[side];
}

function packed({ data, width, height, stride }: Plane): Uint8Array {
  const rows = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    rows.set(data.subarray(y * stride, y * stride + width), y * width);
  }
  return rows;
}
