/**
 * Text coverage by the `OffscreenCanvas` of browsers, in pages and workers. Easily got wrong: a canvas
 * never waits for a font, so one that is not loaded is silently another.
 * @module
 */

import { createLineRasterizer } from '../draw-line.ts';
import type { TextRasterizer } from '../rasterizer.ts';

export type { TextCoverage, TextRasterizer, TextRequest } from '../rasterizer.ts';

/** CSS font families by the name that a dialect maps its own font names to. */
export type FontFamilies = Readonly<Record<string, string>>;

/** What the page or its system has. */
const PAGE_FAMILIES: FontFamilies = {
  sans: '"Noto Sans SC", sans-serif',
  serif: '"Noto Serif SC", serif',
  kai: '"LXGW WenKai Lite", KaiTi, STKaiti, serif',
};

/**
 * Rasterises with the fonts that `families` names, by default `sans`, `serif` and `kai` of the page or
 * its system; web fonts among them must have been loaded. Glyphs of no font are the browser's choice.
 */
export function createCanvasTextRasterizer(families: FontFamilies = PAGE_FAMILIES): TextRasterizer {
  return createLineRasterizer({
    fonts: Object.keys(families),
    familiesFor: (font) => families[font] as string,
    createContext(width, height) {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (context === null) throw new Error(`canvas: expected ${width}x${height}, got no context`);
      return context;
    },
  });
}

/**
 * Loads a font file for each name and puts it before the families the page has for it, for this page
 * or worker alone. Rejects when a file is not there or is no font.
 */
export async function loadFonts(
  files: Readonly<Record<string, string | URL>>,
): Promise<FontFamilies> {
  const loaded = Object.entries(files).map(async ([name, url]) => {
    const family = `safelight-${name}`;
    const face = await new FontFace(family, `url(${JSON.stringify(String(url))})`).load();
    loadedFonts().add(face);
    return [name, `"${family}", ${PAGE_FAMILIES[name] ?? 'sans-serif'}`] as const;
  });
  return { ...PAGE_FAMILIES, ...Object.fromEntries(await Promise.all(loaded)) };
}

/** Workers have fonts of their own, a page those of its document. */
function loadedFonts(): FontFaceSet {
  const { document } = globalThis as { readonly document?: { readonly fonts: FontFaceSet } };
  return document?.fonts ?? self.fonts;
}
