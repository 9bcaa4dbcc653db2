/**
 * How long a new render would wait, from what the plans say of those before it and from how long work
 * took lately. A forecast only: it refuses early what would time out in the queue, and tells refused
 * callers when to come back.
 * @module
 */

export interface LoadForecast {
  /**
   * A render is about to wait for a worker; give the function that ends it.
   * @param costPixels as planned; undefined where it is planned by the worker: then it counts as the average
   */
  begin(costPixels: number | undefined): { readonly end: (renderMs: number | undefined) => void };
  /** Time until a worker is free for one more, ms. @param waiting renders that have not begun */
  waitMs(waiting: number): number;
}

/** Weight of the newest render in the averages: about the last twenty count. */
const NEWEST_SHARE = 0.1;

export function createLoadForecast(workers: number): LoadForecast {
  let plannedPixels = 0;
  let unplanned = 0;
  // The first render of a thread also pays for its start, a hundred times what the next one takes.
  let cold = workers;
  let msPerPixel: number | undefined;
  let msPerRender: number | undefined;
  const blend = (old: number | undefined, value: number): number =>
    old === undefined ? value : old + (value - old) * NEWEST_SHARE;
  return {
    begin(costPixels) {
      if (costPixels === undefined) unplanned++;
      else plannedPixels += costPixels;
      let hasEnded = false;
      return {
        end(renderMs) {
          if (hasEnded) return;
          hasEnded = true;
          if (costPixels === undefined) unplanned--;
          else plannedPixels -= costPixels;
          if (renderMs === undefined) return;
          if (cold > 0) {
            cold--;
            return;
          }
          msPerRender = blend(msPerRender, renderMs);
          if (costPixels === undefined) return;
          msPerPixel = blend(msPerPixel, renderMs / Math.max(1, costPixels));
        },
      };
    },
    waitMs(waiting) {
      // Before the threads are warm nothing can be foretold.
      const planned = plannedPixels * (msPerPixel ?? 0);
      return (planned + (unplanned + waiting) * (msPerRender ?? 0)) / workers;
    },
  };
}
