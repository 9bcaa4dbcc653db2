/**
 * The built program as a child process: real files, real exit codes, output a person can read.
 * @module
 */

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseTarget, verifySignature } from '@safelight/signing';
import { photoLike } from '@safelight/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'safelight-cli-'));
const photo = join(folder, 'photo.jpg');

interface Outcome {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

function safelight(args: readonly string[], input?: Buffer): Outcome {
  // The options carry the runtime that a test project asks for.
  const { PATH = '', NODE_OPTIONS = '' } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    cwd: folder,
    env: { PATH, NODE_OPTIONS },
    ...(input !== undefined && { input }),
  });
  return { status, stdout, stderr: stderr.toString() };
}

beforeAll(async () => {
  if (!existsSync(PROGRAM))
    throw new Error(`${PROGRAM}: expected the built program; run the build`);
  const { rgb, width, height } = photoLike(400, 267);
  await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 82 })
    .toFile(photo);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('safelight --help', () => {
  it('names every command and the exit codes', () => {
    const { status, stdout } = safelight(['--help']);
    expect(status).toBe(0);
    for (const word of ['serve', 'process', 'info', 'sign', 'explain', 'Exit codes']) {
      expect(stdout.toString()).toContain(word);
    }
  });

  it('tells what a command takes', () => {
    const { status, stdout } = safelight(['sign', '--help']);
    expect(status).toBe(0);
    expect(stdout.toString()).toContain('--expires <seconds>');
    expect(stdout.toString()).toContain('SAFELIGHT_ACCESS_KEY_ID');
  });

  it('ends with 2 for a command it does not know', () => {
    expect(safelight(['develop']).status).toBe(2);
  });
});

describe('safelight process', () => {
  it('writes the picture in the format of its ending', async () => {
    const out = join(folder, 'small.png');
    const { status, stderr } = safelight(['process', photo, out, 'image/resize,w_100/rotate,90']);
    expect([status, stderr]).toEqual([0, expect.stringContaining('png, 67 x 100')]);
    const { format, width, height } = await sharp(out).metadata();
    expect([format, width, height]).toEqual(['png', 67, 100]);
  });

  it('leaves the format to a chain that names one', async () => {
    const out = join(folder, 'named.dat');
    expect(safelight(['process', photo, out, 'image/format,png/resize,w_10']).status).toBe(0);
    expect((await sharp(out).metadata()).format).toBe('png');
  });

  it('takes pictures of watermarks from beside the picture or from a folder, never from outside', async () => {
    const logo = { create: { width: 40, height: 20, channels: 3 as const, background: '#ff0000' } };
    mkdirSync(join(folder, 'marks'));
    await sharp(logo)
      .png()
      .toFile(join(folder, 'marks', 'logo.png'));
    const out = join(folder, 'marked.png');
    const mark = (key: string) =>
      `image/watermark,image_${Buffer.from(key).toString('base64url')},g_nw,x_0,y_0`;
    const inside = ['--watermark-dir', join(folder, 'marks')];
    for (const [key, more] of [
      ['marks/logo.png', []],
      ['logo.png', inside],
    ] as const) {
      expect(safelight(['process', photo, out, mark(key), ...more]).status).toBe(0);
      const [red, green, blue] = await sharp(out).raw().toBuffer();
      expect([red, green, blue]).toEqual([254, 0, 0]);
    }
    for (const key of ['../photo.jpg', 'nosuch.png', '/etc/hostname', 'a\0b', '.']) {
      const { status, stderr } = safelight(['process', photo, out, mark(key), ...inside]);
      expect(status).toBe(2);
      expect(stderr).toContain('watermark.picture: expected a picture that exists');
    }
  });

  it('reads standard input and writes standard output', async () => {
    const { status, stdout } = safelight(
      ['process', '-', '-', 'image/resize,w_50'],
      readFileSync(photo),
    );
    expect(status).toBe(0);
    const { format, width } = await sharp(stdout).metadata();
    expect([format, width]).toEqual(['jpeg', 50]);
  });

  it('points at the fault of a wrong chain and writes nothing', () => {
    const out = join(folder, 'never.jpg');
    const { status, stderr } = safelight(['process', photo, out, 'image/resize,w_0']);
    expect(status).toBe(2);
    expect(stderr.split('\n').slice(0, 2)).toEqual(['image/resize,w_0', '             ^^^']);
    expect(readdirSync(folder).filter((name) => name.startsWith('never'))).toEqual([]);
  });

  it('ends with 3 for a damaged picture, 4 over a limit, 5 for a missing file', () => {
    const broken = join(folder, 'broken.jpg');
    writeFileSync(broken, readFileSync(photo).subarray(0, 2000));
    const chain = 'image/resize,m_fixed,w_16000,h_16000,limit_0';
    const codes = [
      safelight(['process', broken, '-', 'image/resize,w_10']).status,
      safelight(['process', photo, '-', chain, '--limits', 'oss']).status,
      safelight(['process', join(folder, 'nowhere.jpg'), '-', 'image/resize,w_10']).status,
    ];
    expect(codes).toEqual([3, 4, 5]);
  });
});

