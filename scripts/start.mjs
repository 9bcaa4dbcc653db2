/**
 * `npm start`: from a fresh clone to a running service. Everything after `--` goes to the server.
 * @module
 */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { announce, installAndBuild, root } from './pnpm.mjs';

await installAndBuild();
announce('Starting the service (Ctrl+C stops it)');
const server = spawn(
  process.execPath,
  [join(root, 'apps/cli/dist/main.js'), 'serve', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
// The terminal sends Ctrl+C to both; the server finishes its renders, then this process ends as it did.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.once('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
