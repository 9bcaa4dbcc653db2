/**
 * A server as a child process. Its output goes to a file: a pipe would make this process, which
 * also sends the requests, pay for reading the access log.
 * @module
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerProcess {
  /** Origin, without a slash at the end. */
  readonly url: string;
  /** CPU time so far and peak resident memory, of all threads. Undefined off Linux. */
  usage(): { readonly cpuMs: number; readonly peakMb: number } | undefined;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
/** What Linux counts CPU time in: `USER_HZ` is 100 on all platforms that Node runs on. */
const TICK_MS = 10;

/** Starts a Node program and waits until it has printed where it listens. */
export async function startServerProcess(
  program: string,
  args: readonly string[],
  options: { readonly folder: string; readonly environment?: Readonly<Record<string, string>> },
): Promise<ServerProcess> {
  const logFile = join(options.folder, 'server.log');
  const log = openSync(logFile, 'w');
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', log, log],
    env: { ...process.env, NODE_ENV: 'production', ...options.environment },
  });
  closeSync(log);
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
  };
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const [, url] = /listens on (http:\/\/\S+)/.exec(readFileSync(logFile, 'utf8')) ?? [];
    if (url !== undefined) return { url, stop, usage: () => usageOf(child.pid as number) };
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop();
      throw new Error(`${program}: did not start:\n${readFileSync(logFile, 'utf8')}`);
    }
    await sleep(POLL_MS);
  }
}

function usageOf(pid: number): { cpuMs: number; peakMb: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields 14 and 15 of proc(5); counted after the name, which may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { cpuMs: ticks * TICK_MS, peakMb: (Number(peak?.[1]) * 1024) / 1e6 };
  } catch {
    return undefined;
  }
}
