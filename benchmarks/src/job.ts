/**
 * What is timed, in words that belong to no engine: source bytes in, one operation, result bytes
 * out. Each file of `engines/` translates a job, so all of them are given exactly the same work.
 * @module
 */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Operation =
  /** To exactly this size with the engine's Lanczos3, or its nearest to that. */
  | { readonly kind: 'resize'; readonly size: Size }
  | { readonly kind: 'crop'; readonly left: number; readonly top: number; readonly size: Size }
  /** A quarter turn clockwise. */
  | { readonly kind: 'rotate90' }
  /** Unsharp mask of sigma 0.7; 100 adds the difference once. */
  | { readonly kind: 'sharpen'; readonly amountPercent: number }
  /** Nothing: decode and encode. */
  | { readonly kind: 'recode' };

export interface Job {
  /** A picture file, or straight RGBA samples of this size without any header. */
  readonly input: 'file' | { readonly raw: Size };
  readonly operation: Operation;
  /** `raw` is straight RGBA without a header. */
  readonly output: {
    readonly format: 'jpeg' | 'png' | 'webp' | 'raw';
    readonly qualityPercent: number;
  };
}

/** The service's sharpening mask, as its published results show it. */
export const SHARPEN_SIGMA = 0.7;
export const SHARPEN_RADIUS = 2;

/**
 * The same pixels without a lossy encoder after them: what the quality before encoding is taken
 * of.
 */
export function losslessTwin(job: Job): Job {
  const { format, qualityPercent } = job.output;
  return { ...job, output: { format: format === 'raw' ? 'raw' : 'png', qualityPercent } };
}

export function outputSizeOf({ operation }: Job, source: Size): Size {
  if (operation.kind === 'resize' || operation.kind === 'crop') return operation.size;
  if (operation.kind === 'rotate90') return { width: source.height, height: source.width };
  return { width: source.width, height: source.height };
}
