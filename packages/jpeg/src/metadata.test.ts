/**
 * Metadata of files written here and by sharp; profiles in pieces, in and out of order.
 * @module
 */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';

import { concat, GREY, makeFile, segmentsOf, YCC_420 } from '../test/decode/files.ts';
import { readJpegMetadata } from './metadata.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

function segment(code: number, ...payload: readonly Uint8Array[]): Uint8Array {
  const body = concat(payload);
  const length = body.length + 2;
  return concat([Uint8Array.of(0xff, code, length >> 8, length & 255), body]);
}

/** A file of ours without its own JFIF segment, and with these after SOI. */
function withSegments(...head: readonly Uint8Array[]): Uint8Array {
  const parts = segmentsOf(makeFile(16, 16, { samplings: YCC_420, qualityPercent: 77 }))
    .filter(({ code }) => code !== 0xe0)
    .map(({ bytes }) => bytes);
  return concat([parts[0], ...head, ...parts.slice(1)]);
}

describe('the metadata of a JPEG', () => {
  it('is little for a bare file', () => {
    expect(readJpegMetadata(withSegments())).toEqual({
      exif: undefined,
      icc: undefined,
      hasXmp: false,
      density: undefined,
      qualityPercent: 77,
    });
  });

  it('agrees with sharp', async () => {
    const bytes = await sharp({
      create: { width: 20, height: 10, channels: 3, background: '#369' },
    })
      .withIccProfile('p3')
      .withExif({ IFD0: { Software: 'a test' } })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')
      .jpeg({ quality: 61 })
      .toBuffer();
    const expected = await sharp(bytes).metadata();
    const { exif, icc, hasXmp, qualityPercent } = readJpegMetadata(bytes);
    expect(Buffer.from(icc ?? [])).toEqual(expected.icc);
    // sharp gives the segment's name as well.
    expect(Buffer.from(exif ?? [])).toEqual(expected.exif?.subarray(6));
    expect(hasXmp).toBe(true);
    expect(qualityPercent).toBe(61);
  });

  it.each([5, 50, 90, 100])('has the quality %i it was written with', (qualityPercent) => {
    for (const samplings of [GREY, YCC_420]) {
      const file = makeFile(8, 8, { samplings, qualityPercent });
      expect(readJpegMetadata(file).qualityPercent).toBe(qualityPercent);
    }
  });

  it('takes the first of two, and what stands before the scans', () => {
    const exif = (text: string) => segment(0xe1, ascii(`Exif\0\0${text}`));
    const file = withSegments(exif('first'), exif('second'));
    expect(readJpegMetadata(file).exif).toEqual(ascii('first'));
    const end = file.length - 2;
    const late = concat([file.subarray(0, end), exif('late'), file.subarray(end)]);
    expect(readJpegMetadata(late).exif).toEqual(ascii('first'));
  });

  it('takes no density of zero or of an unknown unit', () => {
    const jfif = (...tail: number[]) =>
      segment(0xe0, ascii('JFIF\0'), Uint8Array.of(1, 1, ...tail, 0, 0));
    expect(readJpegMetadata(withSegments(jfif(2, 0, 118, 1, 0))).density).toEqual({
      unit: 2,
      x: 118,
      y: 256,
    });
    expect(readJpegMetadata(withSegments(jfif(1, 0, 0, 0, 72))).density).toBeUndefined();
    expect(readJpegMetadata(withSegments(jfif(3, 0, 72, 0, 72))).density).toBeUndefined();
  });

  it('does not take every APP1 for XMP', () => {
    const xmp = segment(0xe1, ascii('http://ns.adobe.com/xap/1.0/\0<x/>'));
    expect(readJpegMetadata(withSegments(xmp)).hasXmp).toBe(true);
    expect(readJpegMetadata(withSegments(segment(0xe1, ascii('http://')))).hasXmp).toBe(false);
  });

  it('is refused of other bytes', () => {
    expect(() => readJpegMetadata(ascii('GIF89a'))).toThrow('expected SOI');
  });
});

describe('a profile in pieces', () => {
  const profile = Uint8Array.from({ length: 500 }, (_, i) => (i * 7) & 255);
  const piece = (number: number, count: number, from: number, to: number) =>
    segment(0xe2, ascii('ICC_PROFILE\0'), Uint8Array.of(number, count), profile.subarray(from, to));

  it.each([
    ['in one', [piece(1, 1, 0, 500)]],
    ['in order', [piece(1, 3, 0, 100), piece(2, 3, 100, 400), piece(3, 3, 400, 500)]],
    ['out of order', [piece(3, 3, 400, 500), piece(1, 3, 0, 100), piece(2, 3, 100, 400)]],
  ])('is joined: %s', (_, pieces) => {
    expect(readJpegMetadata(withSegments(...pieces)).icc).toEqual(profile);
  });

  it.each([
    ['one is missing', [piece(1, 2, 0, 250)]],
    ['one comes twice', [piece(1, 2, 0, 250), piece(1, 2, 250, 500)]],
    ['the counts differ', [piece(1, 2, 0, 250), piece(2, 3, 250, 500)]],
    ['they count from 0', [piece(0, 2, 0, 250), piece(1, 2, 250, 500)]],
    ['it is shorter than a header', [piece(1, 1, 0, 100)]],
  ])('is none when %s', (_, pieces) => {
    expect(readJpegMetadata(withSegments(...pieces)).icc).toBeUndefined();
  });
});
