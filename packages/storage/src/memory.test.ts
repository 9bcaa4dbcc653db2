/**
 * The memory driver runs the shared suite.
 * @module
 */

import { describeDriver } from '../test/driver-suite.ts';
import { createMemoryDriver } from './memory.ts';

describeDriver('memory', async (now) => createMemoryDriver({ now }));
