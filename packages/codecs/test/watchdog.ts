/**
 * Stops synchronous code that does not end: a test runner's own time limit cannot interrupt it.
 * @module
 */

import { runInNewContext } from 'node:vm';

/** Runs `work`; throws `ERR_SCRIPT_EXECUTION_TIMEOUT` when it takes longer than `timeoutMs`. */
export function withinTime<T>(timeoutMs: number, work: () => T): T {
  // The watchdog of node:vm ends whatever the isolate is running, functions of this context too.
  const results: T[] = [];
  runInNewContext('run()', { run: () => void results.push(work()) }, { timeout: timeoutMs });
  return results[0];
}
