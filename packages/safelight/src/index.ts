/**
 * What users of the library import on Node: `createSafelight` and the actions.
 * @module
 */

import { keepFreedMemory } from './freed-memory.ts';
import { nodePlatform } from './node-platform.ts';
import { createSafelightOn, type Safelight, type SafelightOptions } from './safelight.ts';

export * from './vocabulary.ts';

/** Rejects only when what was asked for cannot be loaded. */
export function createSafelight(options: SafelightOptions = {}): Promise<Safelight> {
  keepFreedMemory();
  return createSafelightOn(nodePlatform, options);
}
