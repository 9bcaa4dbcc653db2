/**
 * What the old syntax makes of the 400 x 267 JPEG, behind the key and an `@`.
 * @module
 */

import type { SizeRow } from './sizes.ts';

export const LEGACY_SIZES: readonly SizeRow[] = [
  ['100w', 100, 67],
  ['100h', 150, 100],
  ['100w_100h_1e_1c.jpg', 100, 100],
  ['100w_100h_1e', 150, 100],
  ['100w_100h_2e', 100, 100],
  ['100w_100h_4e_255-0-0bgc', 100, 100],
  ['100w_100h_200p', 200, 134],
  ['800w', 800, 534],
  ['800w_1l', 400, 267],
  ['50p', 200, 134],
  ['2x', 800, 534],
  ['100-50-100-100a', 100, 100],
  ['100-50-0-0a', 300, 217],
  ['100x200-1rc', 100, 200],
  ['x-9rc', 400, 267],
  ['100x-3ic', 100, 267],
  ['100y-2ic', 400, 67],
  ['100-0ci', 400, 267],
  ['100-1ci', 201, 201],
  ['30-2ci.png', 400, 267, 'png'],
  ['100-0ci.png', 400, 267, 'png'],
  ['90r', 267, 400],
  ['0o', 400, 267],
  ['3-2bl', 400, 267],
  ['50b_50d_100sh_80q', 400, 267],
  ['1pr_90Q', 400, 267],
  ['100w.png', 100, 67, 'png'],
  ['100w.src', 100, 67],
  ['100w|90r', 67, 100],
  ['100w|90r|50w|1pr.png', 50, 75, 'png'],
  ['watermark=2&text=SGVsbG8gV29ybGQ&p=5&color=I0ZGRkZGRg', 400, 267],
  ['100w|watermark=1&object=cGFuZGEucG5nQDMwUA&t=50', 100, 67],
  ['!example-style', 100, 67],
];
