/**
 * jimp: plain JavaScript. Its best filter is bicubic, which is also what sharp's benchmark gives
 * it.
 * @module
 */

import { Jimp, ResizeStrategy } from 'jimp';
import type { Job } from '../job.ts';
import { NotAvailable, type Runner } from './engine.ts';

export function createJimpRunner({ input, operation, output }: Job): Runner {
  const { format, qualityPercent } = output;
  if (operation.kind !== 'resize' || input !== 'file' || format === 'raw' || format === 'webp') {
    throw new NotAvailable('only resizing of files to JPEG and PNG is set up for jimp');
  }
  const { width: w, height: h } = operation.size;
  return {
    async run(source) {
      const image = await Jimp.fromBuffer(bufferOf(source), {
        'image/jpeg': { maxMemoryUsageInMB: 4096, maxResolutionInMP: 1024 },
      });
      image.resize({ w, h, mode: ResizeStrategy.BICUBIC });
      if (format === 'png') return image.getBuffer('image/png');
      return image.getBuffer('image/jpeg', { quality: qualityPercent });
    },
  };
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
