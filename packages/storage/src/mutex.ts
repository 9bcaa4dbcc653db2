/**
 * One task at a time, in the order of asking. A task that asks for its own mutex again waits
 * forever.
 * @module
 */

export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `task` after all tasks before it have settled, and settles as it does. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    // The next task starts whether this one failed or not; the caller alone sees the failure.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
