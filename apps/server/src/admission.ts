/**
 * The gate before the workers: so many at work, so many waiting, the rest refused at once. Refusing
 * early is what keeps an overloaded service answering.
 * @module
 */

import { ServiceError } from './service-error.ts';

export interface Admission {
  /**
   * Waits for a place and gives the function that leaves it; calling that twice does nothing.
   * @throws ServiceError `ServiceUnavailable` when too many wait; the signal's reason when it aborts
   */
  enter(signal: AbortSignal): Promise<() => void>;
  /** How many wait. */
  readonly waiting: number;
}

export function createAdmission(options: {
  readonly maxActive: number;
  readonly maxWaiting: number;
}): Admission {
  let active = 0;
  const queue = new Set<() => void>();

  const leaveOnce = (): (() => void) => {
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      active--;
      const [next] = queue;
      next?.();
    };
  };

  return {
    get waiting() {
      return queue.size;
    },
    enter(signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const admit = (): void => {
          queue.delete(admit);
          signal.removeEventListener('abort', giveUp);
          active++;
          resolve(leaveOnce());
        };
        const giveUp = (): void => {
          queue.delete(admit);
          reject(signal.reason as Error);
        };
        if (active < options.maxActive) admit();
        else if (queue.size >= options.maxWaiting) reject(tooBusy());
        else {
          queue.add(admit);
          signal.addEventListener('abort', giveUp, { once: true });
        }
      });
    },
  };
}

/** The answer of an overloaded service; `Retry-After` is added where errors become answers. */
export function tooBusy(): ServiceError {
  return new ServiceError(
    'ServiceUnavailable',
    'The service is busy. Please reduce your request rate.',
  );
}
