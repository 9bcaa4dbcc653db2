import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const S3 = { SAFELIGHT_STORE: 's3', SAFELIGHT_S3_BUCKET: 'pictures' };

describe('settings of the S3 store', () => {
  it('are few: the bucket, and the rest has defaults', () => {
    const config = readConfig(S3);
    expect(config.s3).toEqual({
      bucket: 'pictures',
      endpoint: undefined,
      region: undefined,
      prefix: '',
      accessKey: undefined,
      isPathStyle: undefined,
    });
    expect([config.store, config.hasDemo]).toEqual(['s3', false]);
    expect(readConfig({ ...S3, SAFELIGHT_DEMO: '1' }).hasDemo).toBe(true);
  });

  it('are taken all', () => {
    const { s3 } = readConfig({
      ...S3,
      SAFELIGHT_S3_ENDPOINT: 'http://minio.internal:9000',
      SAFELIGHT_S3_REGION: 'eu-central-1',
      SAFELIGHT_S3_PREFIX: 'images/live/',
      SAFELIGHT_S3_KEY_ID: 'me',
      SAFELIGHT_S3_SECRET: 'mine',
      SAFELIGHT_S3_PATH_STYLE: '0',
    });
    expect(s3).toEqual({
      bucket: 'pictures',
      endpoint: 'http://minio.internal:9000',
      region: 'eu-central-1',
      prefix: 'images/live/',
      accessKey: { id: 'me', secret: 'mine' },
      isPathStyle: false,
    });
  });

  it.each([
    ['SAFELIGHT_S3_BUCKET', 'a/b'],
    ['SAFELIGHT_S3_ENDPOINT', 'minio:9000'],
    ['SAFELIGHT_S3_ENDPOINT', 'http://user:topsecret@minio'],
    ['SAFELIGHT_S3_REGION', 'a b'],
    ['SAFELIGHT_S3_PREFIX', 'images'],
    ['SAFELIGHT_S3_PREFIX', '/images/'],
    ['SAFELIGHT_S3_PATH_STYLE', 'yes'],
  ])('stop the start at %s=%s, which is named', (variable, value) => {
    const read = (): unknown => readConfig({ ...S3, [variable]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(expect.objectContaining({ variable }));
    expect(read).not.toThrow('topsecret');
  });

  it.each([
    [{ SAFELIGHT_STORE: 's3' }, 'SAFELIGHT_S3_BUCKET'],
    [{ SAFELIGHT_S3_BUCKET: 'pictures' }, 'SAFELIGHT_STORE'],
    [{ ...S3, SAFELIGHT_S3_KEY_ID: 'me' }, 'SAFELIGHT_S3_SECRET'],
    [{ ...S3, SAFELIGHT_S3_SECRET: 'mine' }, 'SAFELIGHT_S3_KEY_ID'],
  ])('want partners together: %j', (environment, variable) => {
    expect(() => readConfig(environment)).toThrow(expect.objectContaining({ variable }));
  });
});

describe('settings of origins', () => {
  it('are pairs with limits', () => {
    const { origins } = readConfig({
      SAFELIGHT_ORIGINS: 'one=https://Images.example/Path/, two=http://[2001:db8::1]:81/',
      SAFELIGHT_ORIGIN_REDIRECT_HOSTS: 'CDN.example,cdn.example:8443',
      SAFELIGHT_ORIGIN_NETWORKS: '10.1.0.0/16,fd00::/8',
      SAFELIGHT_ORIGIN_MAX_BYTES: '1000',
      SAFELIGHT_ORIGIN_TIMEOUT_MS: '500',
      SAFELIGHT_ORIGIN_MAX_AGE_MS: '0',
    });
    expect(origins.origins.map(({ bucket, base }) => [bucket, base.href])).toEqual([
      ['one', 'https://images.example/Path/'],
      ['two', 'http://[2001:db8::1]:81/'],
    ]);
    expect(origins).toMatchObject({
      redirectHosts: ['cdn.example', 'cdn.example:8443'],
      maxBytes: 1000,
      timeoutMs: 500,
      maxAgeMs: 0,
    });
    const addresses = ['10.1.2.3', '10.2.0.1', 'fd12::1', 'fe80::1', '::ffff:10.1.2.3'];
    expect(addresses.filter((address) => origins.allowsPrivate(address))).toEqual([
      '10.1.2.3',
      'fd12::1',
      '::ffff:10.1.2.3',
    ]);
    expect(readConfig({}).origins.allowsPrivate('10.1.2.3')).toBe(false);
  });

  it.each([
    ['SAFELIGHT_ORIGINS', 'https://host/'],
    ['SAFELIGHT_ORIGINS', 'one=https://host'],
    ['SAFELIGHT_ORIGINS', 'one=https://host/path'],
    ['SAFELIGHT_ORIGINS', 'one=https://user:topsecret@host/'],
    ['SAFELIGHT_ORIGINS', 'one=https://host/?a=/'],
    ['SAFELIGHT_ORIGINS', 'one=file:///etc/'],
    ['SAFELIGHT_ORIGINS', 'Under_Score=https://host/'],
    ['SAFELIGHT_ORIGINS', 'one=https://a/,one=https://b/'],
    ['SAFELIGHT_ORIGIN_REDIRECT_HOSTS', 'https://cdn'],
    ['SAFELIGHT_ORIGIN_NETWORKS', '10.0.0.1'],
    ['SAFELIGHT_ORIGIN_NETWORKS', '10.0.0.0/33'],
    ['SAFELIGHT_ORIGIN_MAX_BYTES', '0'],
    ['SAFELIGHT_ORIGIN_TIMEOUT_MS', '0'],
    ['SAFELIGHT_ORIGIN_MAX_AGE_MS', 'long'],
  ])('stop the start at %s=%s, which is named', (variable, value) => {
    const read = (): unknown =>
      readConfig({ SAFELIGHT_ORIGINS: 'one=https://a/', [variable]: value });
    expect(read).toThrow(expect.objectContaining({ variable }));
    expect(read).not.toThrow('topsecret');
  });

  it('want an origin', () => {
    expect(() => readConfig({ SAFELIGHT_ORIGIN_TIMEOUT_MS: '5' })).toThrow(
      expect.objectContaining({ variable: 'SAFELIGHT_ORIGINS' }),
    );
  });
});
