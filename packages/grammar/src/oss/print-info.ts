/**
 * The body of `image/info`: one member a field, each an object with one string `value`, keys sorted.
 * Width and height are the stored ones, before orientation.
 * @module
 */

import type { ImageFormat, ImageHeader, InfoMembers } from '@safelight/core';

/** What the answer tells: a header as a codec reads it, and the size of the file. */
export type InfoFacts = Pick<
  ImageHeader,
  'format' | 'width' | 'height' | 'frames' | 'density' | 'exif'
> & { readonly fileBytes: number };

/**
 * JSON in the byte layout of the service's samples. EXIF members stand beside the others and win
 * where names clash; without them the density of the file's own header is told, or the absence of one
 * as the service does: unit 1, 1/1. The file alone is told without its density and frames, as the old
 * service did.
 */
export function printInfo(facts: InfoFacts, wanted: InfoMembers = 'all'): string {
  const density = facts.density ?? { unit: 0, x: 1, y: 1 };
  const resolution = {
    // EXIF counts units from 1 (none), JFIF from 0.
    ResolutionUnit: String(density.unit + 1),
    XResolution: `${density.x}/1`,
    YResolution: `${density.y}/1`,
  };
  const file = {
    FileSize: String(facts.fileBytes),
    Format: infoFormat(facts.format),
    ImageHeight: String(facts.height),
    ImageWidth: String(facts.width),
  };
  const members: Readonly<Record<string, string>> =
    wanted === 'file'
      ? file
      : wanted === 'exif'
        ? { ...facts.exif }
        : { ...resolution, ...facts.exif, ...file, FrameCount: String(facts.frames) };
  // Sorted by code unit: a locale would order upper and lower case differently on each machine.
  const names = Object.keys(members);
  names.sort();
  const lines = names.map(
    (name) => `  ${JSON.stringify(name)}: {"value": ${JSON.stringify(members[name])}}`,
  );
  return `{\n${lines.join(',\n')}\n}`;
}

function infoFormat(format: ImageFormat): string {
  return format === 'jpeg' ? 'jpg' : format;
}
