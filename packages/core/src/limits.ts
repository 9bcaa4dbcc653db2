/**
 * What a render may cost. Two named profiles: `oss` has the documented numbers of the OSS image
 * service to the digit, `generous` admits what the engine can do within its memory budget.
 * @module
 */

import { ImageError } from './errors.ts';

export interface Limits {
  /** Length of a chain text, in characters after percent-decoding. */
  readonly maxChainChars: number;
  /** Actions in one chain. */
  readonly maxSteps: number;
  readonly maxSourceBytes: number;
  /** Width times height times frames of the source. */
  readonly maxSourcePixels: number;
  /** Longest side of the source, in pixels. */
  readonly maxSourceSide: number;
  /** The same for single formats, by name, where it is less. */
  readonly maxSideOf?: Readonly<Partial<Record<string, number>>>;
  readonly maxFrames: number;
  /** Scans of a progressive JPEG: each costs a pass over the picture. */
  readonly maxScans: number;
  /** Longest side of what a resize or an enlarging turn makes, in pixels. */
  readonly maxOutputSide: number;
  readonly maxOutputPixels: number;
  /** Longest side of a picture that is to be turned or oriented, in pixels. */
  readonly maxTurnSide: number;
  /** Predicted peak of one render. */
  readonly maxMemoryBytes: number;
  /** Wall time of one render. */
  readonly timeoutMs: number;
}

const MIB = 1024 * 1024;

/** The documented limits of OSS. */
export const OSS_LIMITS: Limits = {
  maxChainChars: 2048,
  maxSteps: 32,
  maxSourceBytes: 20 * MIB,
  maxSourcePixels: 250_000_000,
  maxSourceSide: 30_000,
  maxSideOf: { avif: 10_000, tiff: 16_384 },
  maxFrames: 1_000,
  maxScans: 100,
  maxOutputSide: 16_384,
  maxOutputPixels: 16_777_216,
  maxTurnSide: 4_096,
  maxMemoryBytes: 1024 * MIB,
  timeoutMs: 30_000,
};

/** The default: a 48-megapixel phone photograph just works. */
export const GENEROUS_LIMITS: Limits = {
  ...OSS_LIMITS,
  maxSourceBytes: 100 * MIB,
  maxSourceSide: 65_535,
  maxSideOf: {},
  maxOutputPixels: 250_000_000,
  maxOutputSide: 32_768,
  maxTurnSide: 65_535,
};

export type LimitProfile = 'oss' | 'generous';

export const LIMIT_PROFILES: Readonly<Record<LimitProfile, Limits>> = {
  oss: OSS_LIMITS,
  generous: GENEROUS_LIMITS,
};

/** Bytes that a render may still take; handed down the pipeline. */
export interface Budget {
  readonly maxBytes: number;
  readonly usedBytes: number;
  /** Takes `bytes`, or throws `LimitExceeded` / `too-much-memory`. */
  reserve(bytes: number, purpose: string): void;
  release(bytes: number): void;
}

export function createBudget(maxBytes: number): Budget {
  let used = 0;
  return {
    maxBytes,
    get usedBytes() {
      return used;
    },
    reserve(bytes, purpose) {
      if (used + bytes > maxBytes) {
        throw new ImageError(
          'LimitExceeded',
          'too-much-memory',
          `${purpose}: expected at most ${maxBytes - used} more bytes, got ${bytes}`,
          { publicMessage: 'The picture needs more memory than one render may use.' },
        );
      }
      used += bytes;
    },
    release(bytes) {
      used = Math.max(0, used - bytes);
    },
  };
}
