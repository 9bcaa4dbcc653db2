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
export type ColoredImage = Pick<GifImage, 'palette' | 'indices' | 'transparentIndex'>;

const NO_COLORS = new Uint8Array(0);

/** The pixels of an image. */
export interface ImagePixels {
  /** Those that must be drawn; 0 is a hole, through which the canvas stays as it is. */
  readonly drawn: Uint32Array;
  /** All of them: what a hole shows. */
  readonly whole: Uint32Array;
  readonly width: number;
  /** Whether to tell of a hole even if there is none to draw, where a colour can be spared for it. */
  readonly wantsHole: boolean;
}

/** The palette of all images that bring none; it takes in colours as long as there is room. */
export interface GlobalPalette {
  /** Red, green, blue of each, to be written when no more images come. */
  readonly colors: Uint8Array;
  /** The same image in these colours, where they are all here or can still join. */
  express(image: ColoredImage): ColoredImage | undefined;
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
function colorByItself(pixels: ImagePixels, dithering: Dithering): ColoredImage {
  const { drawn, width, wantsHole } = pixels;
  const hasHoles = wantsHole || drawn.includes(0);
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
  return { ...indexed, transparentIndex: -1 };
}

/** The hole has a place in the palette too, though its colour is never seen. */
function withHole({ palette, indices }: IndexedPixels): ColoredImage {
  const padded = new Uint8Array(palette.length + 3);
  padded.set(palette);
  return { palette: padded, indices, transparentIndex: palette.length / 3 };
}

/** A hole that is no colour: a canvas has it where it is transparent. */
const HOLE = 0;

export function createGlobalPalette(): GlobalPalette {
  const table = new ColorTable();
  return {
    get colors() {
      return unpackColors(table.found);
    },
    express(image) {
      const colors = colorsOf(image);
      const missing = colors.filter((color) => table.find(color) < 0);
      if (table.found.length + missing.length > MAX_COLORS) return undefined;
      const places = Uint8Array.from(colors, (color) => table.add(color));
      // The next images will leave pixels as they are.
      if (table.found.length < MAX_COLORS) table.add(HOLE);
      const { indices, transparentIndex } = image;
      return {
        palette: NO_COLORS,
        indices: indices.map((index) => places[index]),
        transparentIndex: transparentIndex < 0 ? -1 : places[transparentIndex],
      };
    },
  };
}

function colorsOf({ palette, transparentIndex }: ColoredImage): number[] {
  return Array.from({ length: palette.length / 3 }, (_, i) =>
    i === transparentIndex ? HOLE : packColor(palette, 3 * i),
  );
}

function packColor(palette: Uint8Array, at: number): number {
  return packOpaque(palette[at], palette[at + 1], palette[at + 2]);
}
