/**
 * Pictures as Chromium shows them, for those that other decoders at hand do not show as they are meant.
 * @module
 */

import type { RgbaPixels } from '@safelight/testkit';
import { chromium, type Browser } from 'playwright-core';

export interface ChromiumPictures {
  /** Throws where Chromium does not show the picture. */
  decode(bytes: Buffer, mediaType: string): Promise<RgbaPixels>;
  close(): Promise<void>;
}

/** Starts the Chromium at `executablePath` with the first picture. */
export function createChromiumPictures(executablePath: string): ChromiumPictures {
  let browser: Promise<Browser> | undefined;
  return {
    async decode(bytes, mediaType) {
      browser ??= chromium.launch({
        executablePath,
        args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
      });
      const tab = await (await browser).newPage();
      const url = `data:${mediaType};base64,${bytes.toString('base64')}`;
      const { width, height, rgba } = await tab.evaluate(drawPicture, url);
      await tab.close();
      return { width, height, rgba: Uint8Array.from(rgba) };
    },
    close: async () => (await browser)?.close(),
  };
}

/** Runs in the page, so nothing of this file is there. */
async function drawPicture(url: string) {
  const picture = await createImageBitmap(await (await fetch(url)).blob());
  const { width, height } = picture;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (context === null) throw new Error('expected a canvas');
  context.drawImage(picture, 0, 0);
  return { width, height, rgba: [...context.getImageData(0, 0, width, height).data] };
}
