/**
 * BMP files put together header by header, right or wrong.
 * @module
 */

export interface BmpParts {
  readonly width: number;
  /** Negative: top down. */
  readonly height: number;
  readonly bitCount: number;
  /** Of the info header. @default 40 */
  readonly headerBytes?: number;
  readonly compression?: number;
  readonly planes?: number;
  readonly colorsUsed?: number;
  /** Behind a header of 40 bytes, inside a longer one. */
  readonly masks?: readonly number[];
  /** As stored: blue, green, red, and a fourth byte but in a header of 12. */
  readonly palette?: readonly number[];
  /** Offset of the pixels. @default right behind the palette */
  readonly pixelsAt?: number;
  readonly pixels: readonly number[];
}

export function bmp(parts: BmpParts): Uint8Array {
  const { headerBytes = 40, masks = [], palette = [], pixels } = parts;
  const maskEnd = masks.length === 0 ? 0 : 54 + 4 * masks.length;
  const paletteAt = Math.max(14 + headerBytes, maskEnd);
  const pixelsAt = parts.pixelsAt ?? paletteAt + palette.length;
  const file = new Uint8Array(Math.max(paletteAt + palette.length, pixelsAt) + pixels.length);
  const view = new DataView(file.buffer);
  view.setUint16(0, 0x424d);
  view.setUint32(2, file.length, true);
  view.setUint32(10, pixelsAt, true);
  view.setUint32(14, headerBytes, true);
  if (headerBytes === 12) {
    view.setUint16(18, parts.width, true);
    view.setUint16(20, parts.height, true);
    view.setUint16(22, parts.planes ?? 1, true);
    view.setUint16(24, parts.bitCount, true);
  } else {
    view.setInt32(18, parts.width, true);
    view.setInt32(22, parts.height, true);
    view.setUint16(26, parts.planes ?? 1, true);
    view.setUint16(28, parts.bitCount, true);
    if (headerBytes >= 40) {
      view.setUint32(30, parts.compression ?? 0, true);
      view.setUint32(46, parts.colorsUsed ?? 0, true);
    }
  }
  for (const [index, mask] of masks.entries()) view.setUint32(54 + 4 * index, mask, true);
  file.set(palette, paletteAt);
  file.set(pixels, pixelsAt);
  return file;
}
