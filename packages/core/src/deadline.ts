/**
 * Giving up between steps. A step itself is never interrupted: whoever must stop one at any moment
 * runs renders in a worker and ends the worker.
 * @module
 */

import { ImageError } from './errors.ts';

export interface DeadlineOptions {
  /** Of this render from now on, milliseconds. */
  readonly timeoutMs: number;
  /** Milliseconds since the epoch; the earlier of the two counts. @default none */
  readonly deadline?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Deadline {
  /** @throws ImageError `Timeout` or `Aborted` */
  check(): void;
}

export function createDeadline(options: DeadlineOptions): Deadline {
  const { signal, timeoutMs } = options;
  const end = Math.min(Date.now() + timeoutMs, options.deadline ?? Infinity);
  return {
    check() {
      if (signal?.aborted) {
        throw new ImageError('Aborted', 'aborted', 'render: given up by its caller', {
          cause: signal.reason,
        });
      }
      if (Date.now() <= end) return;
      throw new ImageError('Timeout', 'timed-out', `render: expected to end in ${timeoutMs} ms`);
    },
  };
}
