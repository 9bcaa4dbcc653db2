/**
 * The call that `safelight purge` makes: its path, and a signature that the service would take.
 * @module
 */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseTarget, decodePath, verifySignature } from '@safelight/signing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { purge } from './purge.ts';

const KEY = { keyId: 'me', keySecret: 'long enough' };
const NOW_MS = 1_767_323_045_678;

let server: Server;
let url: string;
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    const { method = '', url: target = '', rawHeaders } = request;
    const headers = rawHeaders.flatMap((name, i): [string, string][] =>
      i % 2 === 0 ? [[name, rawHeaders[i + 1] ?? '']] : [],
    );
    const path = decodePath(parseTarget(target).rawPath);
    const signed = { method, target, headers, bucket: '-', key: path.slice('/-/'.length) };
    const findKey = (id: string): { secret: string } | undefined =>
      id === KEY.keyId ? { secret: KEY.keySecret } : undefined;
    const { form } = verifySignature(signed, { findKey, nowMs: NOW_MS });
    asked.push(`${form} ${method} ${path}`);
    response.statusCode = path.includes('refused') ? 403 : 200;
    response.end('{"purged":3}\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

describe('purge', () => {
  it.each([
    [{}, '/-/cache/box'],
    [{ object: 'ä/../b c.jpg' }, '/-/cache/box/objects/ä/../b c.jpg'],
    [{ style: 'small.1' }, '/-/cache/box/styles/small.1'],
  ])('of %j asks for %s', async (scope, path) => {
    expect(await purge(url, { ...KEY, bucket: 'box', ...scope }, NOW_MS)).toBe(3);
    expect(asked).toEqual([`v1-header DELETE ${path}`]);
  });

  it('takes an object or a style, and says when it was refused', async () => {
    const both = { ...KEY, bucket: 'box', object: 'a', style: 'b' };
    await expect(purge(url, both, NOW_MS)).rejects.toThrow('got both');
    await expect(purge(url, { ...KEY, bucket: 'refused' }, NOW_MS)).rejects.toThrow('got 403');
  });
});
