/**
 * Renders in a worker; the answer goes to the port that comes with the job.
 * @module
 */

import type { Job } from './job.ts';
import { runJob } from './run-job.ts';

globalThis.addEventListener('message', (event: MessageEvent<Job>) => {
  const [port] = event.ports;
  void runJob(event.data).then((answer) => port?.postMessage(answer));
});
