/**
 * A line of text on a canvas: its box, and its coverage in bands of rows. Neutral to the runtime, which
 * gives contexts and fonts. Only the alpha of what is drawn leaves this file.
 * @module
 */

import type { TextCoverage, TextRasterizer, TextRequest } from './rasterizer.ts';

/** What is asked of a 2D context; Node's and the browsers' have it. */
interface LineContext {
  font: string;
  textBaseline: 'alphabetic' | 'bottom' | 'hanging' | 'ideographic' | 'middle' | 'top';
  measureText(text: string): {
    readonly width: number;
    readonly fontBoundingBoxAscent: number;
    readonly fontBoundingBoxDescent: number;
  };
  resetTransform(): void;
  clearRect(x: number, y: number, width: number, height: number): void;
  translate(x: number, y: number): void;
  rotate(radians: number): void;
  fillText(text: string, x: number, y: number): void;
  getImageData(
    x: number,
    y: number,
    width: number,
    height: number,
  ): { readonly data: Readonly<ArrayLike<number>> };
}

export interface LineCanvas {
  /** Names of the fonts that can be asked for. */
  readonly fonts: readonly string[];
  /** The families of a font that hold a text's glyphs, as in CSS. Called for fonts of `fonts` alone. */
  familiesFor(font: string, text: string): string;
  createContext(width: number, height: number): LineContext;
}

export function createLineRasterizer(canvas: LineCanvas): TextRasterizer {
  const { fonts } = canvas;
  const probe = canvas.createContext(1, 1);

  const layOut = (request: TextRequest): Layout => {
    const { font, text, size } = request;
    if (!fonts.includes(font)) {
      throw new RangeError(`font: expected one of ${fonts.join(', ')}, got ${font}`);
    }
    return measureLine(probe, request, `${size}px ${canvas.familiesFor(font, text)}`);
  };

  return {
    fonts,
    measure: (request) => layOut(request).bounds,
    rasterize: (request) => drawInBands(canvas, request, layOut(request)),
  };
}

/** Rows of one drawing pass are chosen so that its RGBA canvas stays below this. */
const MAX_BAND_BYTES = 16 * 1024 * 1024;

/** A line of text laid out: its box before turning, and the matrix that turns it into its bounds. */
interface Layout {
  readonly width: number;
  readonly height: number;
  readonly baseline: number;
  readonly font: string;
  readonly bounds: { readonly width: number; readonly height: number };
  readonly radians: number;
  readonly lineWidth: number;
  readonly lineHeight: number;
}

function measureLine(probe: LineContext, request: TextRequest, font: string): Layout {
  probe.font = font;
  const metrics = probe.measureText(request.text);
  const ascent = Math.ceil(metrics.fontBoundingBoxAscent);
  const lineHeight = Math.max(1, ascent + Math.ceil(metrics.fontBoundingBoxDescent));
  const lineWidth = Math.max(1, Math.ceil(metrics.width));
  const radians = ((request.angleDeg ?? 0) * Math.PI) / 180;
  const cos = Math.abs(Math.cos(radians));
  const sin = Math.abs(Math.sin(radians));
  // The small bias keeps a quarter turn's cosine of 6e-17 from adding a pixel.
  const bounds = {
    width: Math.max(1, Math.ceil(lineWidth * cos + lineHeight * sin - 1e-6)),
    height: Math.max(1, Math.ceil(lineWidth * sin + lineHeight * cos - 1e-6)),
  };
  return { ...bounds, baseline: ascent, font, bounds, radians, lineWidth, lineHeight };
}

function drawInBands(canvas: LineCanvas, request: TextRequest, layout: Layout): TextCoverage {
  const whole = { left: 0, top: 0, width: layout.width, height: layout.height };
  const { left, top: firstRow, width, height } = request.window ?? whole;
  const coverage = new Uint8Array(width * height);
  const bandRows = Math.max(1, Math.min(height, Math.floor(MAX_BAND_BYTES / (4 * width))));
  const context = canvas.createContext(width, bandRows);
  context.font = layout.font;
  context.textBaseline = 'alphabetic';
  for (let top = 0; top < height; top += bandRows) {
    const rows = Math.min(bandRows, height - top);
    context.resetTransform();
    context.clearRect(0, 0, width, bandRows);
    // About the centre of the bounds, so that any angle stays inside them.
    context.translate(layout.width / 2 - left, layout.height / 2 - firstRow - top);
    context.rotate(layout.radians);
    context.fillText(request.text, -layout.lineWidth / 2, layout.baseline - layout.lineHeight / 2);
    const pixels = context.getImageData(0, 0, width, rows).data;
    const start = top * width;
    for (let i = 0; i < width * rows; i++) coverage[start + i] = pixels[4 * i + 3] as number;
  }
  return { coverage, width, height };
}
