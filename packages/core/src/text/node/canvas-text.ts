/**
 * Text coverage by `@napi-rs/canvas`, with fonts that come from npm packages: the same outlines on a
 * machine without any font. Only the alpha of what is drawn leaves this file.
 * @module
 */

import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { TextCoverage, TextRasterizer, TextRequest } from '../rasterizer.ts';
import { type FontFamily, fontPackage } from './font-subsets.ts';

/** Rows of one drawing pass are chosen so that its RGBA canvas stays below this. */
const MAX_BAND_BYTES = 16 * 1024 * 1024;

/** Open fonts by style: a dialect maps its own font names to these. */
const PACKAGES: Readonly<Record<string, readonly [sheet: string, alias: string]>> = {
  sans: ['@fontsource-variable/noto-sans-sc/index.css', 'sans'],
  serif: ['@fontsource-variable/noto-serif-sc/index.css', 'serif'],
  kai: ['lxgw-wenkai-lite-webfont/lxgwwenkailite-regular.css', 'kai'],
};

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

/** Rasterises with the fonts `sans`, `serif` and `kai`. Font files are read when first needed. */
export function createCanvasTextRasterizer(): TextRasterizer {
  const families = new Map<string, FontFamily>();
  for (const [name, [sheet, alias]] of Object.entries(PACKAGES)) {
    families.set(name, fontPackage(sheet, alias));
  }
  const probe = createCanvas(1, 1).getContext('2d');

  const layOut = (request: TextRequest): Layout => {
    const family = families.get(request.font);
    if (family === undefined) {
      throw new RangeError(
        `font: expected one of ${[...families.keys()].join(', ')}, got ${request.font}`,
      );
    }
    const names = family.familiesFor(request.text).map((name) => `"${name}"`);
    return measureLine(probe, request, `${request.size}px ${names.join(', ')}`);
  };

  return {
    fonts: [...families.keys()],
    measure: (request) => layOut(request).bounds,
    rasterize: (request) => drawInBands(request, layOut(request)),
  };
}

function measureLine(probe: SKRSContext2D, request: TextRequest, font: string): Layout {
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

function drawInBands(request: TextRequest, layout: Layout): TextCoverage {
  const whole = { left: 0, top: 0, width: layout.width, height: layout.height };
  const { left, top: firstRow, width, height } = request.window ?? whole;
  const coverage = new Uint8Array(width * height);
  const bandRows = Math.max(1, Math.min(height, Math.floor(MAX_BAND_BYTES / (4 * width))));
  const context = createCanvas(width, bandRows).getContext('2d');
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
