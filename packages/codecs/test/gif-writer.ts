/**
 * GIF files put together block by block, right or wrong. Codes are written without compression: a
 * clear code before the table would make them longer.
 * @module
 */

export interface GifFrameParts {
  readonly left?: number;
  readonly top?: number;
  readonly width: number;
  readonly height: number;
  readonly isInterlaced?: boolean;
  readonly transparentIndex?: number;
  /** In hundredths of a second; written with the disposal, or a transparent index, or not at all. */
  readonly delayCs?: number;
  /** As the format numbers it. */
  readonly disposal?: number;
  readonly palette?: readonly number[];
  /** Bits of an index. @default 2 */
  readonly codeBits?: number;
  readonly indices: readonly number[];
}

const word = (value: number): number[] => [value & 0xff, value >> 8];

/** A file with a canvas and a palette of 2, 4, ... colours (or none). */
export function gif(
  width: number,
  height: number,
  palette: readonly number[],
  ...blocks: readonly (readonly number[])[]
): Uint8Array {
  const head = [...new TextEncoder().encode('GIF89a'), ...word(width), ...word(height)];
  return Uint8Array.from([
    ...head,
    paletteFlags(palette),
    0,
    0,
    ...palette,
    ...blocks.flat(),
    0x3b,
  ]);
}

function paletteFlags(palette: readonly number[]): number {
  return palette.length === 0 ? 0 : 0x80 | (Math.log2(palette.length / 3) - 1);
}

export function frame(parts: GifFrameParts): number[] {
  const { left = 0, top = 0, width, height, palette = [], codeBits = 2, indices } = parts;
  const flags = paletteFlags(palette) | (parts.isInterlaced === true ? 0x40 : 0);
  return [
    ...controlOf(parts),
    0x2c,
    ...[left, top, width, height].flatMap(word),
    flags,
    ...palette,
    codeBits,
    ...subBlocks(plainCodes(indices, codeBits)),
  ];
}

export function control(transparentIndex: number): number[] {
  return controlOf({ transparentIndex });
}

function controlOf(parts: Partial<GifFrameParts>): number[] {
  const { transparentIndex, delayCs, disposal = 0 } = parts;
  if (transparentIndex === undefined && delayCs === undefined && disposal === 0) return [];
  const flags = (disposal << 2) | (transparentIndex === undefined ? 0 : 1);
  return [0x21, 0xf9, 4, flags, ...word(delayCs ?? 0), transparentIndex ?? 0, 0];
}

/** An application extension that says how often frames are repeated. */
export function loop(repetitions: number, name = 'NETSCAPE2.0'): number[] {
  const letters = [...new TextEncoder().encode(name)];
  return [0x21, 0xff, letters.length, ...letters, 3, 1, ...word(repetitions), 0];
}

export function subBlocks(bytes: readonly number[]): number[] {
  const blocks: number[] = [];
  for (let at = 0; at < bytes.length; at += 255) {
    const part = bytes.slice(at, at + 255);
    blocks.push(part.length, ...part);
  }
  return [...blocks, 0];
}

/** Each index as a code of its own, the table cleared before codes get longer. */
function plainCodes(indices: readonly number[], codeBits: number): number[] {
  const clear = 2 ** codeBits;
  const codes = indices.flatMap((index, place) =>
    place % Math.max(1, clear - 2) === 0 ? [clear, index] : [index],
  );
  return packCodes([...codes, clear + 1], codeBits + 1);
}

export function packCodes(codes: readonly number[], bits: number): number[] {
  const bytes = new Uint8Array(Math.ceil((codes.length * bits) / 8));
  for (const [place, code] of codes.entries()) {
    for (let bit = 0; bit < bits; bit++) {
      const at = place * bits + bit;
      bytes[at >> 3] |= ((code >> bit) & 1) << (at & 7);
    }
  }
  return [...bytes];
}
