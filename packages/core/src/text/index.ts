/**
 * The text door of the engine: coverage of a line of text, drawn by the canvas of the runtime.
 * @module
 */

export type { TextCoverage, TextRasterizer, TextRequest } from './rasterizer.ts';
