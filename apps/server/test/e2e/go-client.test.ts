/**
 * Another family of clients: the Go SDK as Debian packages it, unmodified, against the running
 * program. It addresses an IP by path, checks CRC-64 by itself and reads XML strictly.
 * @module
 */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { debianFolder, programPath } from '@safelight/testkit';
import { expect, it } from 'vitest';
import { clientOf, readText, startFormServer } from './oss-forms.ts';
import { KEY_ID, SECRET, temporaryFolder } from './server-process.ts';

const SDK_PACKAGE = 'golang-github-aliyun-aliyun-oss-go-sdk-dev';
const GOPATH = '/usr/share/gocode';

const go = programPath('go');
const sdk = debianFolder(join(GOPATH, 'src/github.com/aliyun/aliyun-oss-go-sdk/oss'), SDK_PACKAGE);
const missing = [go === undefined ? 'no go' : '', sdk === undefined ? `no ${SDK_PACKAGE}` : '']
  .filter((reason) => reason !== '')
  .join(', ');

const STEPS = [
  'buckets',
  'objects',
  'conditions',
  'copies',
  'appends',
  'symlinks',
  'uploads',
  'documents',
  'lists',
  'failures',
];

it.skipIf(missing !== '')(
  `holds every step of the Go SDK${missing === '' ? '' : ` (skipped: ${missing})`}`,
  async () => {
    const folder = await temporaryFolder();
    const server = await startFormServer();
    try {
      const program = join(folder.path, 'client');
      const source = fileURLToPath(new URL('go-client', import.meta.url));
      const env = {
        PATH: process.env['PATH'],
        GOPATH,
        GO111MODULE: 'off',
        GOCACHE: join(folder.path, 'cache'),
        HOME: folder.path,
      };
      const run = promisify(execFile);
      await run(go!, ['build', '-o', program, '.'], { cwd: source, env });
      const endpoint = `http://127.0.0.1:${server.port}`;
      const { stdout } = await run(program, [endpoint, KEY_ID, SECRET, 'go-box']);
      expect(stdout.trim().split('\n')).toEqual(STEPS);
      // What one family stored, the other reads.
      expect(await readText(clientOf(server, 'go-box'), 'copy/1')).toBe('copied');
    } finally {
      await server.stop();
      await folder.remove();
    }
  },
  300_000,
);
