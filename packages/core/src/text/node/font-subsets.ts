/**
 * Font packages of the registry come as about a hundred subset files and a style sheet that says
 * which code points each holds. This file reads the sheet and registers only the subsets a text needs.
 * @module
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GlobalFonts } from '@napi-rs/canvas';

/** One subset file and the code points it holds, as inclusive ranges. */
export interface FontSubset {
  readonly file: string;
  readonly ranges: readonly (readonly [first: number, last: number])[];
}

export interface FontFamily {
  /** CSS font families, most wanted first, that together hold the glyphs of `text`. */
  familiesFor(text: string): readonly string[];
}

const FACE = /@font-face\s*\{([^}]*)\}/g;
const SOURCE = /url\(\s*['"]?([^'")]+\.woff2)['"]?\s*\)/;
const RANGES = /unicode-range\s*:\s*([^;}]+)/;

/** Reads the `@font-face` rules of a style sheet; faces without a range hold everything. */
export function parseFontFaces(sheet: string): FontSubset[] {
  const subsets: FontSubset[] = [];
  for (const [, body = ''] of sheet.matchAll(FACE)) {
    const file = SOURCE.exec(body)?.[1];
    if (file === undefined) continue;
    const ranges = RANGES.exec(body)?.[1] ?? 'U+0-10FFFF';
    subsets.push({ file, ranges: ranges.split(',').map(parseRange) });
  }
  return subsets;
}

function parseRange(text: string): readonly [number, number] {
  const [first = '', last = first] = text.trim().replace(/^U\+/i, '').split('-');
  return [
    Number.parseInt(first.replaceAll('?', '0'), 16),
    Number.parseInt(last.replaceAll('?', 'F'), 16),
  ];
}

/**
 * A family from a font package. `alias` keeps its files apart from system fonts of the same name, so
 * that every machine draws with the same outlines.
 */
export function fontPackage(sheetModule: string, alias: string): FontFamily {
  let subsets: readonly FontSubset[] | undefined;
  let folder = '';
  const registered = new Map<FontSubset, string>();

  const familyOf = (subset: FontSubset, index: number): string => {
    let family = registered.get(subset);
    if (family === undefined) {
      family = `safelight-${alias}-${index}`;
      const key = GlobalFonts.registerFromPath(join(folder, subset.file), family);
      if (key === null) throw new Error(`font ${subset.file} of ${sheetModule} does not load`);
      registered.set(subset, family);
    }
    return family;
  };

  return {
    familiesFor(text) {
      if (subsets === undefined) {
        const path = createRequire(import.meta.url).resolve(sheetModule);
        folder = dirname(path);
        subsets = parseFontFaces(readFileSync(path, 'utf8'));
      }
      // Latin first: its metrics then decide the line box, whatever else the text holds.
      const wanted = new Set<string>();
      for (const character of ` A${text}`) {
        const code = character.codePointAt(0) as number;
        const index = subsets.findIndex(({ ranges }) =>
          ranges.some(([first, last]) => code >= first && code <= last),
        );
        const subset = subsets[index];
        if (subset !== undefined) wanted.add(familyOf(subset, index));
      }
      return [...wanted];
    },
  };
}
