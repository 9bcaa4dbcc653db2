/**
 * Rows that a decoder gives in order, a few at a time, where the first operation takes them so: the
 * picture then never lies in memory as a whole. Each row comes once; what is not kept is gone.
 * @module
 */

/** How the rows of one plane come; of pixels, where they are interleaved. */
export interface RowLayout {
  /** Bytes from one row to the next where rows are written: `strideOf` what they take, or more. */
  readonly rowBytes: number;
  /** Rows of one step. */
  readonly stepRows: number;
}

/** How the rows of a picture come. */
export interface RowsShape {
  /** One for each plane, or one for all where pixels are interleaved, as they must be to have alpha. */
  readonly planes: readonly RowLayout[];
  /** What can be read at once at least. The last step may bring fewer rows than others, and writes no more. */
  readonly steps: number;
}

export interface RowSource extends RowsShape {
  /**
   * Reads the next `steps` into `targets`, views of the arena with room for as many times `stepRows`.
   * All steps are to be read, whether their rows are needed or not: errors show on the way.
   *
   * @throws ImageError as `decode`
   */
  read(steps: number, targets: readonly Uint8Array[]): void;
}
