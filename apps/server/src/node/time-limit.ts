/**
 * A signal with a time limit. `AbortSignal.timeout` and `AbortSignal.any` do the same by references that
 * the collector of garbage has to follow; a render has several, so these are ended by hand.
 * @module
 */

export interface TimeLimit {
  /** Aborts when the time is over or the earlier signal is `graceMs` past its abort. */
  readonly signal: AbortSignal;
  /** Whether the time was over first. */
  readonly isOver: boolean;
  /** Lets go of the earlier signal and the timer. To be called in the end, always. */
  end(): void;
}

export interface TimeLimitOptions {
  readonly limitMs: number;
  /** How long the earlier signal's abort is put off. @default 0 */
  readonly graceMs?: number;
}

export function createTimeLimit(
  earlier: AbortSignal,
  { limitMs, graceMs = 0 }: TimeLimitOptions,
): TimeLimit {
  const controller = new AbortController();
  let isOver = false;
  let grace: NodeJS.Timeout | undefined;
  const giveUp = (): void => controller.abort(earlier.reason);
  const onAbort = (): void => {
    if (graceMs === 0) giveUp();
    else grace = setTimeout(giveUp, graceMs);
  };
  const timer = setTimeout(() => {
    isOver = !controller.signal.aborted;
    controller.abort(new DOMException('The time is over.', 'TimeoutError'));
  }, limitMs);
  if (earlier.aborted) onAbort();
  else earlier.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    get isOver() {
      return isOver;
    },
    end() {
      clearTimeout(timer);
      clearTimeout(grace);
      earlier.removeEventListener('abort', onAbort);
    },
  };
}
