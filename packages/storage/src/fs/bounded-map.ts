/**
 * Many small reads at once, but not too many: the thread pool and the open files are shared.
 * @module
 */

/** Reads under way at once. Node's thread pool has 4 threads by default, so more gains nothing. */
const MAX_RUNNING = 8;

/** `task` of every item, in the order of the items. The first failure fails all. */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      results[at] = await task(items[at]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(MAX_RUNNING, items.length) }, work));
  return results;
}
