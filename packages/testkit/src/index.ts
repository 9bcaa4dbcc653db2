/**
 * What tests share: slow references, suites, measures. Nothing here is published.
 * @module
 */

export { naiveKernels } from './naive/kernels.ts';
export { lanczosReference } from './naive/lanczos.ts';
export { psnr } from './psnr.ts';
export { createRandom } from './random.ts';
export {
  Bench,
  type KernelComparison,
  kernelMismatch,
  type KernelShape,
  type KernelTrial,
  type TestPlane,
} from './suites/kernel-bench.ts';
export { KERNEL_SHAPES, kernelTrials } from './suites/kernels.ts';
