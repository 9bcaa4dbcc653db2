/**
 * The jobs that are timed: from file bytes to file bytes, the same work for each engine. A job runs in
 * a fresh process (see `run.ts`), so nothing here may remember another engine's run.
 * @module
 */

import sharp from 'sharp';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** One engine's way of doing a job. */
export type Runner = (source: Uint8Array) => Promise<Uint8Array>;

export interface Job {
  readonly name: string;
  readonly description: string;
  /** Where the pixels of the generated source come from; its file is JPEG at this quality. */
  readonly source: Size & { readonly qualityPercent: number };
  readonly target: Size;
  readonly runners: Readonly<Record<string, () => Promise<Runner>>>;
}

const HEADLINE: Size = { width: 720, height: 588 };

/** 6-megapixel JPEG to 720 x 588 at quality 80: the job of sharp's own benchmark page. */
const jpegToHeadline: Job = {
  name: 'jpeg-720',
  description: 'JPEG 2725 x 2225 4:2:0 to JPEG 720 x 588, quality 80, Lanczos3',
  source: { width: 2725, height: 2225, qualityPercent: 85 },
  target: HEADLINE,
  runners: {
    safelight: async () => {
      const { createSafelight } = await import('safelight');
      const safelight = await createSafelight();
      const chain = `image/resize,m_fixed,w_${HEADLINE.width},h_${HEADLINE.height}/quality,Q_80`;
      return async (source) => (await safelight.render(source, chain)).bytes;
    },
    sharp: () => {
      sharp.cache(false);
      return Promise.resolve(async (source) =>
        sharp(source)
          .resize(HEADLINE.width, HEADLINE.height, { fit: 'fill' })
          .jpeg({ quality: 80 })
          .toBuffer(),
      );
    },
  },
};

export const JOBS: readonly Job[] = [jpegToHeadline];
