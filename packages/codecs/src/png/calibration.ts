/**
 * Colours that a PNG tells without a profile: cICP, sRGB, cHRM and gAMA, of which the first that is
 * there counts (PNG, 4.3). Read as Chromium does: gAMA alone speaks of the primaries of sRGB. High dynamic
 * range is not brought into the range of a screen: such a cICP is as good as absent.
 * @module
 */

import {
  type Calibration,
  type Chromaticity,
  type Primaries,
  SRGB_PRIMARIES,
  type TransferFunction,
} from '@safelight/core';
import { codedCalibration, powerOf, SRGB_TRANSFER } from '../coded-colors.ts';

/** Contents of the chunks, as they came. */
export interface ColorChunks {
  cICP?: Uint8Array;
  sRGB?: Uint8Array;
  cHRM?: Uint8Array;
  gAMA?: Uint8Array;
}

/** Nothing for sRGB, told or not. */
export function calibrationOf(chunks: ColorChunks): Calibration | undefined {
  const { cICP, sRGB, cHRM, gAMA } = chunks;
  const coded = cICP && calibrationOfCodes(cICP);
  if (coded !== undefined) return coded;
  if (sRGB !== undefined) return undefined;
  const primaries = cHRM && readPrimaries(cHRM);
  const transfer = gAMA && readGamma(gAMA);
  if (primaries === undefined && transfer === undefined) return undefined;
  return { primaries: primaries ?? SRGB_PRIMARIES, transfer: transfer ?? SRGB_TRANSFER };
}

/** PNG, 11.3.2.6: the matrix must be 0, samples fill the range. */
function calibrationOfCodes(payload: Uint8Array): Calibration | undefined {
  const [primaries, transfer, matrix, isFull] = payload;
  if (payload.length !== 4 || matrix !== 0 || isFull !== 1) return undefined;
  return codedCalibration({ primaries, transfer });
}

/** PNG, 11.3.2.1: white, red, green, blue, in hundred thousandths. */
function readPrimaries(payload: Uint8Array): Primaries | undefined {
  if (payload.length !== 32) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const placeAt = (at: number): Chromaticity => ({
    x: view.getUint32(at) / 100_000,
    y: view.getUint32(at + 4) / 100_000,
  });
  const primaries = {
    white: placeAt(0),
    red: placeAt(8),
    green: placeAt(16),
    blue: placeAt(24),
  };
  return Object.values(primaries).every(({ y }) => y > 0) ? primaries : undefined;
}

/** What writers of sRGB give as its gamma, and what is as near to it as their digits are. */
const SRGB_GAMMA = 45_455;
const GAMMA_DIGITS = 500;

/**
 * PNG, 11.3.2.2: the exponent of encoding, in hundred thousandths. 1 / 2.2 stands for sRGB, whose curve
 * is no power: the specification itself tells writers of sRGB to add it.
 */
function readGamma(payload: Uint8Array): TransferFunction | undefined {
  if (payload.length !== 4) return undefined;
  const value = new DataView(payload.buffer, payload.byteOffset, 4).getUint32(0);
  if (value === 0) return undefined;
  return Math.abs(value - SRGB_GAMMA) <= GAMMA_DIGITS ? SRGB_TRANSFER : powerOf(100_000 / value);
}
