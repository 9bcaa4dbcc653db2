/**
 * Encoder quality for JPEG and WebP, against the source or as a ceiling. The ceiling wins.
 * @module
 */

export interface QualityOptions {
  /** Percent of the source's quality, 1 to 100. */
  readonly relativePercent?: number;
  /** The result has at most this quality, 1 to 100. */
  readonly ceilingPercent?: number;
}

export interface QualityAction extends QualityOptions {
  readonly name: 'quality';
}

export function quality(options: QualityOptions): QualityAction {
  return { name: 'quality', ...options };
}
