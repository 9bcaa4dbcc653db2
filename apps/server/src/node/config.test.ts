import { describe, expect, it } from 'vitest';
import { GENEROUS_LIMITS, OSS_LIMITS } from '@safelight/core';
import { ConfigError, readConfig } from './config.ts';

describe('readConfig', () => {
  it('has defaults for everything', () => {
    const { workers, maxQueue, maxRendersBytes, origins, ...rest } = readConfig({
      PATH: '/bin',
      SAFELIGHT_CORPUS: 'x',
    });
    expect(origins.origins).toEqual([]);
    expect(rest).toEqual({
      host: '127.0.0.1',
      port: 9080,
      tls: undefined,
      store: 'fs',
      s3: undefined,
      dataFolder: 'data',
      endpoints: [],
      cnames: {},
      region: 'oss-cn-hangzhou',
      callbackHosts: [],
      accessKey: undefined,
      moreAccessKeys: [],
      disabledKeys: [],
      cache: {
        memoryBytes: 134_217_728,
        diskBytes: 1_073_741_824,
        redisUrl: undefined,
        maxVariants: 256,
      },
      metadataMaxAgeMs: 1000,
      metricsToken: undefined,
      drainMs: 0,
      hasDemo: true,
      limits: GENEROUS_LIMITS,
      isStrict: false,
      maxStyles: 50,
      uploadMaxAgeMs: 604_800_000,
      isLenientHttp: false,
      logLevel: 'info',
    });
    expect([workers >= 1, maxQueue]).toEqual([true, workers * 32]);
    expect(maxRendersBytes).toBeGreaterThan(0);
  });

  it('takes every variable', () => {
    const config = readConfig({
      SAFELIGHT_HOST: '0.0.0.0',
      SAFELIGHT_PORT: '0',
      SAFELIGHT_TLS_CERT: 'cert.pem',
      SAFELIGHT_TLS_KEY: 'key.pem',
      SAFELIGHT_TLS_PORT: '443',
      SAFELIGHT_STORE: 'memory',
      SAFELIGHT_DATA: '/tmp/x',
      SAFELIGHT_ENDPOINTS: 'Images.example.com, img.example.org',
      SAFELIGHT_CNAMES: 'pics.example.com=holiday,www.example.com=site-1',
      SAFELIGHT_REGION: 'oss-eu-central-1',
      SAFELIGHT_CALLBACK_HOSTS: 'Hooks.example.com,10.0.0.1:8080',
      SAFELIGHT_ACCESS_KEY_ID: 'me',
      SAFELIGHT_ACCESS_KEY_SECRET: 'long enough',
      SAFELIGHT_ACCESS_KEYS: 'old:long ago: yes, other.1:long enough',
      SAFELIGHT_DISABLED_KEYS: 'old',
      SAFELIGHT_CACHE_MEMORY_BYTES: '0',
      SAFELIGHT_CACHE_DISK_BYTES: '5000000',
      SAFELIGHT_CACHE_REDIS: 'redis://127.0.0.1:6379/1',
      SAFELIGHT_CACHE_VARIANTS: '9',
      SAFELIGHT_METADATA_MAX_AGE_MS: '0',
      SAFELIGHT_METRICS_TOKEN: 'long enough',
      SAFELIGHT_DRAIN_MS: '5000',
      SAFELIGHT_MEMORY_BYTES: '2000000000',
      SAFELIGHT_DEMO: '0',
      SAFELIGHT_WORKERS: '3',
      SAFELIGHT_QUEUE: '0',
      SAFELIGHT_LIMITS: 'oss',
      SAFELIGHT_MAX_RENDER_BYTES: '33554432',
      SAFELIGHT_TIMEOUT_MS: '5000',
      SAFELIGHT_STRICT: '1',
      SAFELIGHT_MAX_STYLES: '7',
      SAFELIGHT_UPLOAD_MAX_AGE_MS: '0',
      SAFELIGHT_LENIENT_HTTP: '1',
      SAFELIGHT_LOG_LEVEL: 'silent',
    });
    expect(config).toEqual({
      host: '0.0.0.0',
      port: 0,
      tls: { certFile: 'cert.pem', keyFile: 'key.pem', port: 443 },
      store: 'memory',
      s3: undefined,
      origins: config.origins,
      dataFolder: '/tmp/x',
      endpoints: ['images.example.com', 'img.example.org'],
      cnames: { 'pics.example.com': 'holiday', 'www.example.com': 'site-1' },
      region: 'oss-eu-central-1',
      callbackHosts: ['hooks.example.com', '10.0.0.1:8080'],
      accessKey: { id: 'me', secret: 'long enough' },
      moreAccessKeys: [
        { id: 'old', secret: 'long ago: yes' },
        { id: 'other.1', secret: 'long enough' },
      ],
      disabledKeys: ['old'],
      cache: {
        memoryBytes: 0,
        diskBytes: 5_000_000,
        redisUrl: 'redis://127.0.0.1:6379/1',
        maxVariants: 9,
      },
      metadataMaxAgeMs: 0,
      metricsToken: 'long enough',
      drainMs: 5000,
      maxRendersBytes: 2_000_000_000,
      hasDemo: false,
      workers: 3,
      maxQueue: 0,
      limits: { ...OSS_LIMITS, maxMemoryBytes: 33_554_432, timeoutMs: 5000 },
      isStrict: true,
      maxStyles: 7,
      uploadMaxAgeMs: 0,
      isLenientHttp: true,
      logLevel: 'silent',
    });
  });

  it('counts an empty value as absent', () => {
    expect(readConfig({ SAFELIGHT_PORT: '' }).port).toBe(9080);
  });

  it.each([
    ['SAFELIGHT_PORT', '70000'],
    ['SAFELIGHT_PORT', '80x'],
    ['SAFELIGHT_PORT', '-1'],
    ['SAFELIGHT_STORE', 'gcs'],
    ['SAFELIGHT_LIMITS', 'none'],
    ['SAFELIGHT_DEMO', 'yes'],
    ['SAFELIGHT_WORKERS', '0'],
    ['SAFELIGHT_TIMEOUT_MS', '1e3'],
    ['SAFELIGHT_ENDPOINTS', 'http://example.com'],
    ['SAFELIGHT_ENDPOINTS', 'example.com:9080'],
    ['SAFELIGHT_CNAMES', 'example.com'],
    ['SAFELIGHT_CNAMES', 'example.com=under_score'],
    ['SAFELIGHT_CNAMES', 'example.com=a=b'],
    ['SAFELIGHT_REGION', 'cn-hangzhou'],
    ['SAFELIGHT_ACCESS_KEY_ID', 'a b'],
    ['SAFELIGHT_ACCESS_KEYS', 'no-secret'],
    ['SAFELIGHT_ACCESS_KEYS', 'id:short'],
    ['SAFELIGHT_DISABLED_KEYS', 'a b'],
    ['SAFELIGHT_CACHE_MEMORY_BYTES', '1G'],
    ['SAFELIGHT_CACHE_REDIS', 'localhost:6379'],
    ['SAFELIGHT_CACHE_VARIANTS', '0'],
    ['SAFELIGHT_METRICS_TOKEN', 'short'],
    ['SAFELIGHT_DRAIN_MS', '-1'],
    ['SAFELIGHT_MEMORY_BYTES', '1'],
    ['SAFELIGHT_LOG_LEVEL', 'loud'],
    ['SAFELIGHT_NO_SUCH_THING', '1'],
  ])('stops at %s=%s and names it', (variable, value) => {
    const read = (): unknown => readConfig({ [variable]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(expect.objectContaining({ variable }));
    expect(read).toThrow(variable);
  });

  it.each([
    [{ SAFELIGHT_TLS_CERT: 'a' }, 'SAFELIGHT_TLS_KEY'],
    [{ SAFELIGHT_TLS_KEY: 'a' }, 'SAFELIGHT_TLS_CERT'],
    [{ SAFELIGHT_TLS_PORT: '1' }, 'SAFELIGHT_TLS_CERT'],
    [{ SAFELIGHT_ACCESS_KEY_ID: 'a' }, 'SAFELIGHT_ACCESS_KEY_SECRET'],
    [{ SAFELIGHT_ACCESS_KEY_SECRET: 'long enough' }, 'SAFELIGHT_ACCESS_KEY_ID'],
  ])('wants partners together: %j', (environment, variable) => {
    expect(() => readConfig(environment)).toThrow(expect.objectContaining({ variable }));
  });

  it('never shows a secret', () => {
    const environment = { SAFELIGHT_ACCESS_KEY_ID: 'me', SAFELIGHT_ACCESS_KEY_SECRET: 'short' };
    expect(() => readConfig(environment)).toThrow('SAFELIGHT_ACCESS_KEY_SECRET');
    expect(() => readConfig(environment)).not.toThrow('short');
    const several = { SAFELIGHT_ACCESS_KEYS: 'good:long enough,bad:brief' };
    expect(() => readConfig(several)).toThrow('SAFELIGHT_ACCESS_KEYS');
    expect(() => readConfig(several)).not.toThrow(/long enough|brief/);
  });
});
