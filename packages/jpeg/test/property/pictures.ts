/**
 * Arbitrary pictures for the encoders: planes that do not fit their sampling exactly.
 * @module
 */
import * as fc from 'fast-check';
import type { JpegComponent, JpegEncodeOptions } from '../../src/options.ts';

export const quality: fc.Arbitrary<number> = fc.integer({ min: 1, max: 100 });

/** Options over random planes of about the right sizes: too small, exact, larger, with gaps. */
export const picture: fc.Arbitrary<JpegEncodeOptions> = fc
  .record({
    width: fc.integer({ min: 1, max: 50 }),
    height: fc.integer({ min: 1, max: 50 }),
    samplings: fc.oneof(
      fc.constant<[number, number][]>([[1, 1]]),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })), {
        minLength: 3,
        maxLength: 3,
      }),
    ),
    excess: fc.integer({ min: -3, max: 9 }),
    gap: fc.integer({ min: 0, max: 5 }),
    qualityPercent: quality,
    restartInterval: fc.integer({ min: 0, max: 5 }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 4096 }),
  })
  .map(({ width, height, samplings, excess, gap, bytes, qualityPercent, restartInterval }) => {
    const maxAcross = Math.max(...samplings.map(([h]) => h));
    const maxDown = Math.max(...samplings.map(([, v]) => v));
    const components = samplings.map(([h, v]): JpegComponent => {
      const across = Math.max(1, Math.ceil((width * h) / maxAcross) + excess);
      const down = Math.max(1, Math.ceil((height * v) / maxDown) + excess);
      const stride = across + gap;
      return {
        data: Uint8Array.from({ length: stride * down }, (_, i) => bytes[i % bytes.length]),
        width: across,
        height: down,
        stride,
        horizontalSampling: h as 1 | 2 | 3 | 4,
        verticalSampling: v as 1 | 2 | 3 | 4,
      };
    });
    return { width, height, components, qualityPercent, restartInterval };
  });
