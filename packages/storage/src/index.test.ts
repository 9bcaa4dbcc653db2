/**
 * The main door opens where there is no Node: nothing behind it imports anything of Node.
 * @module
 */

import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

it('reaches no module of Node from the main door', () => {
  const seen = new Set<string>();
  const foreign: string[] = [];
  const visit = (url: URL): void => {
    if (seen.has(url.href)) return;
    seen.add(url.href);
    const text = readFileSync(url, 'utf8');
    for (const [, type, from = ''] of text.matchAll(
      /^(?:import|export)( type)? [^'"]*? from '([^']+)';/gms,
    )) {
      if (type !== undefined) continue;
      if (from.startsWith('.')) visit(new URL(from, url));
      else foreign.push(`${url.pathname}: ${from}`);
    }
    expect(text, url.pathname).not.toMatch(/\b(?:Buffer|process)\./);
  };
  visit(new URL('index.ts', import.meta.url));
  expect(seen.size).toBeGreaterThan(3);
  expect(foreign).toEqual([]);
});
