/**
 * What `info` tells of EXIF, tag by tag, against another reader on every JPEG of the corpus. Names and
 * the printing of coordinates are ours; values must be the same.
 * @module
 */

import { GENEROUS_LIMITS, isImageError } from '@safelight/core';
import { corpusFolder } from '@safelight/testkit';
import { load } from 'exifreader';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createJpegCodec, sniffFormat } from '../../src/index.ts';

const corpus = corpusFolder();
const codec = createJpegCodec();
const FOLDERS = ['photos', 'orientation', 'jpeg-odd'];

/** Tags that the other reader decodes instead of telling, or that we leave out for their length. */
const APART: ReadonlySet<string> = new Set(['MakerNote', 'UserComment', 'GPSProcessingMethod']);

interface Tag {
  readonly value: unknown;
}

/** A value of the other reader in the words of ours: rationals `n/d`, arrays with blanks between. */
function printed(value: unknown): string {
  if (Array.isArray(value)) {
    const isRational = value.length === 2 && value.every((part) => typeof part === 'number');
    return isRational ? value.join('/') : value.map(printed).join(' ');
  }
  return String(value);
}

/** Whether two texts say the same numbers, or the same words but for what ends them. */
function sameText(ours: string, theirs: string): boolean {
  const plain = (text: string): string => text.replaceAll('/', ' ').replaceAll('\0', '').trim();
  return plain(ours) === plain(theirs);
}

function filesOf(folder: string): string[] {
  return readdirSync(join(corpus ?? '', folder))
    .toSorted()
    .filter((name) => /\.jpe?g$/i.test(name));
}

/** Nothing for files that are refused: 12 bits, arithmetic and lossless coding, damaged ones. */
function exifOf(bytes: Uint8Array): Readonly<Record<string, string>> {
  try {
    return codec.readHeader(bytes, GENEROUS_LIMITS).exif ?? {};
  } catch (error) {
    if (isImageError(error)) return {};
    throw error;
  }
}

/** How many values were compared, and those that differ. */
function compare(bytes: Uint8Array): { readonly same: number; readonly different: string[] } {
  const exif = exifOf(bytes);
  if (Object.keys(exif).length === 0) return { same: 0, different: [] };
  const groups = load(Buffer.from(bytes), { expanded: true }) as unknown as Readonly<
    Record<string, Readonly<Record<string, Tag>> | undefined>
  >;
  let same = 0;
  const different: string[] = [];
  for (const [name, text] of Object.entries(exif)) {
    if (APART.has(name) || /Ref$|^GPS(?:Dest)?(?:Latitude|Longitude)$/.test(name)) continue;
    // The directory of the thumbnail comes last and wins, as in ours.
    const found = [groups['Thumbnail'], groups['exif']]
      .map((tags) => tags?.[name]?.value)
      .find((value) => value !== undefined);
    if (found === undefined) continue;
    if (sameText(text, printed(found))) same++;
    else different.push(`${name}: ${text} | ${printed(found)}`);
  }
  return { same, different };
}

/** Degrees of a coordinate as it is printed: `40deg 26' 46.302" `. */
function degreesOf(text: string): number {
  const [degrees = 0, minutes = 0, seconds = 0] = text.split(/[^0-9.]+/).map(Number);
  return degrees + minutes / 60 + seconds / 3_600;
}

/** How many coordinates were found the same. */
function checkCoordinates(bytes: Uint8Array, name: string): number {
  const exif = exifOf(bytes);
  if (exif['GPSLatitude'] === undefined) return 0;
  const { gps } = load(Buffer.from(bytes), { expanded: true });
  let count = 0;
  for (const axis of ['Latitude', 'Longitude'] as const) {
    const [ours, theirs] = [exif[`GPS${axis}`], gps?.[axis]];
    // A file without a position has 0/0 for each part, which the other reader divides.
    if (ours === undefined || theirs === undefined || Number.isNaN(theirs)) continue;
    expect(Math.abs(degreesOf(ours) - Math.abs(theirs)), name).toBeLessThan(1e-6);
    expect(exif[`GPS${axis}Ref`], name).toMatch(/^(?:North|South|East|West)$/);
    count++;
  }
  return count;
}

describe.skipIf(corpus === undefined)('EXIF of the corpus (needs SAFELIGHT_CORPUS)', () => {
  it('has the values that another reader finds', () => {
    let files = 0;
    let compared = 0;
    let coordinates = 0;
    for (const folder of FOLDERS) {
      for (const name of filesOf(folder)) {
        const bytes = new Uint8Array(readFileSync(join(corpus ?? '', folder, name)));
        if (sniffFormat(bytes) !== 'jpeg') continue;
        const { same, different } = compare(bytes);
        expect(different, `${folder}/${name}`).toEqual([]);
        if (same > 0) files++;
        compared += same;
        coordinates += checkCoordinates(bytes, `${folder}/${name}`);
      }
    }
    expect({ files, compared, coordinates }).toEqual({ files: 50, compared: 961, coordinates: 6 });
  });
});
