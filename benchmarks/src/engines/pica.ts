/**
 * What one puts together from npm without native code: jpeg-js or pngjs around pica, whose Lanczos3
 * runs in WebAssembly.
 * @module
 */

import jpeg from 'jpeg-js';
import { Pica } from 'pica';
import { PNG } from 'pngjs';
import type { Job, Size } from '../job.ts';
import { NotAvailable, type Runner } from './engine.ts';

interface Rgba extends Size {
  readonly data: Uint8Array;
}

export function createPicaRunner({ input, operation, output }: Job): Runner {
  const { format, qualityPercent } = output;
  if (operation.kind !== 'resize' || format === 'webp') {
    throw new NotAvailable('only resizing to JPEG, PNG and raw samples is set up for pica');
  }
  const { width: toWidth, height: toHeight } = operation.size;
  // No web workers: the buffers stay where they are, as with the other engines of one thread.
  const pica = new Pica({ features: ['js', 'wasm'] });
  return {
    async run(source) {
      const { data, width, height } =
        input === 'file' ? decode(source) : { data: source, ...input.raw };
      const resized = await pica.resizeBuffer({
        src: data,
        width,
        height,
        toWidth,
        toHeight,
        filter: 'lanczos3',
      });
      const raster = { width: toWidth, height: toHeight, data: resized };
      if (format === 'raw') return resized;
      return format === 'png' ? encodePng(raster) : jpeg.encode(raster, qualityPercent).data;
    },
  };
}

function decode(source: Uint8Array): Rgba {
  const isJpeg = source[0] === 0xff;
  if (isJpeg) {
    return jpeg.decode(source, {
      useTArray: true,
      maxMemoryUsageInMB: 4096,
      maxResolutionInMP: 1024,
    });
  }
  return PNG.sync.read(Buffer.from(source.buffer, source.byteOffset, source.byteLength));
}

function encodePng({ width, height, data }: Rgba): Uint8Array {
  const png = new PNG({ width, height });
  png.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return PNG.sync.write(png, { deflateLevel: 6 });
}
