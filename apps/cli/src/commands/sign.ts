/**
 * `safelight sign URL`: a URL that anyone may open until it expires. The bucket is not in a
 * virtual-host path, so it is read from the host's first label unless it is given.
 * @module
 */

import { signV1Query, signV4Query, decodePath, type SignedRequest } from '@safelight/signing';

export interface SignCommandOptions {
  readonly keyId: string;
  readonly keySecret: string;
  /** Validity in seconds. */
  readonly expires: number;
  readonly method: string;
  /** Overrides the bucket that the URL names. */
  readonly bucket?: string;
  /** Whether the first part of the path is the bucket. @default for IP addresses and localhost */
  readonly pathStyle?: boolean;
  /** Signature version. */
  readonly signatureVersion: '1' | '4';
  readonly region: string;
}

/** The signed URL; throws `RangeError` or `SigningError` for what cannot be signed. */
export function signUrl(text: string, options: SignCommandOptions, nowMs: number): string {
  const { origin, hostname, target } = splitUrl(text);
  const { bucket, key } = locate(hostname, target, options);
  const request: SignedRequest = {
    method: options.method.toUpperCase(),
    target,
    headers: [['host', new URL(origin).host]],
    bucket,
    key,
  };
  const who = {
    accessKeyId: options.keyId,
    secret: options.keySecret,
    nowMs,
    expiresInSec: options.expires,
  };
  const signed =
    options.signatureVersion === '1'
      ? signV1Query(request, who)
      : signV4Query(request, { ...who, region: options.region });
  return origin + signed.request.target;
}

/** Origin and raw target: `URL` would resolve `..` and re-encode, and the signature would not fit. */
function splitUrl(text: string): { origin: string; hostname: string; target: string } {
  const match = /^(https?:\/\/[^/?#]+)(\/[^#]*)?/i.exec(text);
  if (match === null) {
    throw new RangeError(`URL: expected http(s)://host/path, got '${text}'`);
  }
  const origin = match[1] as string;
  return { origin, hostname: new URL(origin).hostname, target: match[2] ?? '/' };
}

function locate(
  hostname: string,
  target: string,
  options: SignCommandOptions,
): { bucket: string; key: string | undefined } {
  const path = target.split('?', 1)[0] as string;
  const pathStyle =
    options.pathStyle ?? (hostname === 'localhost' || /^[\d.]+$|^\[/.test(hostname));
  const [, first = '', rest = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  const inPath = pathStyle && options.bucket === undefined;
  const bucket = options.bucket ?? (pathStyle ? decodePath(first) : hostname.split('.', 1)[0]);
  if (bucket === undefined || bucket === '') {
    throw new RangeError(`URL: expected a bucket in '${inPath ? path : hostname}', got none`);
  }
  const key = decodePath(pathStyle ? rest : path.slice(1));
  return { bucket, key: key === '' ? undefined : key };
}
