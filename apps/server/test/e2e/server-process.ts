/**
 * The built program as a child process: real port, real files, real exit status.
 * @module
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../dist/node/main.js', import.meta.url));

export const KEY_ID = 'e2e-id';
export const SECRET = 'e2e-secret-of-some-length';

/** A key that is known beforehand, free ports, few words. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  SAFELIGHT_PORT: '0',
  SAFELIGHT_WORKERS: '1',
  SAFELIGHT_ACCESS_KEY_ID: KEY_ID,
  SAFELIGHT_ACCESS_KEY_SECRET: SECRET,
  SAFELIGHT_LOG_LEVEL: 'warn',
};

export interface ServerProcess {
  /** `http://localhost:<port>` */
  readonly url: string;
  readonly httpsUrl: string | undefined;
  readonly port: number;
  readonly child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Ends it with SIGTERM and gives its exit status. */
  stop(): Promise<number | null>;
}

/** Runs the program to its end. */
export async function runToEnd(
  environment: Readonly<Record<string, string>>,
): Promise<{ status: number | null; output: string }> {
  const { child, output } = launch(environment);
  await once(child, 'close');
  return { status: child.exitCode, output: output() };
}

/** Starts it and waits until it listens. */
export async function startProcess(
  environment: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const { child, output } = launch({ ...ENVIRONMENT, ...environment });
  const greeting = /Safelight listens on (http:\S+)(?: and (https:\S+))?/;
  let match = greeting.exec(output());
  while (match === null) {
    const ended = once(child, 'close').then(() => 'ended' as const);
    const printed = once(child.stdout as NodeJS.ReadableStream, 'data').then(() => 'printed');
    const failed = (await Promise.race([ended, printed])) === 'ended';
    match = greeting.exec(output());
    if (failed && match === null) throw new Error(`the server did not start:\n${output()}`);
  }
  const [, url = '', httpsUrl] = match;
  return {
    url,
    httpsUrl,
    port: Number(new URL(url).port),
    child,
    output,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
      return child.exitCode;
    },
  };
}

/** A new folder for one test file, and how to remove it. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'safelight-e2e-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

function launch(environment: Readonly<Record<string, string>>): {
  child: ChildProcess;
  output: () => string;
} {
  if (!existsSync(PROGRAM))
    throw new Error(`${PROGRAM}: expected the built program; run the build`);
  const { PATH = '', NODE_OPTIONS = '' } = process.env;
  // Nothing of the environment but these: a setting of the shell must not leak in. The options carry
  // the runtime that a test project asks for.
  const child = spawn(process.execPath, [PROGRAM], { env: { PATH, NODE_OPTIONS, ...environment } });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return { child, output: () => text };
}
