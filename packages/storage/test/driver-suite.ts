/**
 * What every storage driver must do, as a function of the driver: each runs the same cases.
 * @module
 */

import { describe } from 'vitest';

import { describeBuckets } from './driver-suite/buckets.ts';
import type { OpenDriver } from './driver-suite/fixture.ts';
import { describeCopies } from './driver-suite/copies.ts';
import { describeListing } from './driver-suite/listing.ts';
import { describeObjects } from './driver-suite/objects.ts';
import { describeStyles } from './driver-suite/styles.ts';
import { describeUploads } from './driver-suite/uploads.ts';
import { describeWrites } from './driver-suite/writes.ts';

export function describeDriver(name: string, open: OpenDriver): void {
  describe(`driver ${name}`, () => {
    describeBuckets(open);
    describeObjects(open);
    describeWrites(open);
    describeListing(open);
    describeStyles(open);
    describeCopies(open);
    describeUploads(open);
  });
}
