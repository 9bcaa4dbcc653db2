import { describe, expect, it } from 'vitest';
import { type Address, resolveAddress } from './address.ts';

const RULES = { endpoints: ['images.example.com'], cnames: { 'pictures.example.org': 'holiday' } };
const service: Address = { level: 'service' };
const bucket = (name: string): Address => ({ level: 'bucket', bucket: name });
const object = (name: string, key: string): Address => ({ level: 'object', bucket: name, key });

const ROWS: readonly (readonly [host: string, path: string, expected: Address])[] = [
  // A host that stands for one bucket.
  ['pictures.example.org', '/a.jpg', object('holiday', 'a.jpg')],
  ['Pictures.Example.Org:8080', '/', bucket('holiday')],
  // Service domains: ours, localhost, those of OSS.
  ['images.example.com', '/', service],
  ['images.example.com:9080', '/b-1/a.jpg', object('b-1', 'a.jpg')],
  ['images.example.com', '/b-1', bucket('b-1')],
  ['images.example.com', '/b-1/', bucket('b-1')],
  ['b-1.images.example.com', '/a.jpg', object('b-1', 'a.jpg')],
  ['b-1.images.example.com.', '/', bucket('b-1')],
  ['localhost:9080', '/', service],
  ['localhost:9080', '/b-1/a.jpg', object('b-1', 'a.jpg')],
  ['b-1.localhost:9080', '/a.jpg', object('b-1', 'a.jpg')],
  ['oss-cn-hangzhou.aliyuncs.com', '/', service],
  ['oss-cn-hangzhou.aliyuncs.com', '/b-1/k', object('b-1', 'k')],
  ['b-1.oss-cn-hangzhou.aliyuncs.com', '/k', object('b-1', 'k')],
  ['b-1.oss-cn-hangzhou-internal.aliyuncs.com', '/k', object('b-1', 'k')],
  ['b-1.vpc100-oss-cn-hangzhou.aliyuncs.com', '/k', object('b-1', 'k')],
  // What ali-oss makes of an IP endpoint when it has no bucket.
  ['.oss-cn-hangzhou.aliyuncs.com', '/', service],
  ['undefined.oss-cn-hangzhou.aliyuncs.com', '/', service],
  ['undefined.oss-cn-hangzhou.aliyuncs.com', '/k', object('undefined', 'k')],
  // Addresses: path style.
  ['127.0.0.1:9080', '/b-1/k', object('b-1', 'k')],
  ['[::1]:9080', '/b-1/k', object('b-1', 'k')],
  // Keys are decoded once and never normalised.
  ['127.0.0.1', '/b-1/a/../c', object('b-1', 'a/../c')],
  ['127.0.0.1', '/b-1/a//c/.', object('b-1', 'a//c/.')],
  ['127.0.0.1', '/b-1/a%2Fc', object('b-1', 'a/c')],
  ['127.0.0.1', '/b-1/a+b%2Bc', object('b-1', 'a+b+c')],
  ['127.0.0.1', '/b-1/%2541', object('b-1', '%41')],
  ['127.0.0.1', '/b-1/%E5%9B%BE', object('b-1', '图')],
  ['127.0.0.1', '/b-1/%3Fstyle', object('b-1', '?style')],
  // Our own routes, but not where the bucket is in the host: there it is a key.
  ['127.0.0.1', '/-/health', { level: 'internal', path: '/-/health' }],
  ['anything.internal', '/-/health', { level: 'internal', path: '/-/health' }],
  ['b-1.localhost', '/-/health', object('b-1', '-/health')],
];

const REFUSED: readonly (readonly [host: string, path: string, code: string])[] = [
  ['other.example.net', '/b-1/k', 'NonStandardHostForbidden'],
  ['', '/b-1/k', 'NonStandardHostForbidden'],
  ['a.b-1.localhost', '/k', 'NonStandardHostForbidden'],
  ['b-1.aliyuncs.com', '/k', 'NonStandardHostForbidden'],
  ['oss-cn-hangzhou.aliyuncs.com.evil.net', '/k', 'NonStandardHostForbidden'],
  ['b_1.localhost', '/k', 'InvalidBucketName'],
  ['127.0.0.1', '/UPPER/k', 'InvalidBucketName'],
  ['127.0.0.1', '/ab/k', 'InvalidBucketName'],
  ['127.0.0.1', '//k', 'InvalidBucketName'],
  ['127.0.0.1', '/b-1%2Fk', 'InvalidBucketName'],
  ['127.0.0.1', '/b-1//k', 'InvalidObjectName'],
  ['127.0.0.1', '/b-1/%2Fk', 'InvalidObjectName'],
  ['127.0.0.1', '/b-1/%5Ck', 'InvalidObjectName'],
  ['127.0.0.1', '/b-1/%FF', 'InvalidObjectName'],
  ['127.0.0.1', '/b-1/%4', 'InvalidObjectName'],
  ['127.0.0.1', `/b-1/${'k'.repeat(1024)}`, 'InvalidObjectName'],
];

describe('resolveAddress', () => {
  it.each(ROWS)('reads host %j with path %j', (host, path, expected) => {
    expect(resolveAddress(host, path, RULES)).toEqual(expected);
  });

  it.each(REFUSED)('refuses host %j with path %j as %s', (host, path, code) => {
    expect(() => resolveAddress(host, path, RULES)).toThrow(expect.objectContaining({ code }));
  });

  it('takes a key of 1,023 bytes', () => {
    const key = 'k'.repeat(1023);
    expect(resolveAddress('127.0.0.1', `/b-1/${key}`, RULES)).toEqual(object('b-1', key));
  });
});
