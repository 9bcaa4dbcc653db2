/**
 * Our decoder beside jpeg-js and libjpeg-turbo (through sharp), on files of both encoders.
 * @module
 */
import { isImageError, type ImageError } from '@safelight/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';

import { decodeJpeg } from '../../src/decode/decode-jpeg.ts';
import { createJpegDecoder } from '../../src/decode/decoder.ts';
import { readJpegLayout } from '../../src/decode/layout.ts';
import { REGION_END } from '../../src/decode/memory-map.ts';
import { planJpegDecode } from '../../src/decode/plan.ts';
import { readJpegMetadata } from '../../src/metadata.ts';
import { generatePicture } from '../picture.ts';
import {
  concat,
  differenceFromJpegJs,
  GREY,
  greyBySharp,
  makeFile,
  makeScanPerComponent,
  segmentsOf,
  tightSamples,
  YCC_420,
  YCC_444,
} from './files.ts';

function errorOf(run: () => unknown): ImageError {
  try {
    run();
  } catch (error) {
    if (isImageError(error)) return error;
    throw error;
  }
  throw new Error('expected an ImageError, got a picture');
}

describe('grey files', () => {
  it.each([30, 75, 90, 100])('are equal to libjpeg-turbo at quality %i', async (qualityPercent) => {
    for (const progressive of [false, true]) {
      const file = makeFile(203, 157, { samplings: GREY, qualityPercent, progressive });
      const [plane] = decodeJpeg(file).planes;
      expect(tightSamples(plane)).toEqual(await greyBySharp(file));
    }
  });

  it('are equal to libjpeg-turbo at every size from 1 x 1 to 33 x 33', async () => {
    for (let side = 1; side <= 33; side++) {
      for (const [width, height] of [
        [side, 34 - side],
        [side, side],
      ]) {
        const file = makeFile(width, height, { samplings: GREY, seed: side });
        const [plane] = decodeJpeg(file).planes;
        expect([plane.width, plane.height]).toEqual([width, height]);
        expect(tightSamples(plane)).toEqual(await greyBySharp(file));
      }
    }
  });

  it('are equal to libjpeg-turbo where coefficients clip', async () => {
    const samples = Uint8Array.from({ length: 96 * 96 }, (_, i) => ((i * 7919) % 11 < 5 ? 0 : 255));
    const file = await sharp(samples, { raw: { width: 96, height: 96, channels: 1 } })
      .jpeg({ quality: 15 })
      .toBuffer();
    const [plane] = decodeJpeg(file).planes;
    expect(tightSamples(plane)).toEqual(await greyBySharp(file));
  });
});

