import type { BucketRecord } from '@safelight/storage';
import { createMemoryDriver } from '@safelight/storage/memory';
import { describe, expect, it } from 'vitest';
import { createTestService, type TestService } from '../../test/test-service.ts';
import { createMemoryTier } from './memory-tier.ts';
import { createPurgeFollower, notePurge, PURGE_NOTES } from './purge-notes.ts';
import type { PurgeScope, ResultTier } from './result-tier.ts';

const EMPTY: BucketRecord = {
  name: 'box',
  acl: 'private',
  createdMs: 0,
  location: undefined,
  storageClass: undefined,
  settings: {},
};

function withPurges(record: BucketRecord, ...keys: readonly (string | undefined)[]): BucketRecord {
  let next = record;
  for (const key of keys) {
    const note = { id: `purge of ${key}`, nowMs: 1000 };
    const { settings } = notePurge(next, { bucket: 'box', key }, note);
    next = { ...record, settings: { [PURGE_NOTES]: settings?.[PURGE_NOTES] ?? '' } };
  }
  return next;
}

/** What a follower drops, as `key` or `key before time`; `*` is the whole bucket. */
function createFollower(): { follow: (record: BucketRecord) => string[] } {
  let dropped: string[] = [];
  const follower = createPurgeFollower({
    dropOwn: ({ key = '*' }: PurgeScope, beforeMs) =>
      void dropped.push(beforeMs === undefined ? key : `${key} before ${beforeMs}`),
  });
  return {
    follow(record) {
      dropped = [];
      follower.follow(record);
      return dropped;
    },
  };
}

describe('notes of purges', () => {
  it('are followed once each, by a node that has seen the bucket before them', () => {
    const { follow } = createFollower();
    const one = withPurges(EMPTY, 'a');
    expect(follow(EMPTY)).toEqual([]);
    expect(follow(one)).toEqual(['a']);
    expect(follow(one)).toEqual([]);
    expect(follow(withPurges(one, 'b', undefined))).toEqual(['b', '*']);
  });

  it('go back no further than their time, for a node that has only begun', () => {
    const { follow } = createFollower();
    expect(follow(withPurges(EMPTY, 'a', 'b'))).toEqual(['a before 1000', 'b before 1000']);
    expect(follow(withPurges(EMPTY, 'a', 'b', 'c'))).toEqual(['c']);
  });

  it('stay few: what is no longer listed is the whole bucket, for who has missed it', () => {
    const keys = Array.from({ length: 100 }, (_, index) => `k${index}`);
    const some = withPurges(EMPTY, ...keys.slice(0, 90));
    const all = withPurges(EMPTY, ...keys);
    expect(JSON.parse(all.settings[PURGE_NOTES]!)).toHaveLength(32);
    const [present, absent] = [createFollower(), createFollower()];
    for (const { follow } of [present, absent]) follow(EMPTY);
    present.follow(some);
    expect(present.follow(all)).toEqual(keys.slice(90));
    expect(absent.follow(all)).toEqual(['*', ...keys.slice(69)]);
  });

  it.each(['{', '{}', '[1,{"id":1}]', '[{"id":"x","atMs":1,"key":2}]'])(
    'that nobody can read are none: %s',
    (text) => {
      const record = { ...EMPTY, settings: { [PURGE_NOTES]: text } };
      expect(createFollower().follow(record)).toEqual([]);
      expect(notePurge(record, { bucket: 'box' }, { id: 'y', nowMs: 2 }).settings).toEqual({
        [PURGE_NOTES]: '[{"id":"y","atMs":2}]',
      });
    },
  );
});

describe('a purge on one of two nodes', () => {
  it('reaches the other, and nothing but what it names', async () => {
    const store = createMemoryDriver();
    await store.createBucket('box', { acl: 'public-read' });
    await store.createBucket('other', { acl: 'public-read' });
    for (const place of ['box/a', 'box/b', 'other/a']) {
      const [bucket = '', key = ''] = place.split('/');
      await store.putObject(bucket, key, new Uint8Array(9));
    }
    const nodes = [1, 2].map(() => {
      const tier = createMemoryTier({ maxBytes: 1_000_000, maxVariants: 9 });
      return { tier, service: createTestService({ store, cache: [tier] }) };
    }) as [Node, Node];
    const [one, two] = nodes;
    for (const { service } of nodes) for (const target of TARGETS) await service.ask({ target });
    const held = (): unknown => nodes.map(({ tier }) => tier.usage?.results);
    expect(held()).toEqual([3, 3]);
    const as = { bucket: '-', key: 'cache/box/objects/a' };
    const answer = await one.service.ask({ method: 'DELETE', target: `/-/${as.key}`, as });
    expect([await answer.json(), held()]).toEqual([{ purged: 1 }, [2, 3]]);
    // The other node reads of it with the next look at the bucket, whatever that is for.
    await two.service.ask({ target: TARGETS[1] });
    expect(held()).toEqual([2, 2]);
    await two.service.ask({ target: TARGETS[0] });
    expect([two.service.renders.length, held()]).toEqual([4, [2, 3]]);
    await one.service.ask({ target: TARGETS[1] });
    expect(one.service.renders.length).toBe(3);
  });
});

interface Node {
  readonly tier: ResultTier;
  readonly service: TestService;
}

const TARGETS = ['/box/a', '/box/b', '/other/a'].map(
  (path) => `${path}?x-oss-process=image/resize,w_9`,
) as [string, string, string];
