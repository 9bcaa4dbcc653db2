/**
 * The refusals that every codec makes, each with its code and reason, and the checks of a picture's
 * size. Sizes are checked here and nowhere else, before any byte of a picture is decoded.
 * @module
 */

import { ImageError, type ImageFormat, type Limits } from '@safelight/core';

/** The bytes break the rules of their format. */
export function damaged(format: ImageFormat, text: string, cause?: unknown): ImageError {
  return new ImageError('BadImage', 'damaged', `${format}: ${text}`, {
    // Some formats have a code and an id of their own for this in the language.
    fault: { parameter: format },
    cause,
  });
}

/** The bytes end before the picture does. */
export function truncated(format: ImageFormat, text: string, cause?: unknown): ImageError {
  return new ImageError('BadImage', 'truncated', `${format}: ${text}`, {
    fault: { parameter: format },
    cause,
  });
}

/** Well formed as far as one can tell, but of a kind that no decoder here does right. */
export function unsupported(format: ImageFormat, text: string): ImageError {
  return new ImageError('UnsupportedFormat', 'unsupported-kind', `${format}: ${text}`);
}

/** Throws `LimitExceeded` when the stored bytes are more than a source may have. */
export function checkByteLength(format: ImageFormat, byteLength: number, limits: Limits): void {
  if (byteLength > limits.maxSourceBytes) {
    throw new ImageError(
      'LimitExceeded',
      'too-many-bytes',
      `${format}: expected at most ${limits.maxSourceBytes} bytes, got ${byteLength}`,
    );
  }
}

/** Throws for a picture without pixels, and `LimitExceeded` for one with too many. */
export function checkSize(
  format: ImageFormat,
  width: number,
  height: number,
  limits: Limits,
): void {
  if (width === 0 || height === 0) {
    throw damaged(format, `expected a width and height of at least 1, got ${width} x ${height}`);
  }
  const side = Math.max(width, height);
  const maxSide = Math.min(limits.maxSourceSide, limits.maxSideOf?.[format] ?? Infinity);
  if (side > maxSide) {
    throw new ImageError(
      'LimitExceeded',
      'side-too-long',
      `${format}: expected a side of at most ${maxSide} pixels, got ${side}`,
      // Each format has an id of its own for this in the language.
      { fault: { parameter: format, value: `${width}x${height}` } },
    );
  }
  // Both sides are below 2^32, so their product as a double errs by far less than any limit.
  if (width * height > limits.maxSourcePixels) {
    throw new ImageError(
      'LimitExceeded',
      'too-many-pixels',
      `${format}: expected at most ${limits.maxSourcePixels} pixels, got ${width * height}`,
    );
  }
}

/** Throws `LimitExceeded` for an animation with too many frames, or too many pixels in all of them. */
export function checkFrames(
  format: ImageFormat,
  frames: number,
  pixels: number,
  limits: Limits,
): void {
  if (frames > limits.maxFrames) {
    throw new ImageError(
      'LimitExceeded',
      'too-many-frames',
      `${format}: expected at most ${limits.maxFrames} frames, got more`,
    );
  }
  if (pixels > limits.maxSourcePixels) {
    throw new ImageError(
      'LimitExceeded',
      'too-many-pixels',
      `${format}: expected at most ${limits.maxSourcePixels} pixels in all frames, got more`,
    );
  }
}

/**
 * Throws `LimitExceeded` when a decoder would take more memory than one render may. A plan refuses
 * that earlier and with its planes counted in; this is the gate for callers without one.
 */
export function checkDecoderBytes(format: ImageFormat, decoderBytes: number, limits: Limits): void {
  if (decoderBytes > limits.maxMemoryBytes) {
    throw new ImageError(
      'LimitExceeded',
      'too-much-memory',
      `${format} decoder: expected at most ${limits.maxMemoryBytes} bytes, got ${decoderBytes}`,
      { publicMessage: 'The picture needs more memory than one render may use.' },
    );
  }
}