describe('colour files', () => {
  const factors = [1, 2, 3, 4];
  const lumas = factors.flatMap((across) => factors.map((down) => [across, down] as const));

  it.each(lumas)('with %i x %i luma samples a chroma sample agree with jpeg-js', (across, down) => {
    for (const progressive of [false, true]) {
      for (const [width, height] of [
        [97, 61],
        [16, 16],
        [33, 5],
      ]) {
        const samplings = [
          [across, down],
          [1, 1],
          [1, 1],
        ] as const;
        const file = makeFile(width, height, { samplings, progressive });
        for (const most of differenceFromJpegJs(file, decodeJpeg(file))) {
          expect(most).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  it('with odd samplings agree with jpeg-js', () => {
    for (const samplings of [
      [
        [2, 2],
        [2, 1],
        [1, 2],
      ],
      [
        [1, 1],
        [2, 2],
        [2, 2],
      ],
      [
        [4, 1],
        [2, 1],
        [2, 2],
      ],
    ] as const) {
      const file = makeFile(77, 45, { samplings });
      for (const most of differenceFromJpegJs(file, decodeJpeg(file))) {
        expect(most).toBeLessThanOrEqual(1);
      }
    }
  });

  it.each(['4:2:0', '4:4:4'])('of sharp, %s, agree with jpeg-js', async (chromaSubsampling) => {
    const { data, width, height } = generatePicture(150, 103, 5);
    for (const progressive of [false, true]) {
      for (const quality of [20, 80, 100]) {
        const file = await sharp(data, { raw: { width, height, channels: 3 } })
          .jpeg({ quality, progressive, chromaSubsampling, mozjpeg: quality === 80 })
          .toBuffer();
        for (const most of differenceFromJpegJs(file, decodeJpeg(file))) {
          expect(most).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  it('with a scan for each component and tables redefined between them agree with jpeg-js', () => {
    const file = makeScanPerComponent(61, 43);
    for (const most of differenceFromJpegJs(file, decodeJpeg(file))) {
      expect(most).toBeLessThanOrEqual(1);
    }
  });

  it('give all of Adobe and four components through', async () => {
    const samples = Uint8Array.from({ length: 4 * 40 * 24 }, (_, i) => (i * 31) & 255);
    const file = await sharp(samples, { raw: { width: 40, height: 24, channels: 4 } })
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    const { layout, planes } = decodeJpeg(file);
    expect(planes).toHaveLength(4);
    expect([0, 2]).toContain(layout.adobeTransform);
  });
});

describe('restart markers', () => {
  it.each([1, 2, 3, 7, 100])('every %i MCUs change nothing', (restartInterval) => {
    for (const samplings of [GREY, YCC_444, YCC_420]) {
      for (const progressive of [false, true]) {
        const plain = decodeJpeg(makeFile(130, 70, { samplings, progressive }));
        const marked = decodeJpeg(makeFile(130, 70, { samplings, progressive, restartInterval }));
        expect(marked.planes.map(tightSamples)).toEqual(plain.planes.map(tightSamples));
      }
    }
  });

  it('out of order are damage', () => {
    const file = makeFile(64, 64, { samplings: GREY, restartInterval: 8 });
    const at = file.findIndex((value, i) => value === 0xff && file[i + 1] === 0xd1);
    const broken = file.slice();
    broken[at + 1] = 0xd2;
    expect(errorOf(() => decodeJpeg(broken)).reason).toBe('damaged');
  });
});

describe('what lies between segments', () => {
  const file = makeFile(40, 30, { samplings: YCC_420 });
  const expected = decodeJpeg(file).planes.map(tightSamples);
  const segments = segmentsOf(file);

  it.each([
    ['fill bytes', [0xff, 0xff, 0xff]],
    ['garbage', [1, 2, 3]],
    ['stuffed bytes', [0xff, 0]],
    ['a comment of length 0', [0xff, 0xfe, 0, 0]],
    ['TEM', [0xff, 1]],
  ])('is passed over: %s', (_, extra) => {
    const parts = segments.flatMap(({ bytes }, i) =>
      i < 2 ? [bytes] : [Uint8Array.from(extra), bytes],
    );
    expect(decodeJpeg(concat(parts)).planes.map(tightSamples)).toEqual(expected);
  });

  it('may be data behind a scan, or another picture behind the end', () => {
    const last = segments.length - 1;
    const parts = segments.map(({ bytes }) => bytes);
    const extra = Uint8Array.of(0x55, 0xff, 0, 0xff, 0xd3, 0x11);
    const more = concat([...parts.slice(0, last), extra, parts[last], file]);
    expect(decodeJpeg(more).planes.map(tightSamples)).toEqual(expected);
  });
});

describe('refusals', () => {
  const file = makeFile(24, 24, { samplings: GREY });
  const frameAt = file.findIndex((value, i) => value === 0xff && file[i + 1] === 0xc0);
  function patched(offset: number, value: number): Uint8Array {
    const copy = file.slice();
    copy[frameAt + offset] = value;
    return copy;
  }

  function expectRefusal(bytes: Uint8Array, name: string): void {
    for (const read of [decodeJpeg, readJpegLayout, readJpegMetadata]) {
      // Nothing but markers can stop who reads metadata alone.
      if (read === readJpegMetadata && bytes[frameAt + 1] === 0xc0) continue;
      const error = errorOf(() => read(bytes));
      expect([error.code, error.reason]).toEqual(['UnsupportedFormat', 'unsupported-kind']);
      expect(error.message).toMatch(/^jpeg: expected /);
      expect(error.message.endsWith(`, got ${name}`)).toBe(true);
    }
  }

  it.each([
    [0xc3, 'lossless'],
    [0xc5, 'hierarchical'],
    [0xc6, 'hierarchical progressive'],
    [0xc7, 'hierarchical lossless'],
    [0xc8, 'an extension (JPG)'],
    [0xc9, 'arithmetic coding'],
    [0xca, 'progressive with arithmetic coding'],
    [0xcb, 'lossless with arithmetic coding'],
    [0xcc, 'arithmetic coding (DAC)'],
    [0xcd, 'hierarchical with arithmetic coding'],
    [0xce, 'hierarchical progressive with arithmetic coding'],
    [0xcf, 'hierarchical lossless with arithmetic coding'],
    [0xdc, 'a height defined after the first scan (DNL)'],
    [0xde, 'hierarchical (DHP)'],
    [0xdf, 'hierarchical (EXP)'],
  ])('name what marker ff%s begins: %s', (code, name) => {
    expectRefusal(patched(1, code), name);
  });

  it('name 12 bits, a height that comes later, and five components', () => {
    expectRefusal(patched(4, 12), '12');
    const noHeight = patched(5, 0);
    noHeight[frameAt + 6] = 0;
    expectRefusal(noHeight, '0 (DNL)');
    expectRefusal(patched(9, 5), '5');
  });

  it('count pixels and scans', () => {
    expect(errorOf(() => decodeJpeg(file, { maxPixels: 575 })).reason).toBe('too-many-pixels');
    expect(decodeJpeg(file, { maxPixels: 576 }).complete).toBe(true);
    const progressive = makeFile(24, 24, { samplings: YCC_444, progressive: true });
    const scans = segmentsOf(progressive).filter(({ code }) => code === 0xda).length;
    expect(decodeJpeg(progressive, { maxScans: scans }).complete).toBe(true);
    expect(errorOf(() => decodeJpeg(progressive, { maxScans: scans - 1 })).reason).toBe(
      'too-many-scans',
    );
  });

  it('say of options what was expected', () => {
    expect(() => decodeJpeg(file, { scale: 9 })).toThrow(RangeError);
    expect(() => decodeJpeg(file, { scale: 2.5 })).toThrow(RangeError);
    const region = { left: 24, top: 0, width: 1, height: 1 };
    expect(() => decodeJpeg(file, { region })).toThrow(RangeError);
  });
});

describe('a truncated file', () => {
  it('without any scan is mid-grey, whatever was decoded before', () => {
    const file = makeFile(40, 40, { samplings: GREY, progressive: true });
    const scanAt = file.findIndex((value, i) => value === 0xff && file[i + 1] === 0xda);
    const head = concat([file.subarray(0, scanAt + 2), Uint8Array.of(0, 8, 1, 9, 0, 0, 0, 0)]);
    const memory = new WebAssembly.Memory({ initial: 20 });
    const decoder = createJpegDecoder(memory);
    const bytes = new Uint8Array(memory.buffer);
    for (const scale of [8, 1, 8]) {
      const plan = planJpegDecode(readJpegLayout(head), { scale });
      const [{ rowBytes, rows }] = plan.planes;
      const coefficients = bytes.subarray(bytes.length - plan.coefficientBytes);
      const data = bytes.subarray(REGION_END, REGION_END + rowBytes * rows);
      const target = { planes: [{ data, stride: rowBytes }], coefficients };
      expect(decoder.decode(head, plan, target, { partial: true })).toBe(false);
      expect(data).toEqual(new Uint8Array(rowBytes * rows).fill(128));
      bytes.fill(0x77, REGION_END);
    }
  });

  it('is an error, or what there is and mid-grey', () => {
    for (const progressive of [false, true]) {
      const file = makeFile(96, 96, { samplings: GREY, progressive });
      const whole = tightSamples(decodeJpeg(file).planes[0]);
      const cut = file.subarray(0, file.length - 2);
      expect(errorOf(() => decodeJpeg(cut)).reason).toBe('truncated');
      const rest = decodeJpeg(cut, { partial: true });
      expect(rest.complete).toBe(false);
      expect(tightSamples(rest.planes[0])).toEqual(whole);
    }
    const file = makeFile(96, 96, { samplings: GREY });
    const half = decodeJpeg(file.subarray(0, file.length >> 1), { partial: true });
    const samples = tightSamples(half.planes[0]);
    expect(samples.subarray(-96)).toEqual(new Uint8Array(96).fill(128));
    expect(samples.subarray(0, 96)).toEqual(
      tightSamples(decodeJpeg(file).planes[0]).subarray(0, 96),
    );
  });
});
