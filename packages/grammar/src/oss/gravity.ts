/**
 * The nine places by their OSS words.
 * @module
 */

import type { Gravity } from '@safelight/core';

export const OSS_GRAVITIES: Readonly<Record<string, Gravity>> = {
  nw: 'northwest',
  north: 'north',
  ne: 'northeast',
  west: 'west',
  center: 'center',
  east: 'east',
  sw: 'southwest',
  south: 'south',
  se: 'southeast',
};
