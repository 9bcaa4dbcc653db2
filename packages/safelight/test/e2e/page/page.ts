/**
 * The page: renders itself, or hands over to its worker.
 * @module
 */

import type { Answer, Page } from './job.ts';
import { runJob } from './run-job.ts';

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

const page: Page = {
  render(where, job) {
    if (where === 'page') return runJob(job);
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise<Answer>((resolve) => {
      port1.addEventListener('message', (event: MessageEvent<Answer>) => resolve(event.data));
      port1.start();
    });
    worker.postMessage(job, [port2]);
    return answer;
  },
  nodeGlobals: () => ['process', 'Buffer', 'require'].filter((name) => name in globalThis),
};

Object.assign(globalThis, { page });
