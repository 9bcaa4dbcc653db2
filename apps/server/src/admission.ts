/**
 * A gate: so many inside, of so much weight together, so many waiting in the order they came, the rest
 * refused at once. Refusing early is what keeps an overloaded service answering.
 * @module
 */

import { ServiceError } from './service-error.ts';

export interface Admission {
  /**
   * Waits for room and gives the function that leaves it; calling that twice does nothing.
   * @param weight in the gate's unit; one heavier than all room there is enters when nobody is inside
   * @throws ServiceError `ServiceUnavailable` when too many wait; the signal's reason when it aborts
   */
  enter(signal: AbortSignal, weight?: number): Promise<() => void>;
  /** As `enter` where that need not wait; otherwise undefined. */
  enterAtOnce(weight?: number): (() => void) | undefined;
  /** How many wait. */
  readonly waiting: number;
  /** How many are inside. */
  readonly active: number;
  /** Weight of who is inside. */
  readonly weight: number;
}

export interface AdmissionOptions {
  readonly maxActive: number;
  readonly maxWaiting: number;
  /** @default no bound */
  readonly maxWeight?: number;
  /** Seconds that who is refused is asked to wait. @default the service's */
  readonly retryAfterSec?: () => number | undefined;
}

interface Waiter {
  readonly weight: number;
  readonly admit: () => void;
}

export function createAdmission(options: AdmissionOptions): Admission {
  const { maxActive, maxWaiting, maxWeight = Number.POSITIVE_INFINITY } = options;
  let active = 0;
  let inside = 0;
  const queue = new Set<Waiter>();

  const hasRoom = (weight: number): boolean =>
    active < maxActive && (active === 0 || inside + weight <= maxWeight);

  /** Strictly in order: a light one that overtakes would keep a heavy one waiting for ever. */
  const admitNext = (): void => {
    for (const waiter of queue) {
      if (!hasRoom(waiter.weight)) return;
      waiter.admit();
    }
  };

  const enterNow = (weight: number): (() => void) => {
    active++;
    inside += weight;
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      active--;
      inside -= weight;
      admitNext();
    };
  };

  const enterAtOnce = (weight = 0): (() => void) | undefined =>
    queue.size === 0 && hasRoom(weight) ? enterNow(weight) : undefined;

  return {
    get waiting() {
      return queue.size;
    },
    get active() {
      return active;
    },
    get weight() {
      return inside;
    },
    enterAtOnce,
    async enter(signal, weight = 0) {
      signal.throwIfAborted();
      const leave = enterAtOnce(weight);
      if (leave !== undefined) return leave;
      if (queue.size >= maxWaiting) throw tooBusy(options.retryAfterSec?.());
      return new Promise((resolve, reject) => {
        const giveUp = (): void => {
          queue.delete(waiter);
          reject(signal.reason as Error);
          // Who waited behind a heavy one may fit.
          admitNext();
        };
        const waiter: Waiter = {
          weight,
          admit() {
            queue.delete(waiter);
            signal.removeEventListener('abort', giveUp);
            resolve(enterNow(weight));
          },
        };
        queue.add(waiter);
        signal.addEventListener('abort', giveUp, { once: true });
      });
    },
  };
}

/** The answer of an overloaded service; `Retry-After` is added where errors become answers. */
export function tooBusy(retryAfterSec?: number): ServiceError {
  const headers = retryAfterSec === undefined ? {} : { 'retry-after': String(retryAfterSec) };
  const message = 'The service is busy. Please reduce your request rate.';
  return new ServiceError('ServiceUnavailable', message, { headers });
}
