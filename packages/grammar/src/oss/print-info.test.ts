/**
 * The byte layout of `image/info`.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { printInfo } from './print-info.ts';

const example = { format: 'jpeg', width: 400, height: 267, frames: 1, fileBytes: 21_839 } as const;

describe('printInfo', () => {
  it("prints the service's sample to the byte", () => {
    expect(printInfo({ ...example, density: { unit: 0, x: 1, y: 1 } })).toBe(
      `{
  "FileSize": {"value": "21839"},
  "Format": {"value": "jpg"},
  "FrameCount": {"value": "1"},
  "ImageHeight": {"value": "267"},
  "ImageWidth": {"value": "400"},
  "ResolutionUnit": {"value": "1"},
  "XResolution": {"value": "1/1"},
  "YResolution": {"value": "1/1"}
}`,
    );
  });

  it('tells the same of a file without density', () => {
    expect(printInfo(example)).toBe(printInfo({ ...example, density: { unit: 0, x: 1, y: 1 } }));
  });

  it('counts the units of density as EXIF does', () => {
    const parsed = JSON.parse(printInfo({ ...example, density: { unit: 1, x: 72, y: 96 } }));
    expect(parsed.ResolutionUnit).toEqual({ value: '2' });
    expect([parsed.XResolution, parsed.YResolution]).toEqual([
      { value: '72/1' },
      { value: '96/1' },
    ]);
  });

  it('merges EXIF into the same order, over density, under the facts of the file', () => {
    const text = printInfo({
      ...example,
      density: { unit: 1, x: 72, y: 72 },
      exif: { DateTime: '2015:02:11', XResolution: '96/1', Format: 'lie', Software: 'a "b"\n' },
    });
    const parsed = JSON.parse(text) as Record<string, { value: string }>;
    const names = Object.keys(parsed);
    expect(names).toEqual(names.toSorted());
    expect(parsed['XResolution']).toEqual({ value: '96/1' });
    expect(parsed['Format']).toEqual({ value: 'jpg' });
    expect(parsed['Software']).toEqual({ value: 'a "b"\n' });
  });
});
