/**
 * Objects are stored whole or not at all, whoever else reads or writes.
 * @module
 */

import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { readObject } from '../../src/read-object.ts';
import { createGate, gatedBody, inPieces, noise, utf8 } from './bodies.ts';
import { codeOf, keyOf, useDriver } from './fixture.ts';
import type { OpenDriver } from './fixture.ts';

export function describeWrites(open: OpenDriver): void {
  describe('whole or not at all', () => {
    const store = useDriver(open);

    it('stores nothing when the MD5 differs or is none', async () => {
      await store.put('k', 'before');
      for (const contentMd5 of [md5('other'), 'x', '', `${md5('now')}=`, md5('now').slice(0, -2)]) {
        const call = store.driver.putObject('pictures', 'k', utf8('now'), { contentMd5 });
        expect(await codeOf(call)).toBe('InvalidDigest');
      }
      expect(await store.read('k')).toBe('before');
      await store.driver.putObject('pictures', 'k', utf8('now'), { contentMd5: md5('now') });
      expect(await store.read('k')).toBe('now');
    });

    it('stops an endless body at the limit and stores nothing', async () => {
      let released = false;
      async function* endless(): AsyncGenerator<Uint8Array> {
        try {
          for (;;) yield new Uint8Array(10);
        } finally {
          released = true;
        }
      }
      const call = store.driver.putObject('pictures', 'k', endless(), { maxBytes: 95 });
      expect(await codeOf(call)).toBe('EntityTooLarge');
      expect(released).toBe(true);
      expect(await store.driver.headObject('pictures', 'k')).toBeUndefined();
      const fits = await store.driver.putObject('pictures', 'k', new Uint8Array(95), {
        maxBytes: 95,
      });
      expect(fits.size).toBe(95);
    });

    it('passes the error of a body through and keeps the old object', async () => {
      await store.put('k', 'before');
      const failure = new Error('connection lost');
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield utf8('half');
        throw failure;
      }
      await expect(store.driver.putObject('pictures', 'k', broken())).rejects.toBe(failure);
      await expect(store.driver.putObject('pictures', 'new', broken())).rejects.toBe(failure);
      expect(await store.read('k')).toBe('before');
      expect((await store.driver.listObjects('pictures')).objects.map(keyOf)).toEqual(['k']);
    });

    it('shows an object only once it is complete', async () => {
      const gate = createGate();
      const upload = store.driver.putObject('pictures', 'k', gatedBody(gate, 'late'));
      await gate.reached;
      expect(await store.driver.headObject('pictures', 'k')).toBeUndefined();
      expect((await store.driver.listObjects('pictures')).objects).toEqual([]);
      gate.open();
      await upload;
      expect(await store.read('k')).toBe('late');
    });

    it('lets the last to complete win', async () => {
      const gate = createGate();
      const slow = store.driver.putObject('pictures', 'k', gatedBody(gate, 'slow'));
      await gate.reached;
      await store.put('k', 'fast');
      expect(await store.read('k')).toBe('fast');
      gate.open();
      await slow;
      expect(await store.read('k')).toBe('slow');
    });

    it('forbids overwriting, also when the rival comes first during the upload', async () => {
      await store.put('k', 'first');
      const again = store.driver.putObject('pictures', 'k', utf8('x'), { ifAbsent: true });
      expect(await codeOf(again)).toBe('FileAlreadyExists');
      const gate = createGate();
      const slow = store.driver.putObject('pictures', 'new', gatedBody(gate, 'slow'), {
        ifAbsent: true,
      });
      const outcome = codeOf(slow);
      await gate.reached;
      await store.put('new', 'rival');
      gate.open();
      expect(await outcome).toBe('FileAlreadyExists');
      expect(await store.read('k')).toBe('first');
      expect(await store.read('new')).toBe('rival');
    });

    it('lets exactly one of racing writers create a key', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) =>
          store.driver.putObject('pictures', 'k', utf8(`w${i}`), { ifAbsent: true }),
        ),
      );
      const winners = results.flatMap((result, i) => (result.status === 'fulfilled' ? [i] : []));
      expect(winners).toHaveLength(1);
      expect(await store.read('k')).toBe(`w${winners[0]}`);
    });

    it('gives a reader the whole old object while a writer replaces or deletes it', async () => {
      const old = noise(600_000, 2);
      await store.driver.putObject('pictures', 'k', old);
      const stored = (await store.driver.getObject('pictures', 'k'))!;
      const reader = stored.body.getReader();
      const head = await reader.read();
      await store.put('k', 'new');
      await store.driver.deleteObject('pictures', 'k');
      const chunks = [head.value!];
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        chunks.push(next.value);
      }
      expect(Buffer.compare(Buffer.concat(chunks), old)).toBe(0);
      expect(stored.record.size).toBe(old.length);
    });

    it('gives racing readers one write or another, never a mixture', async () => {
      const versions = [noise(80_000, 3), noise(90_001, 4), noise(10, 5)];
      await store.driver.putObject('pictures', 'k', versions[0]!);
      const progress = { writing: true };
      const writer = (async (): Promise<void> => {
        for (let i = 0; i < 30; i++) {
          await store.driver.putObject('pictures', 'k', inPieces(versions[i % 3]!, 20_000));
        }
        progress.writing = false;
      })();
      let reads = 0;
      const reader = async (): Promise<void> => {
        while (progress.writing) {
          const found = (await readObject(store.driver, 'pictures', 'k', { maxBytes: 1e6 }))!;
          const etag = createHash('md5').update(found.bytes).digest('hex').toUpperCase();
          expect(etag).toBe(found.record.etag);
          reads++;
          // The memory driver never waits, so the writer needs a turn of the loop.
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      await Promise.all([writer, reader(), reader()]);
      expect(reads).toBeGreaterThan(0);
    });
  });

  describe('closing', () => {
    const store = useDriver(open);

    it('answers nothing once closed, and stores no upload that was under way', async () => {
      const gate = createGate();
      const upload = store.driver.putObject('pictures', 'k', gatedBody(gate, 'late'));
      const outcome = codeOf(upload);
      await gate.reached;
      await store.driver.close();
      gate.open();
      expect(await outcome).toBe('StoreLocked');
      expect(await codeOf(store.driver.getBucket('pictures'))).toBe('StoreLocked');
      expect(await codeOf(store.driver.listBuckets())).toBe('StoreLocked');
      await store.driver.close();
    });
  });
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('base64');
}
