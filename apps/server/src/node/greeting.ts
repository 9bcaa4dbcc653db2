/**
 * What a person at the terminal is told when the service is up: the key, if this start made it, and
 * URLs to click, one of them signed.
 * @module
 */

import { signV1Query } from '@safelight/signing';
import { DEMO_BUCKET, DEMO_KEY, DEMO_STYLE, PRIVATE_BUCKET } from './demo.ts';
import type { RunningServer } from './server.ts';

/** The signed URL of the greeting works for a day. */
const SIGNED_SEC = 24 * 60 * 60;

export function printGreeting(server: RunningServer, nowMs: number): string {
  const { url, httpsUrl, accessKey, hasDemo } = server;
  const lines = [`Safelight listens on ${url}${httpsUrl === undefined ? '' : ` and ${httpsUrl}`}`];
  if (accessKey.newFile !== undefined) {
    lines.push(
      '',
      'A new access key, shown this once:',
      `  id      ${accessKey.id}`,
      `  secret  ${accessKey.secret}`,
      `  kept in ${accessKey.newFile}`,
    );
  }
  if (hasDemo) lines.push('', 'Pictures to click:', ...demoUrls(server, nowMs).map(indent));
  return `${lines.join('\n')}\n`;
}

/** Both address forms of the public picture, a style, and the private picture by a signed URL. */
export function demoUrls(server: RunningServer, nowMs: number): readonly string[] {
  const { url } = server;
  const virtual = url.replace('://', `://${DEMO_BUCKET}.`);
  const urls = [
    `${url}/${DEMO_BUCKET}/${DEMO_KEY}?x-oss-process=image/resize,w_480/rotate,90`,
    `${url}/${DEMO_BUCKET}/${DEMO_KEY}?x-oss-process=style/${DEMO_STYLE}`,
    `${url}${signedTarget(server, nowMs)}`,
  ];
  // Only names can carry a bucket before them.
  if (/^https?:\/\/[a-z]/.test(url)) {
    urls.splice(1, 0, `${virtual}/${DEMO_KEY}?x-oss-process=image/resize,w_480/sharpen,100`);
  }
  return urls;
}

function signedTarget(server: RunningServer, nowMs: number): string {
  const { id, secret } = server.accessKey;
  const { request } = signV1Query(
    {
      method: 'GET',
      target: `/${PRIVATE_BUCKET}/${DEMO_KEY}?x-oss-process=image/resize,w_480`,
      headers: [],
      bucket: PRIVATE_BUCKET,
      key: DEMO_KEY,
    },
    { accessKeyId: id, secret, nowMs, expiresInSec: SIGNED_SEC },
  );
  return request.target;
}

function indent(line: string): string {
  return `  ${line}`;
}
