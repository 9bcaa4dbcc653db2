/**
 * Text coverage by `@napi-rs/canvas`, with fonts that come from npm packages: the same outlines on a
 * machine without any font.
 * @module
 */

import { createCanvas } from '@napi-rs/canvas';
import { createLineRasterizer } from '../draw-line.ts';
import type { TextRasterizer } from '../rasterizer.ts';
import { type FontFamily, fontPackage } from './font-subsets.ts';

/** Open fonts by style: a dialect maps its own font names to these. */
const PACKAGES: Readonly<Record<string, readonly [sheet: string, alias: string]>> = {
  sans: ['@fontsource-variable/noto-sans-sc/index.css', 'sans'],
  serif: ['@fontsource-variable/noto-serif-sc/index.css', 'serif'],
  kai: ['lxgw-wenkai-lite-webfont/lxgwwenkailite-regular.css', 'kai'],
};

/** Rasterises with the fonts `sans`, `serif` and `kai`. Font files are read when first needed. */
export function createCanvasTextRasterizer(): TextRasterizer {
  const families = new Map<string, FontFamily>();
  for (const [name, [sheet, alias]] of Object.entries(PACKAGES)) {
    families.set(name, fontPackage(sheet, alias));
  }
  return createLineRasterizer({
    fonts: [...families.keys()],
    familiesFor(font, text) {
      const names = families.get(font)?.familiesFor(text) ?? [];
      return names.map((name) => `"${name}"`).join(', ');
    },
    createContext: (width, height) => createCanvas(width, height).getContext('2d'),
  });
}
