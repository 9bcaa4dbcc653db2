/**
 * Which kinds of TIFF are read, and the names of those that are not: colours, number formats and
 * compressions by their registered values (TIFF 6.0, appendix A, and libtiff's list).
 * @module
 */

import type { ColorModel } from '@safelight/core';
import { damaged, unsupported } from '../refusal.ts';
import type { TiffDirectory } from './directory.ts';
import { TAGS } from './tags.ts';

export type TiffCompression = 'none' | 'lzw' | 'deflate' | 'packbits';

const COMPRESSIONS: ReadonlyMap<number, TiffCompression> = new Map([
  [1, 'none'],
  [5, 'lzw'],
  [8, 'deflate'],
  [32_946, 'deflate'],
  [32_773, 'packbits'],
]);

const FOREIGN_COMPRESSIONS: ReadonlyMap<number, string> = new Map([
  [2, 'fax coding (CCITT RLE)'],
  [3, 'fax coding (group 3)'],
  [4, 'fax coding (group 4)'],
  [6, 'JPEG in TIFF (old style)'],
  [7, 'JPEG in TIFF'],
  [9, 'JBIG'],
  [10, 'JBIG'],
  [32_766, 'NeXT coding'],
  [32_771, 'fax coding (RLE, words)'],
  [32_809, 'ThunderScan coding'],
  [34_676, 'LogLuv coding'],
  [34_677, 'LogLuv coding'],
  [34_712, 'JPEG 2000 in TIFF'],
  [34_887, 'LERC coding'],
  [34_925, 'LZMA coding'],
  [50_000, 'Zstandard coding'],
  [50_001, 'WebP in TIFF'],
  [50_002, 'JPEG XL in TIFF'],
]);

/** Throws `ImageError` for a compression that is not read. */
export function compressionOf(directory: TiffDirectory): TiffCompression {
  const value = directory.number(TAGS.compression) ?? 1;
  const compression = COMPRESSIONS.get(value);
  if (compression !== undefined) return compression;
  throw unsupported('tiff', FOREIGN_COMPRESSIONS.get(value) ?? `compression ${value}`);
}

export interface TiffKind {
  readonly color: 'white-is-zero' | 'black-is-zero' | 'rgb' | 'palette' | 'cmyk';
  readonly model: ColorModel;
  /** Samples that are colours. */
  readonly colors: number;
}

const KINDS: ReadonlyMap<number, TiffKind> = new Map([
  [0, { color: 'white-is-zero', model: 'gray', colors: 1 }],
  [1, { color: 'black-is-zero', model: 'gray', colors: 1 }],
  [2, { color: 'rgb', model: 'rgb', colors: 3 }],
  [3, { color: 'palette', model: 'rgb', colors: 1 }],
  [5, { color: 'cmyk', model: 'cmyk', colors: 4 }],
]);

const FOREIGN_COLORS: ReadonlyMap<number, string> = new Map([
  [4, 'a transparency mask'],
  [6, 'YCbCr'],
  [8, 'CIE L*a*b*'],
  [9, 'ICC L*a*b*'],
  [10, 'ITU L*a*b*'],
  [32_803, 'a colour filter array'],
  [32_844, 'LogL'],
  [32_845, 'LogLuv'],
]);

const SAMPLE_FORMATS: ReadonlyMap<number, string> = new Map([
  [2, 'signed samples'],
  [3, 'floating-point samples'],
  [5, 'complex samples'],
  [6, 'complex samples'],
]);

/** Throws `ImageError` for numbers that are no unsigned integers. */
export function checkSampleFormat(directory: TiffDirectory): void {
  for (const format of directory.numbers(TAGS.sampleFormat) ?? []) {
    const name = SAMPLE_FORMATS.get(format);
    if (name !== undefined) throw unsupported('tiff', name);
  }
}

/** How samples become colours; throws `ImageError` for what is not read. */
export function checkKind(directory: TiffDirectory, bits: number): TiffKind {
  const predictor = directory.number(TAGS.predictor) ?? 1;
  if (predictor === 3) throw unsupported('tiff', 'a floating-point predictor');
  if (predictor < 1 || predictor > 3) throw damaged('tiff', `predictor ${predictor}`);
  if (predictor === 2 && bits !== 8 && bits !== 16) {
    throw unsupported('tiff', `a predictor with samples of ${bits} bits`);
  }
  const photometric = directory.number(TAGS.photometric);
  if (photometric === undefined) throw damaged('tiff', 'expected a colour model, got none');
  const kind = KINDS.get(photometric);
  if (kind === undefined) {
    throw unsupported('tiff', FOREIGN_COLORS.get(photometric) ?? `colour model ${photometric}`);
  }
  if (kind.color === 'cmyk' && (directory.number(TAGS.inkSet) ?? 1) !== 1) {
    throw unsupported('tiff', 'inks that are not CMYK');
  }
  if (kind.color === 'palette' && bits > 8) throw unsupported('tiff', `a palette of ${bits} bits`);
  return kind;
}
