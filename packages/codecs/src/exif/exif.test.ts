import { describe, expect, it } from 'vitest';
import { type Directory, longs, tiff } from '../../test/tiff-writer.ts';
import { withinTime } from '../../test/watchdog.ts';
import { readExif } from './exif.ts';

const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const ASCII = 2;
const BYTE = 1;

function orientation(value: number, bigEndian = false): Uint8Array {
  const entry = { tag: 0x0112, type: SHORT, count: 1, value, valueBytes: 2 } as const;
  return tiff(64, [{ offset: 8, entries: [entry] }], { bigEndian });
}

/** IFD0 at 8, Exif at 100, GPS at 200, IFD1 at 400; longer values from 500 on. */
function everything(bigEndian: boolean): Uint8Array {
  const directories: Directory[] = [
    {
      offset: 8,
      entries: [
        { tag: 0x0112, type: SHORT, count: 1, value: 7, valueBytes: 2 },
        { tag: 0x011a, type: RATIONAL, count: 1, value: 500 },
        { tag: 0x011b, type: RATIONAL, count: 1, value: 500 },
        { tag: 0x0128, type: SHORT, count: 1, value: 2, valueBytes: 2 },
        { tag: 0x0131, type: ASCII, count: 6, value: 510 },
        { tag: 0x8769, type: LONG, count: 1, value: 100 },
        { tag: 0x8825, type: LONG, count: 1, value: 200 },
      ],
      next: 400,
    },
    {
      offset: 100,
      entries: [
        { tag: 0x829a, type: RATIONAL, count: 1, value: 520 },
        { tag: 0xbeef, type: SHORT, count: 1, value: 1, valueBytes: 2 },
      ],
    },
    {
      offset: 200,
      entries: [
        { tag: 0x00, type: BYTE, count: 4, value: bigEndian ? 0x02020000 : 0x00000202 },
        { tag: 0x01, type: ASCII, count: 2, value: 0x4e, valueBytes: 1 },
        { tag: 0x02, type: RATIONAL, count: 3, value: 530 },
        { tag: 0x03, type: ASCII, count: 2, value: 0x57, valueBytes: 1 },
        { tag: 0x04, type: RATIONAL, count: 3, value: 560 },
        { tag: 0x07, type: RATIONAL, count: 3, value: 530 },
      ],
    },
    {
      offset: 400,
      entries: [
        { tag: 0x0103, type: SHORT, count: 1, value: 6, valueBytes: 2 },
        { tag: 0x011a, type: RATIONAL, count: 1, value: 590 },
        { tag: 0x0112, type: SHORT, count: 1, value: 3, valueBytes: 2 },
        { tag: 0x0201, type: LONG, count: 1, value: 4518 },
      ],
    },
  ];
  const bytes = new Map([
    [500, longs([96, 1], bigEndian)],
    [510, [...new TextEncoder().encode('hello\0')]],
    [520, longs([1, 250], bigEndian)],
    [530, longs([40, 1, 26, 1, 46302, 1000], bigEndian)],
    [560, longs([0, 1, 0, 1, 0, 1], bigEndian)],
    [590, longs([72, 1], bigEndian)],
  ]);
  return tiff(700, directories, { bigEndian, bytes });
}

describe('readExif', () => {
  it.each([false, true])('reads all directories (big-endian: %s)', (bigEndian) => {
    const exif = readExif(everything(bigEndian));
    expect(exif.orientation).toBe(7);
    expect(exif.density).toEqual({ unit: 1, x: 96, y: 96 });
    expect(exif.tags).toEqual({
      // The thumbnail's orientation wins the name, as every later directory does, not the picture.
      Orientation: '3',
      XResolution: '72/1',
      YResolution: '96/1',
      ResolutionUnit: '2',
      Software: 'hello',
      ExifTag: '100',
      GPSTag: '200',
      ExposureTime: '1/250',
      GPSVersionID: '2 2 0 0',
      GPSLatitudeRef: 'North',
      GPSLatitude: `40deg 26' 46.302" `,
      GPSLongitudeRef: 'West',
      GPSLongitude: '0deg ',
      GPSTimeStamp: '40/1 26/1 46302/1000',
      Compression: '6',
      JPEGInterchangeFormat: '4518',
    });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('reads orientation %i', (value) => {
    expect(readExif(orientation(value)).orientation).toBe(value);
    expect(readExif(orientation(value, true)).orientation).toBe(value);
  });

  it.each([0, 9, 65_535])('takes orientation %i for upright', (value) => {
    expect(readExif(orientation(value)).orientation).toBe(1);
  });

  it('leaves a coordinate with a zero denominator as it is stored', () => {
    const gps = { tag: 0x02, type: RATIONAL, count: 3, value: 60 };
    const stream = tiff(
      100,
      [
        { offset: 8, entries: [{ tag: 0x8825, type: LONG, count: 1, value: 30 }] },
        { offset: 30, entries: [gps] },
      ],
      { bytes: new Map([[60, longs([1, 1, 2, 0, 3, 1])]]) },
    );
    expect(readExif(stream).tags['GPSLatitude']).toBe('1/1 2/0 3/1');
  });

  it('reads nothing from what is no TIFF stream', () => {
    for (const bytes of [
      [],
      [0x49, 0x49],
      [...orientation(6)].fill(0, 0, 2),
      [...orientation(6)].fill(0, 2, 4),
    ]) {
      expect(readExif(Uint8Array.from(bytes))).toEqual({
        orientation: 1,
        density: undefined,
        tags: {},
      });
    }
  });

  it('visits a directory once, however they point at each other', () => {
    const entry = { tag: 0x8769, type: LONG, count: 1, value: 8 };
    const stream = tiff(64, [{ offset: 8, entries: [entry], next: 8 }]);
    expect(readExif(stream).tags).toEqual({ ExifTag: '8' });
  });

  it('bounds what one stream can make it print', () => {
    // 5,000 entries that all point at the same 2,000 bytes of text.
    const entry = { tag: 0x0131, type: ASCII, count: 2_000, value: 62_000 };
    const stream = tiff(65_000, [
      { offset: 8, entries: Array.from({ length: 5_000 }, () => entry) },
    ]);
    stream.fill(0x41, 62_000, 64_000);
    const { tags } = withinTime(20_000, () => readExif(stream));
    expect(tags['Software']).toHaveLength(2_000);
    const long = tiff(65_000, [{ offset: 8, entries: [{ ...entry, count: 2_049, value: 100 }] }]);
    expect(readExif(long).tags).toEqual({});
  });

  it('survives every truncation and never invents an orientation', () => {
    const stream = everything(false);
    for (let length = 0; length < stream.length; length++) {
      const exif = readExif(stream.subarray(0, length));
      expect([1, 7]).toContain(exif.orientation);
    }
  });
});
