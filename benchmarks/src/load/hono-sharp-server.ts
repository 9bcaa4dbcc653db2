/**
 * The peer of P15 that anyone would write first: read the file, give it to sharp, send the answer.
 * @module
 */

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import sharp from 'sharp';

const folder = process.argv[2] as string;
const app = new Hono();

app.get('/:name', async (context) => {
  const { w, q } = context.req.query();
  const source = await readFile(join(folder, basename(context.req.param('name'))));
  const result = await sharp(source)
    .resize(Number(w))
    .jpeg({ quality: Number(q) })
    .toBuffer();
  return context.body(new Uint8Array(result), 200, { 'content-type': 'image/jpeg' });
});

serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
  console.log(`listens on http://127.0.0.1:${port}`),
);
