/**
 * Renders rasters through the whole pipeline with raw codecs, and tells what the arena saw.
 * @module
 */

import {
  createRawCodec,
  decodeRaw,
  encodeRaw,
  type RawCodecOptions,
  type RawExtras,
  type RawRaster,
} from '@safelight/testkit';
import type { Chain } from '../src/action.ts';
import type { Codec, ImageFormat } from '../src/codec.ts';
import { createKernelSource } from '../src/kernel-source.ts';
import { typescriptKernels } from '../src/kernels/typescript-kernels.ts';
import { GENEROUS_LIMITS } from '../src/limits.ts';
import { openMarks } from '../src/mark-files.ts';
import { renderChain } from '../src/pipeline.ts';
import { type PicturePlan, planChain } from '../src/plan.ts';
import type { Raster } from '../src/raster.ts';
import type { TextRasterizer } from '../src/text/rasterizer.ts';

const KERNELS = createKernelSource(typescriptKernels);

type CodecExtras = Pick<RawCodecOptions, 'scratchBytesPerPixel' | 'interleaves' | 'rowsAtOnce'>;

/** Formats that can be read and written; the encoders take `scratchBytesPerPixel` from the arena. */
function rawCodecs(extras: CodecExtras): readonly Codec[] {
  return [
    createRawCodec({ ...extras, format: 'jpeg' }),
    createRawCodec({ ...extras, format: 'png' }),
  ];
}

/** Solid boxes, 6 pixels a character and 10 high, so that placing can be counted in pixels. */
export const BOX_TEXT: TextRasterizer = {
  fonts: ['box'],
  measure: ({ text }) => ({ width: 6 * text.length, height: 10 }),
  rasterize({ text, window }) {
    const { width, height } = window ?? { width: 6 * text.length, height: 10 };
    return { coverage: new Uint8Array(width * height).fill(255), width, height };
  },
};

export interface RenderExtras extends CodecExtras {
  /** Pictures of marks, by key. */
  readonly marks?: Readonly<Record<string, Uint8Array>>;
  /** @default BOX_TEXT */
  readonly text?: TextRasterizer;
}

export interface RenderedRaster {
  readonly raster: RawRaster;
  readonly plan: PicturePlan;
  readonly highWaterBytes: number;
}

/** `raster` posing as a file of `format`, through `chain`. */
export async function renderRaster(
  raster: Raster,
  chain: Chain,
  format: ImageFormat = 'png',
  extras: RawExtras & RenderExtras = {},
): Promise<RenderedRaster> {
  const codecs = rawCodecs(extras);
  const arena = KERNELS.createArena();
  const bytes = encodeRaw(raster, format, extras);
  const context = {
    codecs,
    kernels: KERNELS,
    limits: GENEROUS_LIMITS,
    arena,
    text: extras.text ?? BOX_TEXT,
    marks: await openMarks(chain, (key) => extras.marks?.[key], {
      codecs,
      limits: GENEROUS_LIMITS,
    }),
    printInfo: () => '',
    printAverageHue: () => '',
  };
  const header = codecs
    .find((codec) => codec.format === format)!
    .readHeader(bytes, GENEROUS_LIMITS);
  const plan = planChain(header, chain, context);
  if (plan.kind !== 'picture') throw new Error('expected a picture');
  const rendered = await renderChain(bytes, chain, context);
  const result = decodeRaw(rendered.bytes);
  return { raster: result, plan, highWaterBytes: arena.highWaterBytes };
}
