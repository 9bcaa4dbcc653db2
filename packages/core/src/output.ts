/**
 * What the encoder will be asked: format, quality, interlace, from the chain's deferred state and the
 * source. The quality of a JPEG is its source's unless the chain says otherwise.
 * @module
 */

import type {
  AnimationSettings,
  Codec,
  EncodeSettings,
  ImageFormat,
  ImageHeader,
} from './codec.ts';
import type { Deferred } from './definition.ts';
import { ImageError } from './errors.ts';
import { roundHalfUp } from './geometry.ts';
import type { OutputTraits } from './operation.ts';
import type { Color, ColorModel } from './raster.ts';
import type { Size } from './shape.ts';

/**
 * Where the source tells no quality: not published by the service, and a matter of taste. On JPEG's
 * scale for all: a codec whose own scale is another one translates.
 */
const DEFAULT_QUALITY_PERCENT: Readonly<Record<ImageFormat, number>> = {
  jpeg: 75,
  webp: 75,
  avif: 75,
  // Without loss, or not written: any number does.
  bmp: 75,
  gif: 75,
  heic: 75,
  png: 75,
  tiff: 75,
};

/** Formats that the language lets a quality be asked of; others ignore it. */
const HEEDS_QUALITY: ReadonlySet<ImageFormat> = new Set(['jpeg', 'webp']);

export interface Output {
  readonly format: ImageFormat;
  readonly settings: EncodeSettings;
  readonly traits: OutputTraits;
  /** Models that the encoder takes; the first is what others are converted to. */
  readonly models: readonly ColorModel[];
  readonly codec: Codec;
  /** Behind a transparent source, where the format has no alpha. @default white */
  readonly sourceBackground?: Color | undefined;
  /** Present when all frames are written. */
  readonly animation?: AnimationSettings;
}

/** @throws ImageError `NotImplemented` / `no-encoder` when no codec writes the format. */
export function resolveOutput(
  header: ImageHeader,
  deferred: Deferred,
  codecs: readonly Codec[],
): Output {
  const { formatOnlyFrom = header.format } = deferred;
  const wanted = formatOnlyFrom === header.format ? deferred.format : undefined;
  const format = outputFormat(header.format, wanted);
  const codec = codecs.find((candidate) => candidate.format === format && candidate.encode);
  if (codec?.encodes === undefined) {
    throw new ImageError(
      'NotImplemented',
      'no-encoder',
      `format: expected one that can be written, got '${format}'`,
      { fault: { action: 'format', parameter: 'format', value: format } },
    );
  }
  const { models, alpha } = codec.encodes;
  return {
    format,
    codec,
    models,
    sourceBackground: deferred.sourceBackground,
    settings: {
      qualityPercent: HEEDS_QUALITY.has(format)
        ? outputQuality(format, header.qualityPercent, deferred.quality)
        : DEFAULT_QUALITY_PERCENT[format],
      progressive: deferred.progressive,
    },
    traits: { alpha, subsampled: models[0] === 'ycbcr' },
  };
}

/** Only a GIF becomes a GIF: other sources keep their format, and no error is raised. */
function outputFormat(source: ImageFormat, wanted: ImageFormat | undefined): ImageFormat {
  if (wanted === undefined) return source;
  return wanted === 'gif' && source !== 'gif' ? source : wanted;
}

/** A relative quality, or a ceiling, of the source's; taken literally where the source tells none. */
function outputQuality(
  format: ImageFormat,
  source: number | undefined,
  wanted: Deferred['quality'],
): number {
  if (wanted?.ceilingPercent !== undefined) {
    return Math.min(source ?? wanted.ceilingPercent, wanted.ceilingPercent);
  }
  if (wanted?.relativePercent !== undefined) {
    return Math.max(1, roundHalfUp(((source ?? 100) * wanted.relativePercent) / 100));
  }
  return source ?? DEFAULT_QUALITY_PERCENT[format];
}

/** @throws ImageError `LimitExceeded` / `format-too-large` */
export function checkEncodeSide({ codec, format }: Output, { width, height }: Size): void {
  const checks = [
    [Math.max(width, height), codec.maxEncodeSide, 'pixels a side'],
    [width, codec.maxEncodeWidth, 'pixels a row'],
    [width * height, codec.maxEncodePixels, 'pixels'],
  ] as const;
  for (const [value, most, unit] of checks) {
    if (most === undefined || value <= most) continue;
    throw new ImageError(
      'LimitExceeded',
      'format-too-large',
      `format: expected at most ${most} ${unit} for ${format}, got ${width}x${height}`,
      { fault: { action: 'format', parameter: 'format', value: format } },
    );
  }
}
