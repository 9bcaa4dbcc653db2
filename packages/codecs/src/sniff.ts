/**
 * Which format bytes are in, told from their content alone: names and media types lie. Formats that
 * no codec reads are known too, so that a refusal can name them. SVG is text and never recognised.
 * @module
 */

import type { ImageFormat } from '@safelight/core';

/** Bytes that `sniffFormat` wants to see; fewer are allowed. */
export const SNIFF_BYTES = 64;

const AVIF_BRANDS: ReadonlySet<string> = new Set(['avif', 'avis']);
const HEIC_BRANDS: ReadonlySet<string> = new Set([
  'heic',
  'heix',
  'hevc',
  'hevx',
  'heim',
  'heis',
  'mif1',
  'msf1',
]);

/** The format that begins like `head` (the first 64 bytes or all there are), or nothing. */
export function sniffFormat(head: Uint8Array): ImageFormat | undefined {
  if (isJpeg(head)) return 'jpeg';
  if (isPng(head)) return 'png';
  const text = asciiOf(head.subarray(0, SNIFF_BYTES));
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'gif';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp';
  if (text.startsWith('BM')) return 'bmp';
  if (text.startsWith('II*\0') || text.startsWith('MM\0*')) return 'tiff';
  // BigTIFF.
  if (text.startsWith('II+\0') || text.startsWith('MM\0+')) return 'tiff';
  return isoMediaFormat(head, text);
}

/** SOI and the first byte of a marker (ITU-T T.81, B.1.1). */
export function isJpeg(head: Uint8Array): boolean {
  return head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff;
}

/** PNG, 5.2: the eight bytes that no text conversion leaves unharmed. */
export function isPng(head: Uint8Array): boolean {
  return (
    head.length >= PNG_SIGNATURE.length &&
    PNG_SIGNATURE.every((byte, index) => head[index] === byte)
  );
}

export const PNG_SIGNATURE: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** ISO/IEC 14496-12, 4.3: a `ftyp` box with its major brand and the brands it is compatible with. */
function isoMediaFormat(head: Uint8Array, text: string): ImageFormat | undefined {
  if (text.slice(4, 8) !== 'ftyp') return undefined;
  const boxBytes = head[2] * 256 + head[3];
  const brands: string[] = [text.slice(8, 12)];
  for (let at = 16; at + 4 <= Math.min(boxBytes, text.length); at += 4) {
    brands.push(text.slice(at, at + 4));
  }
  // `mif1` is the brand of every HEIF picture, so an AVIF brand decides wherever it stands.
  if (brands.some((brand) => AVIF_BRANDS.has(brand))) return 'avif';
  if (brands.some((brand) => HEIC_BRANDS.has(brand))) return 'heic';
  return undefined;
}

function asciiOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
