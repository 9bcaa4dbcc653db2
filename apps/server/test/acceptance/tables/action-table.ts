/**
 * What the table of one action holds: sizes of the 400 x 267 JPEG after it, and what it refuses.
 * @module
 */

import type { SizeRow } from '../sizes.ts';

/** A process, the EC id's last digits (`undefined`: none is published), the Code unless InvalidArgument. */
export type ActionErrorRow = readonly [process: string, ec: number | undefined, code?: string];

export interface ActionTable {
  readonly action: string;
  readonly sizes: readonly SizeRow[];
  readonly errors: readonly ActionErrorRow[];
}
