/**
 * The cases under load, P15 and P16: which servers, which requests, which promises.
 * @module
 */

import {
  type Ask,
  bytesServer,
  honoSharpServer,
  ipxServer,
  type LoadServer,
  safelightServer,
} from './servers.ts';

export interface LoadCase {
  readonly id: string;
  readonly title: string;
  /** Ours first. */
  readonly servers: readonly LoadServer[];
  /** What request number `n` asks for. */
  readonly askOf: (n: number, pictures: readonly string[]) => Ask;
  /** Requests per second of ours to each peer's, in the order of `servers`. */
  readonly atLeast: readonly number[];
}

const WIDTHS = 160;
const QUALITIES = 20;

/**
 * No two requests of a run are alike (up to 3,200 times the number of pictures), so that neither a
 * cache nor coalescing of equal requests helps anyone; connections always differ in their pictures.
 */
export function distinctAsk(n: number, pictures: readonly string[]): Ask {
  const turn = Math.floor(n / (WIDTHS * QUALITIES));
  return {
    picture: pictures[(n + turn) % pictures.length] as string,
    width: 640 + (n % WIDTHS),
    qualityPercent: 70 + (Math.floor(n / WIDTHS) % QUALITIES),
  };
}

/** As many URLs as pictures, over and over: answers of some 60 kB. */
function repeatedAsk(n: number, pictures: readonly string[]): Ask {
  return { picture: pictures[n % pictures.length] as string, width: 960, qualityPercent: 80 };
}

export const LOAD_CASES: readonly LoadCase[] = [
  {
    id: 'P15',
    title: 'server, uncached: JPEG 6 MP to 640-799 px wide over HTTP',
    servers: [safelightServer, honoSharpServer, ipxServer],
    askOf: distinctAsk,
    atLeast: [1.5, 1.5],
  },
  {
    id: 'P16',
    title: 'server, hits of the memory cache, access log on',
    servers: [safelightServer, bytesServer],
    askOf: repeatedAsk,
    atLeast: [0.8],
  },
];
