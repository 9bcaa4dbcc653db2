/**
 * The public door of the SIMD kernels.
 * @module
 */

export { SIMD_REGION_BEGIN, SIMD_REGION_END } from './memory-map.ts';
export { createPngTwins, type PngLoops } from './png-kernels.ts';
export { createSimdKernels } from './simd-kernels.ts';
export { isSimdSupported } from './simd-support.ts';
