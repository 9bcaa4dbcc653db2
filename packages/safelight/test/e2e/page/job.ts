/**
 * What page, worker and test agree on: one render, told in values that cross between them. Files are
 * fetched by their name from the folder `/files`.
 * @module
 */

export interface Job {
  readonly source: string;
  readonly chain: string;
  readonly deflate?: 'runtime' | 'portable';
  readonly kernels?: 'auto' | 'portable';
  /** A font file that stands for `sans`. */
  readonly font?: string;
}

export interface Answer {
  readonly bytes?: Uint8Array;
  readonly failure?: string;
}

/** What the page offers the test. */
export interface Page {
  render(where: 'page' | 'worker', job: Job): Promise<Answer>;
  /** Which globals of Node are there. */
  nodeGlobals(): readonly string[];
}
