/**
 * What a HEIF picture tells before it is decoded. Sizes are those of the picture as it is shown: crop
 * and turns belong to the container, so there is no other size to speak of.
 * @module
 */

import type { Calibration, ColorModel, ImageFormat, ImageHeader, Metadata } from '@safelight/core';
import { codedCalibration } from '../coded-colors.ts';
import { readExif } from '../exif/exif.ts';
import { iccFits } from '../icc.ts';
import type { HeifLayer, HeifPicture } from './picture.ts';

/** What a format's configuration adds. */
export interface HeifMeasure {
  readonly model: ColorModel;
  /** Peak outside the arena: one tile at a time. */
  readonly decoderBytes: number;
}

export function headerOfHeif(
  format: ImageFormat,
  picture: HeifPicture,
  bitDepth: number,
  { model, decoderBytes }: HeifMeasure,
): ImageHeader {
  const { placement, alpha } = picture;
  const exif = picture.exif === undefined ? undefined : readExif(picture.exif);
  return {
    format,
    width: placement.width,
    height: placement.height,
    // Sequences are shown as the still picture that goes with them.
    frames: 1,
    model,
    hasAlpha: alpha !== undefined,
    bitDepth,
    orientation: 1,
    ...(exif?.density !== undefined && { density: exif.density }),
    hasIcc: profileOf(picture, model) !== undefined,
    ...(exif !== undefined && { exif: exif.tags }),
    decoderBytes,
  };
}

/** What goes with the samples. Turns are done, so they are upright whatever EXIF says. */
export function metadataOfHeif(picture: HeifPicture, model: ColorModel): Metadata {
  const icc = profileOf(picture, model);
  // A profile says more than numbers do, and the two may stand side by side.
  const calibration = icc === undefined ? calibrationOf(picture) : undefined;
  const density = picture.exif === undefined ? undefined : readExif(picture.exif).density;
  return {
    orientation: 1,
    ...(icc && { icc }),
    ...(calibration && { calibration }),
    ...(density && { density }),
  };
}

/** The curves of cameras, BT.709's and its kin (H.273, table 3). */
const CAMERA_TRANSFERS: ReadonlySet<number> = new Set([1, 6, 14, 15]);
const SRGB_CODE = 13;
/** Of primaries. */
const BT709_CODE = 1;

/**
 * A camera's curve stands for sRGB's here: that is what is in still pictures whose writers took over
 * the numbers of film. Nothing for sRGB itself.
 */
function calibrationOf({ colors }: HeifPicture): Calibration | undefined {
  if (colors === undefined) return undefined;
  const { primaries } = colors;
  const transfer = CAMERA_TRANSFERS.has(colors.transfer) ? SRGB_CODE : colors.transfer;
  if (primaries === BT709_CODE && transfer === SRGB_CODE) return undefined;
  return codedCalibration({ primaries, transfer });
}

/** A profile has a header of 128 bytes and the number of its tags. */
const MIN_ICC_BYTES = 132;

function profileOf({ icc }: HeifPicture, model: ColorModel): Uint8Array | undefined {
  return icc !== undefined && icc.length >= MIN_ICC_BYTES && iccFits(icc, model) ? icc : undefined;
}

/** The most that any tile takes, by `bytesOf`. */
export function largestTile(
  { color, alpha }: HeifPicture,
  bytesOf: (tile: HeifLayer['tiles'][number]) => number,
): number {
  const tiles = [...color.tiles, ...(alpha?.tiles ?? [])];
  return tiles.reduce((most, tile) => Math.max(most, bytesOf(tile)), 0);
}
