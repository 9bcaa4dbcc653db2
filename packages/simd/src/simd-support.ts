/**
 * Whether this runtime has WebAssembly with 128-bit SIMD, asked without compiling the kernels.
 * @module
 */

/**
 * A module of one function: `i32.const 0, i8x16.splat, drop`. A runtime without SIMD refuses the
 * 0xfd prefix (WebAssembly core specification 2.0, section 5.4.8).
 */
// prettier-ignore
const PROBE = Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02,
  0x01, 0x00, 0x0a, 0x09, 0x01, 0x07, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x1a, 0x0b,
);

/**
 * False as well where WebAssembly is missing or switched off, or where a page's policy lets modules be
 * validated but not compiled.
 */
export function isSimdSupported(): boolean {
  if (typeof WebAssembly !== 'object' || !WebAssembly.validate(PROBE)) return false;
  try {
    return new WebAssembly.Module(PROBE) instanceof WebAssembly.Module;
  } catch {
    return false;
  }
}