describe('safelight info', () => {
  it('prints what the service answers to image/info', () => {
    const { status, stdout } = safelight(['info', photo]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout.toString())).toMatchObject({
      Format: { value: 'jpg' },
      ImageWidth: { value: '400' },
      ImageHeight: { value: '267' },
    });
  });
});

describe('safelight sign', () => {
  const key = ['--key-id', 'id', '--key-secret', 'secret'];
  const url = '/image-private/a.jpg?x-oss-process=image/resize,w_300';

  it.each(['1', '4'])('makes a URL that version %s verifies', (version) => {
    const args = ['sign', `http://127.0.0.1:9080${url}`, ...key, '--signature-version', version];
    const { status, stdout } = safelight([...args, '--expires', '600']);
    expect(status).toBe(0);
    const signed = stdout.toString().trim();
    const target = signed.slice('http://127.0.0.1:9080'.length);
    const { query } = parseTarget(target);
    expect(query.find(({ name }) => name === 'x-oss-process')?.value).toBe('image/resize,w_300');
    const request = {
      method: 'GET',
      target,
      headers: [['host', '127.0.0.1:9080']] as const,
      bucket: 'image-private',
      key: 'a.jpg',
    };
    const options = { findKey: () => ({ secret: 'secret' }), nowMs: Date.now() };
    expect(verifySignature(request, options)).toMatchObject({ accessKeyId: 'id' });
    const late = { ...options, nowMs: Date.now() + 700_000 };
    expect(() => verifySignature(request, late)).toThrow(/expired/i);
  });

  it('takes the bucket from a virtual host and from --bucket', () => {
    const sign = (text: string, ...more: string[]): string =>
      safelight(['sign', text, ...key, ...more]).stdout.toString();
    const signatureOf = (text: string) => new URL(text).searchParams.get('Signature');
    const virtual = sign('http://image-private.localhost:9080/a.jpg', '--no-path-style');
    const named = sign('http://pictures.example/a.jpg', '--bucket', 'image-private');
    expect(signatureOf(virtual)).toMatch(/^[A-Za-z0-9+/]{27}=$/);
    expect(signatureOf(named)).toMatch(/^[A-Za-z0-9+/]{27}=$/);
  });

  it('ends with 2 without a key or for what is not a URL', () => {
    expect(safelight(['sign', `http://127.0.0.1${url}`]).status).toBe(2);
    expect(safelight(['sign', 'a.jpg', ...key]).status).toBe(2);
  });
});

describe('safelight explain', () => {
  it('prints the canonical chain, every step with its size, and the memory', () => {
    const chain = 'image/resize,h_100,w_100/rotate,90';
    const { status, stdout } = safelight(['explain', chain, '--size', '4000x3000']);
    expect(status).toBe(0);
    const text = stdout.toString();
    expect(text).toContain('canonical  image/resize,w_100,h_100/rotate,90');
    expect(text).toContain('jpeg, 4000 x 3000, ycbcr');
    expect(text).toMatch(/resize .* 100 x 75 ycbcr/);
    expect(text).toContain('result     jpeg, 75 x 100, quality 90');
    expect(text).toMatch(/memory {5}[\d.]+ [KM]iB of planes/);
  });

  it('plans for a file', () => {
    const { stdout } = safelight(['explain', 'image/resize,w_200', '--file', photo]);
    expect(stdout.toString()).toContain('result     jpeg, 200 x 134, quality 82');
  });

  it('points at the token at fault and tells what the service would answer', () => {
    const { status, stdout } = safelight(['explain', 'image/resize,w_100/rotate,400']);
    expect(status).toBe(2);
    const lines = stdout.toString().split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'image/resize,w_100/rotate,400',
      '                          ^^^',
    ]);
    expect(lines.at(-2)).toBe('The service answers 400 InvalidArgument 0040-00000217.');
  });

  it('points at the token that only the picture shows to be wrong', () => {
    const chain = 'image/resize,w_100/crop,y_10,x_100';
    const { status, stdout } = safelight(['explain', chain, '--size', '4000x3000']);
    expect(status).toBe(2);
    const lines = stdout.toString().split('\n');
    expect(lines.slice(0, 2)).toEqual([chain, `${' '.repeat(chain.indexOf('x_100'))}^^^^^`]);
    expect(lines.at(-2)).toBe('The service answers 400 BadRequest.');
  });

  it('explains what is told instead of a picture', () => {
    const { status, stdout } = safelight(['explain', 'image/average-hue', '--size', '4000x3000']);
    expect(status).toBe(0);
    expect(stdout.toString()).toContain('result     JSON that tells the average colour\n');
  });

  it('names an action that is known but not built', () => {
    const { status, stdout } = safelight(['explain', 'image/blindwatermark,content_YQ']);
    expect([status, stdout.toString()]).toEqual([2, expect.stringContaining('501 NotImplemented')]);
  });
});
