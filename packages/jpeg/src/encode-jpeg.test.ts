/**
 * The file around the scans, and every range of the options inside and outside.
 * @module
 */
import { describe, expect, it } from 'vitest';
import { readJpeg } from '../test/jpeg-reader.ts';
import { encodeJpeg } from './encode-jpeg.ts';
import type { JpegComponent, JpegEncodeOptions } from './options.ts';

const GREY: JpegComponent = {
  data: new Uint8Array(64).fill(200),
  width: 8,
  height: 8,
  stride: 8,
  horizontalSampling: 1,
  verticalSampling: 1,
};
const OPTIONS: JpegEncodeOptions = {
  width: 8,
  height: 8,
  components: [GREY],
  qualityPercent: 75,
};

function segmentsOf(options: JpegEncodeOptions): { marker: number; body: number[] }[] {
  return readJpeg(encodeJpeg(options)).segments.map(({ marker, body }) => ({
    marker,
    body: [...body],
  }));
}

function textOf(bytes: readonly number[]): string {
  return String.fromCharCode(...bytes);
}

describe('the header', () => {
  it('is SOI, JFIF 1.01, tables, frame and scan, in libjpeg order', () => {
    const markers = segmentsOf(OPTIONS).map(({ marker }) => marker);
    expect(markers).toEqual([0xe0, 0xdb, 0xc0, 0xc4, 0xc4, 0xda]);
    const [jfif] = segmentsOf(OPTIONS);
    expect(textOf(jfif.body.slice(0, 5))).toBe('JFIF\0');
    expect(jfif.body.slice(5)).toEqual([1, 1, 0, 0, 1, 0, 1, 0, 0]);
  });

  it('has two tables of each kind for colour', () => {
    const markers = segmentsOf({ ...OPTIONS, components: [GREY, GREY, GREY] }).map((s) => s.marker);
    expect(markers).toEqual([0xe0, 0xdb, 0xdb, 0xc0, 0xc4, 0xc4, 0xc4, 0xc4, 0xda]);
  });

  it('says SOF2 when progressive', () => {
    const markers = segmentsOf({ ...OPTIONS, progressive: true }).map(({ marker }) => marker);
    expect(markers).toContain(0xc2);
    expect(markers).not.toContain(0xc0);
  });

  it('carries the density', () => {
    const [jfif] = segmentsOf({ ...OPTIONS, density: { unit: 1, x: 300, y: 72 } });
    expect(jfif.body.slice(7, 12)).toEqual([1, 1, 44, 0, 72]);
  });

  it('carries EXIF behind its signature', () => {
    const exif = Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 0);
    const segment = segmentsOf({ ...OPTIONS, exif })[1];
    expect(segment.marker).toBe(0xe1);
    expect(textOf(segment.body.slice(0, 6))).toBe('Exif\0\0');
    expect(segment.body.slice(6)).toEqual([...exif]);
  });

  it('splits a profile into numbered chunks that join to the same bytes', () => {
    const icc = Uint8Array.from({ length: 150_000 }, (_, i) => (i * 31) >> 3);
    const chunks = segmentsOf({ ...OPTIONS, icc }).filter(({ marker }) => marker === 0xe2);
    expect(chunks.map(({ body }) => textOf(body.slice(0, 12)))).toEqual(
      Array.from({ length: 3 }, () => 'ICC_PROFILE\0'),
    );
    expect(chunks.map(({ body }) => body.slice(12, 14))).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    const joined = chunks.flatMap(({ body }) => body.slice(14));
    expect(Uint8Array.from(joined)).toEqual(icc);
  });

  it('announces the restart interval', () => {
    const dri = segmentsOf({ ...OPTIONS, restartInterval: 300 }).find((s) => s.marker === 0xdd);
    expect(dri?.body).toEqual([1, 44]);
  });
});

describe('scans', () => {
  it('are ten for progressive colour and six for grey', () => {
    const colour = { ...OPTIONS, components: [GREY, GREY, GREY], progressive: true };
    expect(readJpeg(encodeJpeg(colour)).scans.length).toBe(10);
    expect(readJpeg(encodeJpeg({ ...OPTIONS, progressive: true })).scans.length).toBe(6);
  });

  it('are one a component when an MCU would hold more than ten blocks', () => {
    const large = { ...GREY, horizontalSampling: 4, verticalSampling: 4 } as const;
    const components = [large, GREY, GREY];
    expect(readJpeg(encodeJpeg({ ...OPTIONS, components })).scans.length).toBe(3);
  });
});

