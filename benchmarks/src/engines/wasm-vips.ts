/**
 * wasm-vips: libvips in WebAssembly with threads, its operation cache off as in its own benchmark.
 * @module
 */

import Vips from 'wasm-vips';
import type { Job } from '../job.ts';
import { NotAvailable, type Runner } from './engine.ts';

export async function createWasmVipsRunner({ input, operation, output }: Job): Promise<Runner> {
  if (operation.kind !== 'resize' || input !== 'file' || output.format === 'raw') {
    throw new NotAvailable('only resizing of files is set up for wasm-vips');
  }
  // Without the modules for HEIF, JPEG XL and SVG, which no job needs.
  const vips = await Vips({ dynamicLibraries: [] });
  vips.Cache.max(0);
  const { width, height } = operation.size;
  const { format, qualityPercent } = output;
  return {
    run(source) {
      const image = vips.Image.thumbnailBuffer(source, width, { height, size: vips.Size.force });
      try {
        const bytes =
          format === 'png'
            ? image.writeToBuffer('.png', { compression: 6 })
            : image.writeToBuffer(format === 'jpeg' ? '.jpg' : '.webp', { Q: qualityPercent });
        return Promise.resolve(bytes);
      } finally {
        image.delete();
      }
    },
    close: () => vips.shutdown(),
  };
}
