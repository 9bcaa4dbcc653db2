/**
 * The slow, obvious kernel set: float64, one formula a kernel. Tests hold every real set against
 * it.
 * @module
 */

import type { Kernels } from '@safelight/core';

import * as mixing from './mixing.ts';
import * as moving from './moving.ts';
import * as resampling from './resampling.ts';

export const naiveKernels: Kernels = { name: 'naive', ...moving, ...mixing, ...resampling };
