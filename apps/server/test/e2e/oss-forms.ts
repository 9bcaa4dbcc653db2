/**
 * The unmodified ali-oss client in every form that it addresses and signs requests in, each with a
 * bucket of its own. Its types lack many of its calls: here they are as the tests use them.
 * @module
 */

import OSS from 'ali-oss';
import { httpAgent } from './download.ts';
import { KEY_ID, SECRET, type ServerProcess, startProcess } from './server-process.ts';
import { storeUnderTest } from './store-under-test.ts';

export interface Reply {
  readonly res: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly data?: Buffer;
  };
  readonly [field: string]: unknown;
}

type CallName =
  | 'abortMultipartUpload'
  | 'append'
  | 'completeMultipartUpload'
  | 'copy'
  | 'delete'
  | 'deleteBucket'
  | 'deleteBucketCORS'
  | 'deleteBucketTags'
  | 'deleteMulti'
  | 'deleteObjectTagging'
  | 'get'
  | 'getACL'
  | 'getBucketACL'
  | 'getBucketCORS'
  | 'getBucketInfo'
  | 'getBucketLocation'
  | 'getBucketReferer'
  | 'getBucketStat'
  | 'getBucketTags'
  | 'getBucketVersioning'
  | 'getObjectMeta'
  | 'getObjectTagging'
  | 'getStream'
  | 'getSymlink'
  | 'head'
  | 'initMultipartUpload'
  | 'list'
  | 'listBuckets'
  | 'listParts'
  | 'listUploads'
  | 'listV2'
  | 'multipartUpload'
  | 'multipartUploadCopy'
  | 'processObjectSave'
  | 'put'
  | 'putACL'
  | 'putBucket'
  | 'putBucketACL'
  | 'putBucketCORS'
  | 'putBucketLifecycle'
  | 'putBucketPolicy'
  | 'putBucketReferer'
  | 'putBucketTags'
  | 'putBucketWebsite'
  | 'putMeta'
  | 'putObjectTagging'
  | 'putStream'
  | 'putSymlink'
  | 'request'
  | 'restore'
  | 'uploadPart'
  | 'uploadPartCopy';

export type Client = Readonly<Record<CallName, (...values: readonly unknown[]) => Promise<Reply>>>;

export interface Form {
  readonly name: string;
  readonly bucket: string;
  /** How this form differs from the default one. */
  readonly options: (server: ServerProcess) => Readonly<Record<string, unknown>>;
}

/** Virtual host, path style, own domain and IP endpoint, each by both versions of signatures. */
export const FORMS: readonly Form[] = [false, true].flatMap((authorizationV4) => {
  const version = authorizationV4 ? 'v4' : 'v1';
  const form = (name: string, options: Form['options']): Form => ({
    name: `${name}, ${version}`,
    bucket: `box-${name.replaceAll(' ', '-')}-${version}`,
    options: (server) => Object.assign({ authorizationV4 }, options(server)),
  });
  return [
    form('virtual host', () => ({})),
    form('path style', () => ({ sldEnable: true })),
    form('own domain', ({ port }) => ({
      endpoint: `http://${version}.pictures.example:${port}`,
      cname: true,
    })),
    form('ip', ({ port }) => ({ endpoint: `http://127.0.0.1:${port}` })),
  ];
});

/** The server of a test file, with the own domains of the forms and nothing stored. */
export async function startFormServer(
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  return startProcess({
    ...(await storeUnderTest()),
    SAFELIGHT_DEMO: '0',
    SAFELIGHT_CNAMES: 'v1.pictures.example=box-own-domain-v1,v4.pictures.example=box-own-domain-v4',
    ...environment,
  });
}

export function clientOf(
  server: ServerProcess,
  bucket: string | undefined,
  more: Readonly<Record<string, unknown>> = {},
): Client {
  const options = {
    accessKeyId: KEY_ID,
    accessKeySecret: SECRET,
    region: 'oss-cn-hangzhou',
    endpoint: server.url,
    agent: httpAgent,
    bucket,
    ...more,
  };
  return new OSS(options as OSS.Options) as unknown as Client;
}

/** A client of this form, whose bucket is there. */
export async function formClient(server: ServerProcess, form: Form): Promise<Client> {
  await clientOf(server, form.bucket).putBucket(form.bucket);
  return clientOf(server, form.bucket, form.options(server));
}

/** The bytes of an object, as text. */
export async function readText(client: Client, key: string, options = {}): Promise<string> {
  const { content } = await client.get(key, options);
  return String(content);
}
