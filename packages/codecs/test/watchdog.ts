/**
 * Stops synchronous code that does not end: a test runner's own time limit cannot interrupt it.
 * @module
 */

import { createContext, Script } from 'node:vm';

// One context for all calls: making one takes longer than most of what is watched.
const realm: { run: () => void } = { run: () => undefined };
const context = createContext(realm);
const script = new Script('run()');

/** Runs `work`; throws `ERR_SCRIPT_EXECUTION_TIMEOUT` when it takes longer than `timeoutMs`. */
export function withinTime<T>(timeoutMs: number, work: () => T): T {
  // The watchdog of node:vm ends whatever the isolate is running, functions of this context too.
  const results: T[] = [];
  realm.run = () => void results.push(work());
  script.runInContext(context, { timeout: timeoutMs });
  return results[0];
}
