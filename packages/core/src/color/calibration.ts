/**
 * What a file says of its colours without a profile: types alone, since every raster may carry one.
 * @module
 */

/** How samples were encoded, where a file tells so without a profile. */
export interface Calibration {
  /** From samples to light. */
  readonly transfer: TransferFunction;
  readonly primaries: Primaries;
}

/** `g a b c d e f`: (a x + b)^g + e from `d` on, below it c x + f. */
export interface TransferFunction {
  readonly gamma: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

/** Places in the diagram of CIE 1931. */
export interface Chromaticity {
  readonly x: number;
  readonly y: number;
}

export interface Primaries {
  readonly white: Chromaticity;
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
}
