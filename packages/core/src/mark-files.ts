/**
 * Fetching the files of a chain's picture marks. Which keys a chain names is told without fetching, so
 * that a service can check rights, and name the marks' versions in its caches, before anything is read.
 * @module
 */

import type { Chain } from './action.ts';
import type { Codec, ImageFormat } from './codec.ts';
import { ImageError, type ImageFault } from './errors.ts';
import type { Limits } from './limits.ts';
import { sniffCodec } from './pipeline.ts';
import { blameMark, type MarkFile, type MarkFiles } from './planned-mark.ts';

/** The bytes behind a key, or nothing when there is no such picture. */
export type ReadMark = (key: string) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

/** Different pictures that the marks of one chain may show. */
const MAX_MARK_PICTURES = 3;

/** What may be a mark: no animation. */
const MARK_FORMATS: readonly ImageFormat[] = ['jpeg', 'png', 'bmp', 'webp', 'tiff'];

/**
 * The keys of all pictures that a chain's marks show, each once, in the order of the chain.
 * @throws ImageError `LimitExceeded` / `too-many-marks`
 */
export function listMarkKeys(chain: Chain): readonly string[] {
  const keys = new Set<string>();
  for (const [step, action] of chain.entries()) {
    const key = action.name === 'watermark' ? action.picture?.key : undefined;
    if (key === undefined) continue;
    keys.add(key);
    if (keys.size > MAX_MARK_PICTURES) {
      throw new ImageError(
        'LimitExceeded',
        'too-many-marks',
        `watermark.picture: expected at most ${MAX_MARK_PICTURES} different ones, got more`,
        { fault: { step, action: 'watermark', parameter: 'picture', value: key } },
      );
    }
  }
  return [...keys];
}

/**
 * Reads and recognises the files of all marks.
 * @throws ImageError `missing-mark`, `mark-format`, `too-many-marks`, and for limits of the source
 */
export async function openMarks(
  chain: Chain,
  read: ReadMark | undefined,
  context: { readonly codecs: readonly Codec[]; readonly limits: Limits },
): Promise<MarkFiles | undefined> {
  const keys = listMarkKeys(chain);
  if (keys.length === 0 || read === undefined) return undefined;
  const files = new Map<string, MarkFile>();
  for (const key of keys) {
    const fault = faultOf(chain, key);
    const bytes = await read(key);
    if (bytes === undefined) {
      throw new ImageError(
        'InvalidArgument',
        'missing-mark',
        `watermark.picture: expected a picture that exists, got '${key}'`,
        { fault, publicMessage: 'The picture of the watermark does not exist.' },
      );
    }
    files.set(key, openMark(bytes, fault, context));
  }
  return files;
}

function openMark(
  bytes: Uint8Array,
  fault: ImageFault,
  context: { readonly codecs: readonly Codec[]; readonly limits: Limits },
): MarkFile {
  try {
    const codec = sniffCodec(bytes, context);
    if (codec.decode === undefined || !MARK_FORMATS.includes(codec.format)) {
      throw new ImageError(
        'UnsupportedFormat',
        'unsupported-kind',
        `watermark.picture: expected one of ${MARK_FORMATS.join(' ')}, got ${codec.format}`,
      );
    }
    return { bytes, codec, fault, header: codec.readHeader(bytes, context.limits) };
  } catch (error) {
    throw blameMark(error, fault);
  }
}

function faultOf(chain: Chain, key: string): ImageFault {
  const step = chain.findIndex(
    (action) => action.name === 'watermark' && action.picture?.key === key,
  );
  return { step, action: 'watermark', parameter: 'picture', value: key };
}
