/**
 * The engine: codecs, kernels and limits put together once, renders asked of it many times. Every
 * render has an arena to itself; idle ones are kept for the next.
 * @module
 */

import type { Chain } from './action.ts';
import type { Arena } from './arena.ts';
import type { Codec, ImageFormat, ImageHeader } from './codec.ts';
import { createKernelSource, type MemoryKernels } from './kernel-source.ts';
import type { Kernels } from './kernels/kernels.ts';
import { GENEROUS_LIMITS, type Limits } from './limits.ts';
import { openMarks, type ReadMark } from './mark-files.ts';
import { type PrintInfo, type Rendered, renderChain, sniffCodec } from './pipeline.ts';
import { type Plan, planChain } from './plan.ts';
import type { Color } from './raster.ts';
import type { TextRasterizer } from './text/rasterizer.ts';

/** A rasteriser, or how to get one when the first text mark is planned. */
export type TextSource = TextRasterizer | (() => TextRasterizer | Promise<TextRasterizer>);

export interface EngineOptions {
  /** Asked in this order which of them knows a picture. */
  readonly codecs: readonly Codec[];
  /** Plain ones, or a twin set that lies in the planes' memory. */
  readonly kernels: Kernels | MemoryKernels;
  /** Without it, text marks are refused as not implemented. */
  readonly text?: TextSource;
  /** @default GENEROUS_LIMITS */
  readonly limits?: Limits;
  /** Writes what the `info` action answers. @default the header as JSON, with `fileBytes` */
  readonly printInfo?: PrintInfo;
  /** Writes what the `average-hue` action answers. @default the colour as JSON */
  readonly printAverageHue?: (color: Color) => string;
}

export interface RenderOptions {
  /** Instead of the engine's. */
  readonly limits?: Limits;
  /** Checked between steps. */
  readonly signal?: AbortSignal;
  /** Milliseconds since the epoch; checked between steps. */
  readonly deadline?: number;
  /** Gives the pictures that marks show, by key. Without it such marks are refused. */
  readonly readMark?: ReadMark;
}

export interface Engine {
  readonly limits: Limits;
  /** Formats that results can have. */
  readonly writes: readonly ImageFormat[];
  /**
   * Renders one picture.
   * @throws ImageError (as a rejection) for bad bytes, bad options, limits, lack of time
   */
  render(bytes: Uint8Array, chain: Chain, options?: RenderOptions): Promise<Rendered>;
  /** What the bytes tell without being decoded. @throws ImageError */
  readHeader(bytes: Uint8Array, limits?: Limits): ImageHeader;
  /** What `render` would do, with all its errors but those of the samples. */
  plan(source: Uint8Array | ImageHeader, chain: Chain, options?: RenderOptions): Promise<Plan>;
}

export function createEngine(options: EngineOptions): Engine {
  const { codecs, printInfo = printHeader, printAverageHue = JSON.stringify } = options;
  const kernels = createKernelSource(options.kernels);
  const ownLimits = options.limits ?? GENEROUS_LIMITS;
  const idle: Arena[] = [];
  const readHeader: Engine['readHeader'] = (bytes, limits = ownLimits) =>
    sniffCodec(bytes, { codecs, limits }).readHeader(bytes, limits);
  return {
    limits: ownLimits,
    writes: codecs.filter(({ encode }) => encode !== undefined).map(({ format }) => format),
    readHeader,
    async render(bytes, chain, { limits = ownLimits, signal, deadline, readMark } = {}) {
      const text = await textFor(chain, options.text);
      const marks = await openMarks(chain, readMark, { codecs, limits });
      const arena = idle.pop() ?? kernels.createArena();
      try {
        return await renderChain(bytes, chain, {
          codecs,
          kernels,
          limits,
          arena,
          text,
          marks,
          printInfo,
          printAverageHue,
          signal,
          deadline,
        });
      } finally {
        arena.reset();
        idle.push(arena);
      }
    },
    async plan(source, chain, { limits = ownLimits, readMark } = {}) {
      const text = await textFor(chain, options.text);
      const marks = await openMarks(chain, readMark, { codecs, limits });
      const header = source instanceof Uint8Array ? readHeader(source, limits) : source;
      return planChain(header, chain, { codecs, limits, text, marks });
    },
  };
}

/** The canvas behind a rasteriser is large: it is asked for only by chains that write. */
async function textFor(
  chain: Chain,
  source: TextSource | undefined,
): Promise<TextRasterizer | undefined> {
  const writes = chain.some((action) => action.name === 'watermark' && action.text !== undefined);
  if (!writes) return undefined;
  return typeof source === 'function' ? source() : source;
}

function printHeader(header: ImageHeader, sourceBytes: number): string {
  const { icc: _, calibration: _calibration, ...told } = header;
  return JSON.stringify({ ...told, fileBytes: sourceBytes });
}
