/**
 * BMP of 24 bits, and of 32 with masks where there is alpha. Rows are padded to four bytes and stand
 * bottom up, which every reader knows.
 * @module
 */

import { assert, type Raster } from '@safelight/core';
import { iccFits } from '../icc.ts';

const FILE_HEADER_BYTES = 14;
const INFO_HEADER_BYTES = 40;
const V5_HEADER_BYTES = 124;
/** 'sRGB' and 'MBED' of bV5CSType. */
const SRGB = 0x7352_4742;
const EMBEDDED = 0x4d42_4544;
/** LCS_GM_IMAGES: perceptual, the customary intent of pictures. */
const INTENT_PICTURES = 4;
const BITFIELDS = 3;

/** Writes a raster of model `rgb`, one sample a pixel. */
export function encodeBmp(raster: Raster): Uint8Array {
  const { width, height, model, planes, alpha, metadata } = raster;
  assert(model === 'rgb', 'BMP is written as RGB');
  for (const plane of planes) {
    assert(plane.width === width && plane.height === height, 'BMP has one sample a pixel');
  }
  const icc = metadata.icc !== undefined && iccFits(metadata.icc, 'rgb') ? metadata.icc : undefined;
  const pixelBytes = alpha === undefined ? 3 : 4;
  const headerBytes =
    alpha === undefined && icc === undefined ? INFO_HEADER_BYTES : V5_HEADER_BYTES;
  const rowBytes = 4 * Math.ceil((width * pixelBytes) / 4);
  const pixelsAt = FILE_HEADER_BYTES + headerBytes;
  const profileAt = pixelsAt + rowBytes * height;
  const file = new Uint8Array(profileAt + (icc?.length ?? 0));
  const view = new DataView(file.buffer);
  view.setUint16(0, 0x424d);
  view.setUint32(2, file.length, true);
  view.setUint32(10, pixelsAt, true);
  writeInfo(view, raster, { headerBytes, pixelBytes, dataBytes: rowBytes * height });
  if (icc !== undefined) {
    view.setUint32(FILE_HEADER_BYTES + 56, EMBEDDED, true);
    view.setUint32(FILE_HEADER_BYTES + 112, profileAt - FILE_HEADER_BYTES, true);
    view.setUint32(FILE_HEADER_BYTES + 116, icc.length, true);
    file.set(icc, profileAt);
  }
  writePixels(file, pixelsAt, rowBytes, raster);
  return file;
}

interface Layout {
  readonly headerBytes: number;
  readonly pixelBytes: number;
  readonly dataBytes: number;
}

function writeInfo(view: DataView, { width, height, metadata }: Raster, layout: Layout): void {
  const at = FILE_HEADER_BYTES;
  const { density } = metadata;
  view.setUint32(at, layout.headerBytes, true);
  view.setInt32(at + 4, width, true);
  view.setInt32(at + 8, height, true);
  view.setUint16(at + 12, 1, true);
  view.setUint16(at + 14, 8 * layout.pixelBytes, true);
  view.setUint32(at + 16, layout.pixelBytes === 4 ? BITFIELDS : 0, true);
  view.setUint32(at + 20, layout.dataBytes, true);
  if (density !== undefined && density.unit !== 0) {
    const perMetre = density.unit === 1 ? 1 / 0.0254 : 100;
    view.setInt32(at + 24, Math.round(density.x * perMetre), true);
    view.setInt32(at + 28, Math.round(density.y * perMetre), true);
  }
  if (layout.headerBytes !== V5_HEADER_BYTES) return;
  if (layout.pixelBytes === 4) {
    for (const [index, mask] of [0xff_0000, 0xff00, 0xff, 0xff00_0000].entries()) {
      view.setUint32(at + 40 + 4 * index, mask, true);
    }
  }
  view.setUint32(at + 56, SRGB, true);
  view.setUint32(at + 108, INTENT_PICTURES, true);
}

function writePixels(file: Uint8Array, start: number, rowBytes: number, raster: Raster): void {
  const { width, height, planes, alpha } = raster;
  const [red, green, blue] = planes;
  const step = alpha === undefined ? 3 : 4;
  for (let y = 0; y < height; y++) {
    let to = start + (height - 1 - y) * rowBytes;
    for (let x = 0; x < width; x++, to += step) {
      file[to] = blue.data[y * blue.stride + x];
      file[to + 1] = green.data[y * green.stride + x];
      file[to + 2] = red.data[y * red.stride + x];
      if (alpha !== undefined) file[to + 3] = alpha.data[y * alpha.stride + x];
    }
  }
}
