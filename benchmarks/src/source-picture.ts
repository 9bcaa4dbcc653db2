/**
 * The picture that a job starts from: generated, so that anyone can repeat a run without our files.
 * @module
 */

import { photoLike } from '@safelight/testkit';
import sharp from 'sharp';
import type { Job } from './job.ts';

export function sourcePicture(job: Job): Promise<Uint8Array> {
  const { width, height, qualityPercent } = job.source;
  const { rgb } = photoLike(width, height, 7);
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: qualityPercent, chromaSubsampling: '4:2:0' })
    .toBuffer();
}
