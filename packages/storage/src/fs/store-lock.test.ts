/**
 * One process on one folder: living owners are respected, dead ones succeeded.
 * @module
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import { codeOf } from '../../test/driver-suite/fixture.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { openFsDriver } from '../fs.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, 'lock');
});

interface Owner {
  pid: number;
  host: string;
  started?: string | undefined;
  token: string;
}

/** The lock that this process would hold. */
async function ownLock(): Promise<Owner> {
  const driver = await openFsDriver({ folder });
  const owner = JSON.parse(await readFile(file, 'utf8')) as Owner;
  await driver.close();
  return owner;
}

describe('store lock', () => {
  it('lets a second driver in only after the first has closed', async () => {
    const first = await openFsDriver({ folder });
    const failure = await openFsDriver({ folder }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'StoreLocked' });
    // A person reads this: which folder, who holds it, what to do.
    expect((failure as Error).message).toContain(folder);
    expect((failure as Error).message).toContain(`process ${process.pid} on ${hostname()}`);
    expect((failure as Error).message).toContain('stop the other one');
    await first.close();
    expect(await readdir(folder)).not.toContain('lock');
    await (await openFsDriver({ folder })).close();
  });

  it('lets exactly one of several in that start at once, also over a stale lock', async () => {
    const owner = await ownLock();
    for (const stale of [undefined, { ...owner, pid: await deadPid() }]) {
      if (stale !== undefined) await writeFile(file, JSON.stringify(stale));
      const results = await Promise.allSettled(
        Array.from({ length: 5 }, () => openFsDriver({ folder })),
      );
      const drivers = results.flatMap((result) =>
        result.status === 'fulfilled' ? [result.value] : [],
      );
      expect(drivers).toHaveLength(1);
      await drivers[0]!.close();
    }
  });

  it('respects a living process and takes over from a dead one', async () => {
    const owner = await ownLock();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const started = await startOf(child.pid!);
    await writeFile(file, JSON.stringify({ ...owner, pid: child.pid, started }));
    expect(await codeOf(openFsDriver({ folder }))).toBe('StoreLocked');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await openFsDriver({ folder })).close();
  });

  it.skipIf(process.platform !== 'linux')(
    'takes over from a process whose pid was given out again, its own included',
    async () => {
      const owner = await ownLock();
      expect(owner.pid).toBe(process.pid);
      await writeFile(file, JSON.stringify({ ...owner, started: '1' }));
      await (await openFsDriver({ folder })).close();
    },
  );

  it('goes by the heartbeat for another host, and for a lock it cannot read', async () => {
    const owner = await ownLock();
    for (const text of [JSON.stringify({ ...owner, host: 'another-host' }), '', '{"pid":-1}']) {
      await writeFile(file, text);
      expect(await codeOf(openFsDriver({ folder }))).toBe('StoreLocked');
      const minuteAgo = new Date(Date.now() - 60_000);
      await utimes(file, minuteAgo, minuteAgo);
      await (await openFsDriver({ folder })).close();
    }
  });

  it('does not remove a lock that has passed to another', async () => {
    const driver = await openFsDriver({ folder });
    await writeFile(file, 'of another');
    await driver.close();
    expect((await stat(file)).size).toBe('of another'.length);
  });
});

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid!;
}

async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}
