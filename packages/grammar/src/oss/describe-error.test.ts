/**
 * What each reason answers, above all those that only the engine and the codecs raise.
 * @module
 */

import { ImageError, type ImageErrorReason, type ImageFault } from '@safelight/core';
import { describe, expect, it } from 'vitest';

import { describeOssError } from './describe-error.ts';

type Row = readonly [
  reason: ImageErrorReason,
  fault: ImageFault | undefined,
  status: number,
  code: string,
  ec: string | undefined,
];

const PRIVATE = 'private text';

function errorOf(reason: ImageErrorReason, fault?: ImageFault): ImageError {
  const options = { publicMessage: 'public text', ...(fault === undefined ? {} : { fault }) };
  return new ImageError('InvalidArgument', reason, PRIVATE, options);
}

describe('describeOssError', () => {
  it.each<Row>([
    ['position-outside', { action: 'crop', parameter: 'left' }, 400, 'BadRequest', undefined],
    ['output-too-large', { action: 'resize' }, 400, 'ImageTooLarge', '0040-00000007'],
    ['turn-too-large', { action: 'rotate' }, 400, 'InvalidArgument', undefined],
    ['format-too-large', { value: 'webp' }, 400, 'ImageTooLarge', '0040-00000011'],
    ['format-too-large', { value: 'avif' }, 400, 'ImageTooLarge', undefined],
    ['unknown-format', undefined, 400, 'BadRequest', '0040-00000005'],
    ['unsupported-kind', undefined, 400, 'BadRequest', '0040-00000005'],
    ['damaged', undefined, 400, 'BadRequest', undefined],
    ['damaged', { value: 'jpeg' }, 400, 'BadRequest', undefined],
    ['damaged', { value: 'webp' }, 400, 'BadWebPImage', '0040-00000010'],
    ['truncated', { value: 'heic' }, 400, 'BadRequest', '0040-00000020'],
    ['too-many-bytes', undefined, 400, 'ImageTooLarge', '0040-00000001'],
    ['too-many-pixels', undefined, 400, 'MemLimitExceeded', '0040-00000012'],
    ['too-many-pixels', { action: 'resize' }, 400, 'ImageTooLarge', '0040-00000009'],
    ['side-too-long', undefined, 400, 'ImageTooLarge', undefined],
    ['side-too-long', { parameter: 'jpeg' }, 400, 'ImageTooLarge', '0040-00000019'],
    ['side-too-long', { parameter: 'bmp' }, 400, 'ImageTooLarge', '0040-00000017'],
    ['side-too-long', { parameter: 'tiff' }, 400, 'ImageTooLarge', '0040-00000018'],
    ['side-too-long', { parameter: 'heic' }, 400, 'ImageTooLarge', '0040-00000013'],
    ['side-too-long', { parameter: 'avif' }, 400, 'ImageTooLarge', '0040-00000014'],
    ['too-many-frames', undefined, 400, 'ImageTooLarge', undefined],
    ['too-many-scans', undefined, 400, 'MemLimitExceeded', undefined],
    ['too-much-memory', undefined, 400, 'MemLimitExceeded', undefined],
    ['timed-out', undefined, 503, 'ServiceUnavailable', undefined],
    ['aborted', undefined, 503, 'ServiceUnavailable', undefined],
    ['prediction-failed', undefined, 500, 'InternalError', undefined],
    ['no-encoder', { value: 'heic' }, 501, 'NotImplemented', undefined],
    ['bug', undefined, 500, 'InternalError', undefined],
    ['not-implemented', { action: 'blindwatermark' }, 501, 'NotImplemented', undefined],
  ])('answers %s of %j with %i %s %s', (reason, fault, status, code, ec) => {
    const { message, ...answer } = describeOssError(errorOf(reason, fault));
    expect(answer).toEqual(ec === undefined ? { status, code } : { status, code, ec });
    expect(message).not.toBe('');
    expect(message).not.toContain(PRIVATE);
  });

  it.each<[ImageErrorReason, ImageFault, string, string]>([
    ['out-of-range', { action: 'resize', parameter: 'width' }, 'w', '312'],
    ['out-of-range', { action: 'resize', parameter: 'background.red' }, 'color', '318'],
    ['out-of-range', { action: 'rotate', parameter: 'angleDeg' }, 'rotate', '217'],
    ['out-of-range', { action: 'crop', parameter: 'gravity' }, 'g', '209'],
    ['out-of-range', { action: 'watermark', parameter: 'tileGapY' }, 'pady', '277'],
    ['unknown-font', { action: 'watermark', parameter: 'font' }, 'type', '251'],
    ['out-of-range', { action: 'quality', parameter: 'ceilingPercent' }, 'Q', '308'],
  ])('finds letter and EC of %s %j, named by the engine', (reason, fault, letter, ec) => {
    const answer = describeOssError(errorOf(reason, { ...fault, value: '7' }));
    expect(answer.message).toBe(`The value: 7 of parameter: ${letter} is invalid.`);
    expect(answer.ec).toBe(`0040-00000${ec}`);
  });

  it.each<[ImageFault, string]>([
    [{ action: 'resize', parameter: 'width' }, '322'],
    [{ action: 'quality', parameter: 'relativePercent' }, '307'],
    [{ action: 'watermark', parameter: 'text' }, '278'],
    [{ action: 'blur', parameter: 'strength' }, '242'],
  ])("prefers the action's EC where an argument is missing: %j", (fault, ec) => {
    expect(describeOssError(errorOf('missing-argument', fault)).ec).toBe(`0040-00000${ec}`);
  });

  it('copes with faults that name nothing it knows', () => {
    for (const fault of [
      undefined,
      {},
      { action: 'constructor', parameter: '__proto__', value: '__proto__' },
      { action: 'resize', parameter: 'toString' },
    ]) {
      const answer = describeOssError(errorOf('out-of-range', fault));
      expect(answer).toMatchObject({ status: 400, code: 'InvalidArgument' });
      expect(answer.ec).toBeUndefined();
      expect(describeOssError(errorOf('side-too-long', fault)).ec).toBeUndefined();
    }
  });

  it('says in public what the codec found', () => {
    expect(describeOssError(errorOf('damaged')).message).toBe('public text');
    expect(describeOssError(errorOf('bug')).message).not.toContain('public text');
  });
});
