/**
 * Which palette an image of a GIF gets: the file's, which costs nothing, or one of its own; exact
 * where 256 colours suffice, and made up only where they do not.
 * @module
 */

import { ColorTable, MAX_COLORS } from '../palette/color-table.ts';
import type { Dithering } from '../palette/dither.ts';
import { type IndexedPixels, indexExactly, quantise, unpackColors } from '../palette/quantise.ts';
import type { GifImage } from './blocks.ts';
import { packOpaque } from './canvas.ts';

/** What an image block takes of colours. */
export type ColoredImage = Pick<
  GifImage,
  'palette' | 'indices' | 'transparentIndex' | 'usesGlobal'
>;

/** The pixels of an image. */
export interface ImagePixels {
  /** Those that must be drawn; 0 is a hole, through which the canvas stays as it is. */
  readonly drawn: Uint32Array;
  /** All of them: what a hole shows. */
  readonly whole: Uint32Array;
  readonly width: number;
}

/** The palette of all images that bring none. */
export interface GlobalPalette {
  /** Red, green, blue of each. */
  readonly colors: Uint8Array;
  /** Places, one for a hole among them where 256 suffice. */
  readonly size: number;
  /** The same image in these colours, where they are all here. */
  express(image: IndexedPixels & Pick<ColoredImage, 'transparentIndex'>): ColoredImage | undefined;
}

/** In the file's colours when they suffice, if need be without holes. */
export function colorImage(
  pixels: ImagePixels,
  dithering: Dithering,
  global: GlobalPalette,
): ColoredImage {
  const own = colorByItself(pixels, dithering);
  const shared = global.express(own);
  if (shared !== undefined || own.transparentIndex < 0) return shared ?? own;
  const filled = fill(pixels);
  return (filled && global.express(filled)) ?? own;
}

/** In colours of its own. A hole is left out where it would be one colour too many. */
export function colorByItself(pixels: ImagePixels, dithering: Dithering): ColoredImage {
  const { drawn, width } = pixels;
  const hasHoles = drawn.includes(0);
  const most = hasHoles ? MAX_COLORS - 1 : MAX_COLORS;
  const exact = indexExactly(drawn, most);
  const filled = exact === undefined && hasHoles ? fill(pixels) : undefined;
  if (filled !== undefined) return filled;
  const indexed = exact ?? quantise(drawn, { most, width, dithering });
  return hasHoles ? withHole(indexed) : opaque(indexed);
}

/** All pixels, in their own colours; nothing where one is transparent or colours are too many. */
function fill({ whole }: ImagePixels): ColoredImage | undefined {
  if (whole.includes(0)) return undefined;
  const indexed = indexExactly(whole, MAX_COLORS);
  return indexed && opaque(indexed);
}

function opaque(indexed: IndexedPixels): ColoredImage {
  return { ...indexed, transparentIndex: -1, usesGlobal: false };
}

/** The hole has a place in the palette too, though its colour is never seen. */
function withHole({ palette, indices }: IndexedPixels): ColoredImage {
  const padded = new Uint8Array(palette.length + 3);
  padded.set(palette);
  return { palette: padded, indices, transparentIndex: palette.length / 3, usesGlobal: false };
}

/**
 * The palette of a file whose first image this is. It is the source's (RGBA quadruples), where that
 * has all of the image's colours, for then it likely has those of others too; else just those.
 */
export function createGlobalPalette(
  first: ColoredImage,
  source: Uint8Array | undefined,
): GlobalPalette {
  const own = ownColors(first);
  const known = new ColorTable();
  for (let at = 0; source !== undefined && at < source.length; at += 4) {
    if (source[at + 3] === 255) known.add(packColor(source, at));
  }
  const isKnown = own.every((color) => known.find(color) >= 0);
  const table = isKnown ? known : new ColorTable();
  if (!isKnown) for (const color of own) table.add(color);
  const size = Math.min(MAX_COLORS, table.found.length + 1);
  return {
    colors: unpackColors(table.found),
    size,
    express(image) {
      const { palette, indices, transparentIndex } = image;
      const places = new Uint8Array(MAX_COLORS);
      for (let i = 0; 3 * i < palette.length; i++) {
        const isHole = i === transparentIndex;
        const place = isHole ? table.found.length : table.find(packColor(palette, 3 * i));
        if (place < 0 || place >= size) return undefined;
        places[i] = place;
      }
      return {
        palette,
        indices: indices.map((index) => places[index]),
        transparentIndex: transparentIndex < 0 ? -1 : places[transparentIndex],
        usesGlobal: true,
      };
    },
  };
}

function ownColors({ palette, transparentIndex }: ColoredImage): number[] {
  const count = transparentIndex < 0 ? palette.length / 3 : transparentIndex;
  return Array.from({ length: count }, (_, i) => packColor(palette, 3 * i));
}

function packColor(palette: Uint8Array, at: number): number {
  return packOpaque(palette[at], palette[at + 1], palette[at + 2]);
}
