/**
 * `safelight process IN OUT CHAIN`: the service's work on a file. Unless the chain names a format, the
 * ending of OUT does, so that `out.png` never holds a JPEG.
 * @module
 */

import type { ImageFormat } from '@safelight/core';
import { createSafelight } from 'safelight';
import type { LimitProfile } from '@safelight/core';
import { createMarkReader, markFolder } from './mark-folder.ts';
import { readPicture, writePicture } from './picture-file.ts';

const FORMAT_OF_ENDING: Readonly<Record<string, { format: ImageFormat; word: string }>> = {
  jpg: { format: 'jpeg', word: 'jpg' },
  jpeg: { format: 'jpeg', word: 'jpg' },
  png: { format: 'png', word: 'png' },
  webp: { format: 'webp', word: 'webp' },
  bmp: { format: 'bmp', word: 'bmp' },
  gif: { format: 'gif', word: 'gif' },
  tif: { format: 'tiff', word: 'tiff' },
  tiff: { format: 'tiff', word: 'tiff' },
  avif: { format: 'avif', word: 'avif' },
};

export interface ProcessCommandOptions {
  readonly limits: LimitProfile;
  /** Where watermarks' pictures lie. @default beside the input */
  readonly watermarkDir?: string;
}

/** One line that tells what was written. */
export async function processFile(
  input: string,
  output: string,
  chain: string,
  { limits, watermarkDir }: ProcessCommandOptions,
): Promise<string> {
  const safelight = await createSafelight({ limits });
  const source = await readPicture(input);
  const readMark = createMarkReader(markFolder(watermarkDir, input));
  const result = await safelight.render(source, withFormat(chain, output), { readMark });
  await writePicture(output, result.bytes);
  const { width, height, format, bytes } = result;
  return `${output}: ${format}, ${width} x ${height}, ${bytes.length} bytes`;
}

/** The chain, with the format of the output's ending when it names none itself. */
function withFormat(chain: string, output: string): string {
  const ending = /\.([a-z]+)$/i.exec(output)?.[1]?.toLowerCase() ?? '';
  const wanted = FORMAT_OF_ENDING[ending];
  const isPicture = chain.startsWith('image/') && !/^image\/+info\b/.test(chain);
  if (wanted === undefined || !isPicture || /\/format,/.test(chain)) return chain;
  return `${chain}/format,${wanted.word}`;
}
