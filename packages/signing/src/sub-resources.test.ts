/**
 * The list of sub-resources.
 * @module
 */

import { expect, it } from 'vitest';
import { isSubresource, SUBRESOURCES } from './sub-resources.ts';

it('holds what clients sign and not what they leave out', () => {
  for (const name of ['acl', 'style', 'styleName', 'uploadId', 'continuation-token', 'img']) {
    expect(SUBRESOURCES.has(name)).toBe(true);
  }
  for (const name of ['prefix', 'marker', 'list-type', 'max-keys', 'category', 'ACL', '']) {
    expect(isSubresource(name)).toBe(false);
  }
  expect(SUBRESOURCES.size).toBe(67);
});

it('counts every name that starts with x-oss-', () => {
  expect(isSubresource('x-oss-anything')).toBe(true);
  expect(isSubresource('X-Oss-Process')).toBe(false);
});
