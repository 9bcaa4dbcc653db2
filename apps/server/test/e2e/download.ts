/**
 * Fetching URLs under `*.localhost`, which Node does not resolve: agents with a lookup of their own.
 * @module
 */

import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';

export interface Download {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Every name is this machine. */
const lookup: LookupFunction = (_hostname, options, callback) => {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

export const httpAgent: http.Agent = new http.Agent({ lookup } as http.AgentOptions);

/** Trusts this certificate and no other. */
export function trustingAgent(certificate: string): https.Agent {
  return new https.Agent({ lookup, ca: certificate } as https.AgentOptions);
}

export function download(
  url: string,
  options: {
    readonly agent?: http.Agent;
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Download> {
  const { agent = httpAgent, method = 'GET', headers = {}, signal } = options;
  const request = url.startsWith('https:') ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, method, headers, signal }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
