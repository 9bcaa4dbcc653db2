/**
 * What users of the library import in browsers and workers: the names and types of `index.ts`, without
 * anything of Node behind them.
 * @module
 */

import { browserPlatform } from './browser-platform.ts';
import { createSafelightOn, type Safelight, type SafelightOptions } from './safelight.ts';

export * from './vocabulary.ts';

/** Rejects only when what was asked for cannot be loaded. */
export function createSafelight(options: SafelightOptions = {}): Promise<Safelight> {
  return createSafelightOn(browserPlatform, options);
}
