/**
 * sharp, set up as its own benchmark page does: no operation cache, a libvips thread for each core.
 * @module
 */

import { availableParallelism } from 'node:os';
import sharp, { type Sharp } from 'sharp';
import { type Job, type Operation, SHARPEN_SIGMA } from '../job.ts';
import type { Runner } from './engine.ts';

export function createSharpRunner({ input, operation, output }: Job): Runner {
  sharp.cache(false);
  sharp.concurrency(availableParallelism());
  return {
    run(source) {
      const options = { limitInputPixels: false };
      const image =
        input === 'file'
          ? sharp(source, options)
          : sharp(source, { ...options, raw: { ...input.raw, channels: 4 } });
      return encode(apply(image, operation), output).toBuffer();
    },
  };
}

function apply(image: Sharp, operation: Operation): Sharp {
  switch (operation.kind) {
    case 'resize':
      return image.resize({ ...operation.size, fit: 'fill' });
    case 'crop':
      return image.extract({ left: operation.left, top: operation.top, ...operation.size });
    case 'rotate90':
      return image.rotate(90);
    case 'sharpen': {
      // One slope for flat and jagged areas, bounds out of reach: the plain mask, on L of CIELAB.
      const amount = operation.amountPercent / 100;
      return image.sharpen({ sigma: SHARPEN_SIGMA, m1: amount, m2: amount, y2: 100, y3: 100 });
    }
    case 'recode':
      return image;
  }
}

function encode(image: Sharp, { format, qualityPercent }: Job['output']): Sharp {
  switch (format) {
    case 'jpeg':
      return image.jpeg({ quality: qualityPercent });
    case 'png':
      return image.png({ compressionLevel: 6 });
    case 'webp':
      return image.webp({ quality: qualityPercent });
    case 'raw':
      return image.raw();
  }
}
