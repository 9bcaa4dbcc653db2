/**
 * A page bundled from the built packages, served on this machine, in a headless Chromium. The bundler is
 * vite, which vitest brings: it takes the door that the export conditions name for browsers, and finds
 * the WebAssembly by the URLs in the code, as it does for everybody.
 * @module
 */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import type { Answer, Job, Page } from './page/job.ts';

export interface Browser {
  render(where: 'page' | 'worker', job: Job): Promise<Answer>;
  nodeGlobals(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export type Files = ReadonlyMap<string, Uint8Array | string>;

/** Every file of the bundled page by its path. Throws when the bundle needs anything of Node. */
export async function bundlePage(): Promise<Files> {
  const complaints: string[] = [];
  // What is slow in a build is no complaint.
  const checks = { pluginTimings: false };
  const built = (await build({
    root: fileURLToPath(new URL('page', import.meta.url)),
    configFile: false,
    logLevel: 'silent',
    mode: 'production',
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: {
        checks,
        onLog: (_level, { message }) => void complaints.push(message),
      },
    },
    worker: { format: 'es', rolldownOptions: { checks } },
  })) as Rolldown.RolldownOutput;
  const files = new Map<string, Uint8Array | string>();
  for (const file of built.output) {
    files.set(`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source);
    if (file.fileName.includes('vite-browser-external')) complaints.push(file.fileName);
  }
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  return files;
}

/** Opens the page in the Chromium at `executablePath`; `files` are served from `/files`. */
export async function openBrowser(
  executablePath: string,
  bundle: Files,
  files: Files,
): Promise<Browser> {
  const server = createServer(({ url = '/' }, response) => {
    const path = url === '/' ? '/index.html' : url;
    const body = path.startsWith('/files/') ? files.get(path.slice(7)) : bundle.get(path);
    const type = TYPES[path.slice(path.lastIndexOf('.'))] ?? 'application/octet-stream';
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const program = await chromium.launch({
    executablePath,
    args: ['--headless=new', '--no-sandbox', '--disable-gpu'],
  });
  const tab = await program.newPage();
  await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return {
    render: (where, job) =>
      tab.evaluate(
        ([place, work]) => (globalThis as unknown as { page: Page }).page.render(place, work),
        [where, job] as const,
      ),
    nodeGlobals: () =>
      tab.evaluate(() => (globalThis as unknown as { page: Page }).page.nodeGlobals()),
    async close() {
      await program.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};
