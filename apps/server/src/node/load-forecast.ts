/**
 * How long a new render would wait, from what the plans say of those before it and from how long work
 * took lately. A forecast only: it refuses early what would time out in the queue, and tells refused
 * callers when to come back.
 * @module
 */

export interface LoadForecast {
  /** A render of this planned cost is about to wait for a worker; give the function that ends it. */
  begin(costPixels: number): { readonly end: (renderMs: number | undefined) => void };
  /** Time until a worker is free for one more, ms. @param unplanned renders whose cost is not known */
  waitMs(unplanned: number): number;
}

/** Weight of the newest render in the averages: about the last twenty count. */
const NEWEST_SHARE = 0.1;

export function createLoadForecast(workers: number): LoadForecast {
  let plannedPixels = 0;
  let msPerPixel: number | undefined;
  let msPerRender: number | undefined;
  const blend = (old: number | undefined, value: number): number =>
    old === undefined ? value : old + (value - old) * NEWEST_SHARE;
  return {
    begin(costPixels) {
      plannedPixels += costPixels;
      let hasEnded = false;
      return {
        end(renderMs) {
          if (hasEnded) return;
          hasEnded = true;
          plannedPixels -= costPixels;
          if (renderMs === undefined) return;
          msPerRender = blend(msPerRender, renderMs);
          msPerPixel = blend(msPerPixel, renderMs / Math.max(1, costPixels));
        },
      };
    },
    waitMs(unplanned) {
      // Nothing was rendered yet: then nothing can be foretold.
      const planned = plannedPixels * (msPerPixel ?? 0);
      return (planned + unplanned * (msPerRender ?? 0)) / workers;
    },
  };
}
