import {
  gammaTag,
  makeMatrixProfile,
  makeProfile,
  parametricTag,
  randomFrom,
  sampledTag,
  SRGB_CURVE,
  stagesTag,
  tableTag,
} from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import { createColorGrid } from '../../src/color/color-grid.ts';
import { conversionToSrgb } from '../../src/color/conversion.ts';
import type { ColorModel } from '../../src/raster.ts';

const third = (device: readonly number[]) => [device[0], 0.5, device[device.length - 1]];

const PROFILES: readonly Uint8Array[] = [
  makeMatrixProfile('p3', SRGB_CURVE, 4),
  makeMatrixProfile(
    'adobe-rgb',
    sampledTag(16, (v) => v * v),
  ),
  makeMatrixProfile('prophoto', parametricTag(4, [2, 1, 0, 1, 0.1, 0, 0])),
  makeProfile({ connection: 'Lab ', tags: { A2B0: tableTag('mft1', 3, 3, third) } }),
  makeProfile({ space: 'CMYK', connection: 'Lab ', tags: { A2B1: tableTag('mft2', 4, 2, third) } }),
  makeProfile({ version: 4, tags: { A2B0: stagesTag(3, 2, third, gammaTag(1.5)) } }),
];
const MODELS: readonly ColorModel[] = ['gray', 'rgb', 'cmyk'];

/** Whatever comes of it is a number, and no more memory than a grid of ours. */
function attempt(icc: Uint8Array): number {
  let found = 0;
  for (const model of MODELS) {
    const conversion = conversionToSrgb({ icc }, model);
    if (conversion === undefined) continue;
    found++;
    if (conversion.kind === 'levels') expect(conversion.levels).toHaveLength(256);
    if (conversion.kind !== 'grid') continue;
    const xyz = new Float64Array(3);
    for (const value of [0, 0.3, 1]) {
      conversion.lookup(new Float64Array(conversion.channels).fill(value), xyz);
      expect(xyz.every(Number.isFinite)).toBe(true);
    }
  }
  return found;
}

describe('damaged profiles', () => {
  it('count as none, or give colours, wherever they are cut', () => {
    for (const profile of PROFILES) {
      expect(attempt(profile)).toBeGreaterThan(0);
      for (let length = 0; length < profile.length; length += 3) attempt(profile.slice(0, length));
    }
  });

  it('do so with any bytes changed', () => {
    const random = randomFrom(20_261_123);
    for (const profile of PROFILES) {
      for (let trial = 0; trial < 400; trial++) {
        const damaged = profile.slice();
        for (let i = 0; i < 4; i++) {
          // Most in the header, the table and the starts of tags, where sizes stand.
          const reach = i < 3 ? Math.min(profile.length, 420) : profile.length;
          damaged[Math.floor(random() * reach)] = [0, 1, 127, 255][Math.floor(random() * 4)];
        }
        expect(attempt(damaged)).toBeLessThanOrEqual(MODELS.length);
      }
    }
  });

  it('make no larger grid than sound ones', () => {
    const conversion = conversionToSrgb({ icc: PROFILES[4] }, 'cmyk');
    if (conversion?.kind !== 'grid') throw new Error('expected a grid');
    const { nodes } = createColorGrid(conversion.lookup, conversion.channels);
    expect(nodes).toHaveLength(3 * 17 ** 4);
  });
});
