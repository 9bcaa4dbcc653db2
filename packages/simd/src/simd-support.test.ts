/**
 * The probe, against a runtime that has SIMD and ones that do not.
 * @module
 */

import { afterEach, expect, it, vi } from 'vitest';

import { isSimdSupported } from './simd-support.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('finds SIMD on every supported Node', () => {
  expect(isSimdSupported()).toBe(true);
});

it('asks for a module that only SIMD makes valid', () => {
  const validate = vi.spyOn(WebAssembly, 'validate');
  isSimdSupported();
  const [probe] = validate.mock.calls[0] as [Uint8Array<ArrayBuffer>];
  expect(WebAssembly.validate(probe)).toBe(true);
  // With two `nop`s for its `i8x16.splat`, any runtime takes the function: only the two bytes decide.
  const at = probe.indexOf(0xfd);
  const plain = Uint8Array.of(...probe.subarray(0, at), 0x01, 0x01, ...probe.subarray(at + 2));
  expect(WebAssembly.validate(plain)).toBe(true);
});

it('finds none where a policy forbids to compile what it lets be validated', () => {
  vi.spyOn(WebAssembly, 'Module').mockImplementation(function refuse() {
    throw new WebAssembly.CompileError('blocked by Content Security Policy');
  });
  expect(isSimdSupported()).toBe(false);
});

it('finds none where WebAssembly is switched off', () => {
  vi.stubGlobal('WebAssembly', undefined);
  expect(isSimdSupported()).toBe(false);
});
