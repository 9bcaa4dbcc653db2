/**
 * The text door of the engine: coverage of a line of text, drawn by the canvas of the runtime.
 * @module
 */

export { createCanvasTextRasterizer } from './node/canvas-text.ts';
export type { TextCoverage, TextRasterizer, TextRequest } from './rasterizer.ts';
