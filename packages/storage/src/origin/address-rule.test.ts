/**
 * Every range that must not be reached through an origin, in every spelling.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { isPublicAddress } from './address-rule.ts';

describe('isPublicAddress', () => {
  it.each([
    '93.184.216.34',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.0',
    '2606:2800:220:1:248:1893:25c8:1946',
    '2a00:1450:4001:82a::200e',
    '::ffff:93.184.216.34',
    '64:ff9b::5db8:d822', // NAT64 of 93.184.216.34
  ])('allows %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ['this network', '0.0.0.0'],
    ['loopback', '127.0.0.1'],
    ['loopback, elsewhere', '127.255.0.9'],
    ['loopback, IPv6', '::1'],
    ['unspecified, IPv6', '::'],
    ['private, 10', '10.1.2.3'],
    ['private, 172.16', '172.16.0.1'],
    ['private, 172.31', '172.31.255.255'],
    ['private, 192.168', '192.168.0.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['carrier-grade NAT, end', '100.127.255.255'],
    ['link-local, metadata service', '169.254.169.254'],
    ['link-local, IPv6', 'fe80::1'],
    ['unique local', 'fd00::1'],
    ['site-local, deprecated', 'fec0::1'],
    ['benchmarking', '198.18.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation, IPv6', '2001:db8::1'],
    ['multicast', '224.0.0.1'],
    ['multicast, IPv6', 'ff02::1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped private, in hex', '::ffff:a00:1'],
    ['IPv4-compatible loopback', '::7f00:1'],
    ['NAT64 of a private address', '64:ff9b::a00:1'],
    ['NAT64 of loopback', '64:ff9b::7f00:1'],
    ['NAT64, local prefix', '64:ff9b:1::a00:1'],
    ['6to4 of a private address', '2002:a00:1::'],
    ['6to4 of a public address', '2002:5db8:d822::'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['ISATAP', '2a00:1450::5efe:a00:1'],
    ['ISATAP, universal', '2a00:1450::200:5efe:a00:1'],
    ['no address', 'localhost'],
    ['an empty text', ''],
  ])('refuses %s: %s', (_name, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
