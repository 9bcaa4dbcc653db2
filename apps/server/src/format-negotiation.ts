/**
 * `format,auto`: AVIF or WebP for callers whose Accept header names it and an engine that writes it.
 * Opted into by the chain or style itself, or for a whole bucket. Easily got wrong: once a URL is
 * negotiated, every answer to it varies, the one with the source's format too.
 * @module
 */

import { format, type ImageFormat, MEDIA_TYPES } from '@safelight/core';
import type { BucketRecord, ObjectRecord } from '@safelight/storage';
import type { ReadImage } from './cache/chain-cache.ts';
import { type Call, headerOf } from './call.ts';
import type { Service } from './service.ts';

/** What will be rendered, with the format that was agreed on. */
export interface Negotiated {
  readonly image: ReadImage;
  /** Undefined where nothing was to be agreed: the answer is the same for all. */
  readonly word: string | undefined;
}

/** The setting of a bucket whose pictures are all negotiated unless the chain names a format. */
export const FORMAT_AUTO_SETTING = 'safelight-format-auto';
export const FORMAT_AUTO_ON = 'on';

/** The smaller files first. */
const CANDIDATES = ['avif', 'webp'] as const satisfies readonly ImageFormat[];
type Candidate = (typeof CANDIDATES)[number];

/** The word where the caller takes none of them: the source's own format. */
const SOURCE_WORD = 'source';

export async function negotiateFormat(
  call: Call,
  service: Service,
  subject: {
    readonly image: ReadImage;
    readonly bucket: BucketRecord | undefined;
    readonly source: ObjectRecord;
  },
): Promise<Negotiated> {
  const { image, bucket, source } = subject;
  const last = image.chain.findLast(({ name }) => name === 'format');
  const isAuto = last?.name === 'format' && last.format === 'auto';
  const isOptedIn =
    last === undefined &&
    bucket?.settings[FORMAT_AUTO_SETTING] === FORMAT_AUTO_ON &&
    !image.chain.some(({ name }) => name === 'info' || name === 'average-hue');
  if (!isAuto && !isOptedIn) return { image, word: undefined };
  const chosen = await chooseFormat(headerOf(call, 'accept') ?? '', service, source);
  if (chosen === undefined) return { image, word: SOURCE_WORD };
  const agreed = format({ format: chosen });
  return {
    word: chosen,
    image: isAuto
      ? {
          ...image,
          chain: image.chain.map((action) => (action === last ? agreed : action)),
          canonical: image.canonical.replaceAll('/format,auto', `/format,${chosen}`),
        }
      : {
          ...image,
          chain: [...image.chain, agreed],
          canonical: `${image.canonical}/format,${chosen}`,
        },
  };
}

async function chooseFormat(
  accept: string,
  service: Service,
  source: ObjectRecord,
): Promise<Candidate | undefined> {
  const wanted = CANDIDATES.filter((candidate) => isNamed(accept, MEDIA_TYPES[candidate]));
  if (wanted.length === 0) return undefined;
  const writes = (await service.renderer.writes?.()) ?? [];
  // AVIF is written as a still picture: what moves is better a WebP.
  const isMoving = source.contentType === 'image/gif' || /\.gif$/i.test(source.key);
  return wanted.find((word) => writes.includes(word) && !(word === 'avif' && isMoving));
}

/**
 * Whether an Accept header names the media type and does not refuse it (RFC 9110, 12.5.1). Wildcards do
 * not count: everybody sends one, and many who do cannot show AVIF.
 */
function isNamed(accept: string, mediaType: string): boolean {
  return accept.split(',').some((item) => {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    return name === mediaType && !parameters.some((text) => /^q=0(?:\.0*)?$/.test(text));
  });
}
