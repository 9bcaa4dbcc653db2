/**
 * The two encoders on random planes: too small, exact or larger than their sampling calls for, with
 * gaps between the rows, in every sampling.
 * @module
 */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeJpeg } from '../../src/encode-jpeg.ts';
import { createTwin } from '../encode/twin-memory.ts';
import { picture } from './pictures.ts';

const twin = createTwin(4 * 1024 * 1024);

it('the encoder of a shared memory gives the bytes of the plain one', () => {
  fc.assert(
    fc.property(picture, fc.boolean(), (options, progressive) => {
      const expected = encodeJpeg({ ...options, progressive });
      expect(Buffer.compare(twin({ ...options, progressive }), expected)).toBe(0);
    }),
    { numRuns: 400 },
  );
});
