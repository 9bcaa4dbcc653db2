/**
 * `@napi-rs/canvas`: Skia behind the canvas interface. Its smoothing at `high` is not Lanczos; the
 * quality columns show what that is worth.
 * @module
 */

import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Job } from '../job.ts';
import { NotAvailable, type Runner } from './engine.ts';

export function createCanvasRunner({ input, operation, output }: Job): Runner {
  const { format, qualityPercent } = output;
  if (operation.kind !== 'resize' || input !== 'file' || format === 'raw') {
    throw new NotAvailable('only resizing of files is set up for @napi-rs/canvas');
  }
  const { width, height } = operation.size;
  return {
    async run(source) {
      const image = await loadImage(source);
      const canvas = createCanvas(width, height);
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, 0, 0, width, height);
      return format === 'png' ? canvas.encode('png') : canvas.encode(format, qualityPercent);
    },
  };
}
