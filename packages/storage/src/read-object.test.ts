import { describe, expect, it } from 'vitest';

import { codeOf } from '../test/driver-suite/fixture.ts';
import type { StorageDriver } from './driver.ts';
import { createMemoryDriver } from './memory.ts';
import { readObject } from './read-object.ts';

const LIMITS = { maxBytes: 100, timeoutMs: 20 };

async function createStore(): Promise<StorageDriver> {
  const driver = createMemoryDriver();
  await driver.createBucket('box');
  await driver.putObject('box', 'k', Buffer.from('0123456789'));
  return driver;
}

/** The same store, whose bodies go on only when they are let go. */
async function createStalledStore(): Promise<{ driver: StorageDriver; cancelled: () => number }> {
  const driver = await createStore();
  const read = driver.getObject.bind(driver);
  let count = 0;
  const getObject: StorageDriver['getObject'] = async (...args) => {
    const stored = await read(...args);
    await stored?.body.cancel();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(4)),
      cancel: () => void count++,
    });
    return stored && { ...stored, body };
  };
  return { driver: Object.assign(driver, { getObject }), cancelled: () => count };
}

describe('reading a whole object', () => {
  it('gives its bytes, or says that they are too many', async () => {
    const driver = await createStore();
    const found = await readObject(driver, 'box', 'k', LIMITS);
    expect(Buffer.from(found!.bytes).toString()).toBe('0123456789');
    const short = readObject(driver, 'box', 'k', { ...LIMITS, maxBytes: 9 });
    expect(await codeOf(short)).toBe('EntityTooLarge');
    expect(await readObject(driver, 'box', 'missing', LIMITS)).toBeUndefined();
  });

  it('gives up a body that stalls, and lets go of it', async () => {
    const { driver, cancelled } = await createStalledStore();
    expect(await codeOf(readObject(driver, 'box', 'k', LIMITS))).toBe('StoreUnavailable');
    expect(cancelled()).toBe(1);
  });

  it('gives up a store that does not answer, and lets go of what comes too late', async () => {
    const { driver, cancelled } = await createStalledStore();
    const { getObject } = driver;
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    driver.getObject = (...args) => asked.then(() => getObject(...args));
    expect(await codeOf(readObject(driver, 'box', 'k', LIMITS))).toBe('StoreUnavailable');
    answer();
    await expect.poll(cancelled).toBe(1);
  });
});