describe('options', () => {
  it.each<[string, Partial<Record<keyof JpegEncodeOptions, unknown>>]>([
    ['width: expected an integer in 1..65535, got 0', { width: 0 }],
    ['width: expected an integer in 1..65535, got 65536', { width: 65536 }],
    ['height: expected an integer in 1..65535, got 1.5', { height: 1.5 }],
    ['height: expected an integer in 1..65535, got 65536', { height: 65536 }],
    ['qualityPercent: expected an integer in 1..100, got 0', { qualityPercent: 0 }],
    ['qualityPercent: expected an integer in 1..100, got 101', { qualityPercent: 101 }],
    ['restartInterval: expected an integer in 0..65535, got -1', { restartInterval: -1 }],
    ['restartInterval: expected an integer in 0..65535, got 65536', { restartInterval: 65536 }],
    ['density.unit: expected an integer in 0..2, got 3', { density: { unit: 3, x: 1, y: 1 } }],
    ['density.x: expected an integer in 1..65535, got 0', { density: { unit: 1, x: 0, y: 1 } }],
    ['density.y: expected an integer in 1..65535, got 0', { density: { unit: 1, x: 1, y: 0 } }],
    ['components: expected 1 or 3, got 0', { components: [] }],
    ['components: expected 1 or 3, got 4', { components: [GREY, GREY, GREY, GREY] }],
    ['components[0].width: expected', { components: [{ ...GREY, width: 0 }] }],
    ['components[0].height: expected', { components: [{ ...GREY, height: 0 }] }],
    ['components[0].stride: expected', { components: [{ ...GREY, stride: 7 }] }],
    [
      'components[1].horizontalSampling: expected an integer in 1..4, got 5',
      { components: [GREY, { ...GREY, horizontalSampling: 5 }, GREY] },
    ],
    [
      'components[2].verticalSampling: expected an integer in 1..4, got 0',
      { components: [GREY, GREY, { ...GREY, verticalSampling: 0 }] },
    ],
    [
      'components[0].data: expected at least 64 bytes, got 63',
      { components: [{ ...GREY, data: new Uint8Array(63) }] },
    ],
    ['icc.length: expected', { icc: new Uint8Array(0) }],
    ['icc.length: expected', { icc: new Uint8Array(255 * 65519 + 1) }],
    ['exif.length: expected', { exif: new Uint8Array(7) }],
    ['exif.length: expected', { exif: new Uint8Array(65528) }],
    [
      'exif: expected a TIFF header (II or MM), got "Ex"',
      { exif: Uint8Array.of(69, 120, 0, 0, 0, 0, 0, 0) },
    ],
  ])('are refused with "%s"', (message, fault) => {
    const options = { ...OPTIONS, ...fault } as JpegEncodeOptions;
    expect(() => encodeJpeg(options)).toThrow(RangeError);
    expect(() => encodeJpeg(options)).toThrow(message);
  });

  it('may be at the ends of their ranges', () => {
    const exif = new Uint8Array(65527).fill(0x49);
    const icc = new Uint8Array(255 * 65519);
    const density = { unit: 2, x: 65535, y: 65535 } as const;
    const restartInterval = 65535;
    const bytes = encodeJpeg({ ...OPTIONS, exif, icc, density, restartInterval });
    const read = readJpeg(bytes);
    expect(read.segments.filter(({ marker }) => marker === 0xe2).length).toBe(255);
    expect(read.restartInterval).toBe(65535);
  });

  it('allow the widest and the highest picture', () => {
    const wide = encodeJpeg({ ...OPTIONS, width: 65535, height: 1 });
    expect(readJpeg(wide).width).toBe(65535);
    const high = encodeJpeg({ ...OPTIONS, width: 1, height: 65535, progressive: true });
    expect(readJpeg(high).height).toBe(65535);
  });
});
