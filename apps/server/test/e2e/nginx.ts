/**
 * Debian's nginx before several nodes: one port for all of them, which takes the next when one is
 * gone, and one port for each. It passes targets and hosts on as they came, since both are signed.
 * @module
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { vi } from 'vitest';
import { download } from './download.ts';

export interface Nginx {
  /** For all nodes. */
  readonly port: number;
  /** For one node each. */
  readonly ports: readonly number[];
  stop(): Promise<void>;
}

/** @param program path of nginx @param folder an empty one of its own */
export async function startNginx(
  program: string,
  folder: string,
  nodes: readonly number[],
): Promise<Nginx> {
  await mkdir(folder, { recursive: true });
  const [port = 0, ...ports] = await freePorts(1 + nodes.length);
  const file = join(folder, 'nginx.conf');
  await writeFile(file, printConfig(folder, nodes, [port, ...ports]));
  const child = spawn(program, ['-p', folder, '-c', file, '-e', join(folder, 'error.log')], {
    stdio: 'ignore',
  });
  await vi.waitFor(async () => download(`http://127.0.0.1:${port}/-/health`), {
    timeout: 20_000,
    interval: 50,
  });
  return { port, ports, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  await closed;
}

function printConfig(
  folder: string,
  nodes: readonly number[],
  [port, ...ports]: readonly number[],
): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const servers = nodes.map((node) => `server 127.0.0.1:${node} max_fails=1 fail_timeout=60s;`);
  const site = (listen: number | undefined, target: string): string =>
    `server { listen 127.0.0.1:${listen}; location / { proxy_pass http://${target}; } }`;
  return [
    'daemon off; worker_processes 1;',
    // Else its workers would be somebody who may not look into the folder.
    ...(process.getuid?.() === 0 ? ['user root root;'] : []),
    `pid ${join(folder, 'nginx.pid')};`,
    'events { worker_connections 512; }',
    'http {',
    'access_log off; client_max_body_size 0;',
    ...temporary,
    'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;',
    'proxy_next_upstream error timeout;',
    `upstream nodes { ${servers.join(' ')} }`,
    site(port, 'nodes'),
    ...nodes.map((node, index) => site(ports[index], `127.0.0.1:${node}`)),
    '}',
  ].join('\n');
}

/** All held at once, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
