/**
 * A mark on the picture: text for now. Placed by gravity and distances from the edges.
 * @module
 */

import type { Gravity } from '../gravity.ts';
import type { Color } from '../raster.ts';

export interface TextMark {
  /** At most 64 bytes of UTF-8. */
  readonly content: string;
  /** A family of the text rasteriser. @default its first */
  readonly font?: string;
  /** @default black */
  readonly color?: Color;
  /** Em size in pixels, 1 to 1000. @default 40 */
  readonly size?: number;
  /** Opacity of a shadow two pixels right and down, 0 to 100. @default 0 */
  readonly shadowPercent?: number;
  /** Clockwise, 0 to 360. @default 0 */
  readonly angleDeg?: number;
}

export interface WatermarkOptions {
  readonly text: TextMark;
  /** 0 to 100. @default 100 */
  readonly opacityPercent?: number;
  /** @default 'southeast' */
  readonly gravity?: Gravity;
  /** Distance from the side that gravity names, pixels, 0 to 4096; none for centred columns. @default 10 */
  readonly distanceX?: number;
  /** Likewise; none for the middle row. @default 10 */
  readonly distanceY?: number;
  /** Shift of the middle row, pixels down, -1000 to 1000. @default 0 */
  readonly middleOffset?: number;
  /** Repeats the mark over the whole picture. @default false */
  readonly tile?: boolean;
  /** Between tiles, pixels, 0 to 4096. @default 0 */
  readonly tileGapX?: number;
  readonly tileGapY?: number;
}

export interface WatermarkAction extends WatermarkOptions {
  readonly name: 'watermark';
}

export function watermark(options: WatermarkOptions): WatermarkAction {
  return { name: 'watermark', ...options };
}
