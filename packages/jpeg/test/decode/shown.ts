/**
 * Pictures as they are shown: interleaved samples of ours, and those of libjpeg-turbo through sharp.
 * @module
 */
import { typescriptKernels } from '@safelight/core';
import sharp from 'sharp';

import type { DecodedJpeg } from '../../src/decode/decode-jpeg.ts';
import type { JpegColorModel } from '../../src/decode/layout.ts';
import { tightSamples } from './files.ts';

/** Grey, RGB or ink amounts of a decode with `upsample`, interleaved. */
export function shownSamples({ model, planes }: DecodedJpeg): {
  readonly model: JpegColorModel;
  readonly samples: Buffer;
} {
  const [{ width, height }] = planes;
  const channels = planes.map(tightSamples);
  if (model === 'ycbcr') {
    const [luma, blue, red] = channels;
    typescriptKernels.ycbcrToRgb(luma, width, blue, width, red, width, width, height);
  }
  const samples = Buffer.alloc(channels.length * width * height);
  channels.forEach((channel, i) => {
    for (let at = 0; at < channel.length; at++) samples[channels.length * at + i] = channel[at];
  });
  return { model, samples };
}

/** What libjpeg-turbo shows, profiles and orientation left aside. */
export async function samplesBySharp(file: Uint8Array, model: JpegColorModel): Promise<Buffer> {
  const picture = sharp(file, { ignoreIcc: true, failOn: 'none' });
  if (model === 'cmyk') picture.pipelineColourspace('cmyk').toColourspace('cmyk');
  if (model === 'gray') picture.toColourspace('b-w');
  return picture.raw().toBuffer();
}
