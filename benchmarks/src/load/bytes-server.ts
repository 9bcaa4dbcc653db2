/**
 * The peer of P16: a Hono handler that returns `result` of its folder from a variable.
 * @module
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const folder = process.argv[2] as string;
const result = new Uint8Array(readFileSync(join(folder, 'result')));
const app = new Hono();

app.get('*', (context) => context.body(result, 200, { 'content-type': 'image/jpeg' }));

serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
  console.log(`listens on http://127.0.0.1:${port}`),
);
