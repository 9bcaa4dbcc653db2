/**
 * What the frames of an animation are painted on: interleaved RGBA with straight alpha, transparent
 * at first. The background colour of a file is ignored, as browsers do.
 * @module
 */

import type { RgbaPicture } from '../wasm/interleaved.ts';
import type { WebpFrame } from './structure.ts';

export interface WebpCanvas extends RgbaPicture {
  readonly data: Uint8Array;
}

export function createWebpCanvas(width: number, height: number): WebpCanvas {
  return { width, height, data: new Uint8Array(4 * width * height) };
}

/** Paints a frame that lies on the canvas whole. */
export function paintFrame(canvas: WebpCanvas, frame: WebpFrame, rgba: RgbaPicture): void {
  const { left, top, isBlended, picture } = frame;
  const rowBytes = 4 * rgba.width;
  const isMixed = isBlended && picture.hasAlpha;
  for (let y = 0; y < rgba.height; y++) {
    const row = rgba.data.subarray(y * rowBytes, (y + 1) * rowBytes);
    const at = 4 * ((top + y) * canvas.width + left);
    if (isMixed) mixRow(canvas.data, at, row);
    else canvas.data.set(row, at);
  }
}

/** Makes the frame's rectangle transparent. */
export function clearFrame(canvas: WebpCanvas, { left, top, picture }: WebpFrame): void {
  for (let y = 0; y < picture.height; y++) {
    const at = 4 * ((top + y) * canvas.width + left);
    canvas.data.fill(0, at, at + 4 * picture.width);
  }
}

/**
 * Straight alpha over straight alpha (RFC 9649, 2.7.1.1): a = s + d(1 - s), and the colours weighted
 * by what each has of it. All in 255ths, rounded once.
 */
function mixRow(target: Uint8Array, at: number, source: RgbaPicture['data']): void {
  for (let i = 0; i < source.length; i += 4) {
    const over = source[i + 3];
    if (over === 0) continue;
    const to = at + i;
    // Weights of 65025ths; their sum is the alpha that comes out.
    const above = 255 * over;
    const below = target[to + 3] * (255 - over);
    const whole = above + below;
    for (let channel = 0; channel < 3; channel++) {
      target[to + channel] = Math.round(
        (source[i + channel] * above + target[to + channel] * below) / whole,
      );
    }
    target[to + 3] = Math.round(whole / 255);
  }
}
