/**
 * The vectors of `fixtures/signing-vectors.json` as typed data. Every vector is a request as a real
 * client sent it, or one of those after tampering.
 * @module
 */

import { readFileSync } from 'node:fs';
import type { HeaderList, SignedRequest } from '../src/index.ts';
import { decodePath, parseTarget, textToHeaderValue } from '../src/index.ts';

export interface RequestVector {
  readonly name: string;
  readonly kind: 'anonymous' | 'v1-header' | 'v1-query' | 'v4-header' | 'v4-query';
  readonly server_time: string;
  readonly bucket: string | null;
  readonly key: string;
  readonly request: {
    readonly method: string;
    readonly target: string;
    readonly headers: Readonly<Record<string, string>>;
  };
  readonly string_to_sign?: string;
  readonly canonical_request?: string;
  readonly signature?: string;
  readonly needs_empty_equals_variant?: boolean;
  readonly expect:
    | 'ok'
    | 'anonymous'
    | { readonly status: number; readonly code: string; readonly message?: string };
}

export interface PostVector {
  readonly name: string;
  readonly kind: 'v1-post' | 'v4-post';
  readonly date?: string;
  readonly region?: string;
  readonly form: Readonly<Record<string, string>>;
}

interface VectorFile {
  readonly client_time: string;
  readonly access_key_id: string;
  readonly access_key_secret: string;
  readonly sts_token: string;
  readonly v4_region: string;
  readonly vectors: readonly (RequestVector | PostVector)[];
}

export const vectorFile: VectorFile = JSON.parse(
  readFileSync(new URL('fixtures/signing-vectors.json', import.meta.url), 'utf8'),
) as VectorFile;

export const clientTimeMs: number = Date.parse(vectorFile.client_time);

function isPostVector(vector: RequestVector | PostVector): vector is PostVector {
  return vector.kind === 'v1-post' || vector.kind === 'v4-post';
}

export const requestVectors: readonly RequestVector[] = vectorFile.vectors.filter(
  (vector) => !isPostVector(vector),
);

export const postVectors: readonly PostVector[] = vectorFile.vectors.filter(isPostVector);

/**
 * The vector's request, header values as they are on the wire. The key is taken from the target, as a
 * server must: where the path was tampered with, the file's `key` is still that of the client's call.
 */
export function vectorRequest(vector: RequestVector): SignedRequest {
  const headers: HeaderList = Object.entries(vector.request.headers).map(([name, value]) => [
    name,
    textToHeaderValue(value),
  ]);
  const { method, target } = vector.request;
  const key = decodePath(parseTarget(target).rawPath).slice(1);
  return { method, target, headers, bucket: vector.bucket ?? undefined, key };
}

/** The keys the vectors' server knows, and its clock. */
export function vectorOptions(vector: RequestVector): {
  findKey: (id: string) => { secret: string } | undefined;
  nowMs: number;
} {
  return {
    findKey: (id) =>
      id === vectorFile.access_key_id ? { secret: vectorFile.access_key_secret } : undefined,
    nowMs: Date.parse(vector.server_time),
  };
}
