/**
 * The servers under load: how each is started on a folder of pictures, and its URL for a job. All
 * of them run with their defaults, as who installs them has them.
 * @module
 */

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signV1Header } from '@safelight/signing';
import { type ServerProcess, startServerProcess } from './server-process.ts';

/** What one request asks for: one of the folder's pictures, resized to a width, as JPEG. */
export interface Ask {
  readonly picture: string;
  readonly width: number;
  readonly qualityPercent: number;
}

export interface LoadServer {
  readonly label: string;
  /** @param pictures names of the JPEG files in `folder` */
  start(folder: string, pictures: readonly string[]): Promise<ServerProcess>;
  pathOf(ask: Ask): string;
  /** Answers with the file `result` of its folder, whatever is asked. @default with what is asked */
  readonly returns?: 'result';
}

const BUCKET = 'bench';
const PROGRAM = new URL('../../../apps/cli/dist/main.js', import.meta.url);

/** What `npm start` runs, with a store on disk and its access log on. */
export const safelightServer: LoadServer = {
  label: 'Safelight',
  async start(folder, pictures) {
    const secret = randomBytes(16).toString('hex');
    const server = await startServerProcess(fileURLToPath(PROGRAM), ['serve'], {
      folder,
      environment: {
        SAFELIGHT_PORT: '0',
        SAFELIGHT_DATA: join(folder, 'data'),
        SAFELIGHT_DEMO: '0',
        SAFELIGHT_ACCESS_KEY_ID: BUCKET,
        SAFELIGHT_ACCESS_KEY_SECRET: secret,
      },
    });
    try {
      await putSigned(server.url, secret, { headers: [['x-oss-acl', 'public-read']] });
      for (const key of pictures) {
        await putSigned(server.url, secret, { key, body: readFileSync(join(folder, key)) });
      }
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  },
  pathOf: (ask) => `/${BUCKET}/${ask.picture}?x-oss-process=${processOf(ask)}`,
};

/** In the words of our server. */
export function processOf({ width, qualityPercent }: Ask): string {
  return `image/resize,w_${width}/quality,Q_${qualityPercent}`;
}

/** The least that one would write oneself: a Hono handler around sharp. */
export const honoSharpServer: LoadServer = {
  label: 'Hono + sharp',
  start: (folder) => startServerProcess(scriptPath('hono-sharp-server.js'), [folder], { folder }),
  pathOf: ({ picture, width, qualityPercent }) => `/${picture}?w=${width}&q=${qualityPercent}`,
};

export const ipxServer: LoadServer = {
  label: 'ipx',
  start: (folder) => startServerProcess(scriptPath('ipx-server.js'), [folder], { folder }),
  pathOf: ({ picture, width, qualityPercent }) =>
    `/w_${width},q_${qualityPercent},f_jpeg/${picture}`,
};

/** No work at all: the same bytes from a variable, whatever is asked. */
export const bytesServer: LoadServer = {
  label: 'Hono, bytes from a variable',
  start: (folder) => startServerProcess(scriptPath('bytes-server.js'), [folder], { folder }),
  pathOf: ({ picture }) => `/${picture}`,
  returns: 'result',
};

function scriptPath(name: string): string {
  return fileURLToPath(new URL(`../../dist/load/${name}`, import.meta.url));
}

async function putSigned(
  url: string,
  secret: string,
  {
    key,
    body,
    headers = [],
  }: {
    readonly key?: string;
    readonly body?: Uint8Array<ArrayBuffer>;
    readonly headers?: readonly (readonly [string, string])[];
  },
): Promise<void> {
  const target = key === undefined ? `/${BUCKET}` : `/${BUCKET}/${key}`;
  const { request } = signV1Header(
    { method: 'PUT', target, headers, bucket: BUCKET, key },
    { accessKeyId: BUCKET, secret, nowMs: Date.now() },
  );
  const answer = await fetch(url + request.target, {
    method: 'PUT',
    headers: request.headers.map(([name, value]): [string, string] => [name, value]),
    ...(body !== undefined && { body }),
  });
  if (!answer.ok) throw new Error(`PUT ${target}: ${answer.status} ${await answer.text()}`);
}
