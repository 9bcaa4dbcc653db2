/**
 * One render, stage by stage. Each stage trusts the one before; between them the deadline is checked.
 * @module
 */

import type { InfoMembers } from './actions/info.ts';
import type { Arena } from './arena.ts';
import { type Codec, type CodecContext, type ImageHeader, MEDIA_TYPES } from './codec.ts';
import type { Chain } from './action.ts';
import { conversionToSrgb } from './color/conversion.ts';
import { createDeadline, type Deadline } from './deadline.ts';
import { dominantHue } from './dominant-hue.ts';
import { assert, ImageError } from './errors.ts';
import type { KernelSource } from './kernel-source.ts';
import { createBudget, type Limits } from './limits.ts';
import { measure } from './measure.ts';
import type { RunContext } from './operation.ts';
import { type InfoPlan, type PicturePlan, type PixelPlan, planChain } from './plan.ts';
import {
  blameMark,
  keepPixels,
  type MarkFiles,
  type MarkPixels,
  type MarkPixelsOf,
  type PlannedMark,
} from './planned-mark.ts';
import type { Color, Raster } from './raster.ts';
import { type RasterShape, shapeOfRaster, sourceOf } from './shape.ts';
import type { TextRasterizer } from './text/rasterizer.ts';

/** Writes the answer of the `info` action. */
export type PrintInfo = (header: ImageHeader, sourceBytes: number, members: InfoMembers) => string;

/** What one render works with. */
export interface RenderContext {
  readonly codecs: readonly Codec[];
  readonly kernels: KernelSource;
  readonly limits: Limits;
  readonly arena: Arena;
  readonly text?: TextRasterizer | undefined;
  /** The files of the chain's picture marks. */
  readonly marks?: MarkFiles | undefined;
  readonly printInfo: PrintInfo;
  readonly printAverageHue: (color: Color) => string;
  readonly signal?: AbortSignal | undefined;
  readonly deadline?: number | undefined;
}

/** A context with what its marks show. */
interface Painting extends RenderContext {
  readonly pixelsOf?: MarkPixelsOf | undefined;
}

/** The result of a render. */
export interface Rendered {
  readonly bytes: Uint8Array;
  /** `json` when the chain asked for information. */
  readonly format: ImageHeader['format'] | 'json';
  readonly mediaType: string;
  /** Pixels; of the stored picture when the chain asked for information. */
  readonly width: number;
  readonly height: number;
}

/** @throws ImageError of every code; another error is a bug of ours */
export async function renderChain(
  bytes: Uint8Array,
  chain: Chain,
  context: RenderContext,
): Promise<Rendered> {
  const { limits, signal, deadline: end } = context;
  const deadline = createDeadline({ timeoutMs: limits.timeoutMs, deadline: end, signal });
  const codec = sniffCodec(bytes, context);
  const header = codec.readHeader(bytes, limits);
  const plan = planChain(header, chain, context);
  if (plan.kind === 'info') return describeHeader(plan, bytes, context);

  // All that runs from here on gets this context: frames of an animation too.
  const painting: Painting = {
    ...context,
    pixelsOf: plan.kind === 'picture' ? await renderMarks(plan, context, deadline) : undefined,
  };
  const codecContext = reserve(plan, context);
  if (plan.kind === 'picture' && plan.output.animation !== undefined) {
    return renderFrames(bytes, codec, plan, { context: painting, codecContext, deadline });
  }
  const source = await decode(bytes, codec, plan, codecContext);
  deadline.check();
  const result = runSteps(source, plan, painting, deadline);
  if (plan.kind === 'hue') return describe(context.printAverageHue(dominantHue(result)), header);
  return encode(result, plan, codecContext);
}

/** How many bytes a codec is shown to recognise its format. */
const HEAD_BYTES = 64;

/** The codec whose format the bytes begin. @throws ImageError */
export function sniffCodec(
  bytes: Uint8Array,
  { codecs, limits }: Pick<RenderContext, 'codecs' | 'limits'>,
): Codec {
  if (bytes.length > limits.maxSourceBytes) {
    throw new ImageError(
      'LimitExceeded',
      'too-many-bytes',
      `source: expected at most ${limits.maxSourceBytes} bytes, got ${bytes.length}`,
    );
  }
  const head = bytes.subarray(0, HEAD_BYTES);
  const codec = codecs.find((candidate) => candidate.sniff(head));
  if (codec) return codec;
  const known = codecs.filter((candidate) => candidate.decode).map(({ format }) => format);
  throw new ImageError(
    'UnsupportedFormat',
    'unknown-format',
    `source: expected one of ${known.join(' ')}, got something else`,
    { publicMessage: 'This image format is not supported.' },
  );
}

function describeHeader(
  { header, members }: InfoPlan,
  bytes: Uint8Array,
  context: RenderContext,
): Rendered {
  return describe(context.printInfo(header, bytes.length, members), header);
}

function describe(json: string, { width, height }: ImageHeader): Rendered {
  const bytes = new TextEncoder().encode(json);
  return { bytes, format: 'json', mediaType: 'application/json', width, height };
}

/** Takes all memory that the plan foresees at once; nothing grows afterwards. */
function reserve(plan: PixelPlan, context: RenderContext): CodecContext {
  const { arena, limits, signal } = context;
  const budget = createBudget(limits.maxMemoryBytes);
  budget.reserve(plan.arenaBytes, 'planes');
  arena.reserve(plan.arenaBytes);
  return { arena, budget, limits, signal, kernels: context.kernels.kernelsFor(arena) };
}

async function decode(
  bytes: Uint8Array,
  codec: Codec,
  { header, request }: PixelPlan,
  context: CodecContext,
): Promise<Raster> {
  if (codec.decode === undefined) {
    throw new ImageError(
      'UnsupportedFormat',
      'unsupported-kind',
      `source: expected a format that can be decoded, got ${codec.format}`,
    );
  }
  const raster = await codec.decode(bytes, header, request, context);
  checkDecoded(raster, header);
  return raster;
}

function checkDecoded(raster: Raster, header: ImageHeader): void {
  if (raster.width === header.width && raster.height === header.height) return;
  throw new ImageError(
    'Internal',
    'prediction-failed',
    `decode: expected ${header.width}x${header.height}, got ${raster.width}x${raster.height}`,
  );
}

/** Each mark has the arena of the whole render to itself and leaves only its pixels. */
async function renderMarks(
  whole: PicturePlan,
  context: RenderContext,
  deadline: Deadline,
): Promise<MarkPixelsOf> {
  const pixels = new Map<PlannedMark, MarkPixels>();
  for (const { mark, plan } of whole.marks) {
    const { bytes, codec, fault } = mark.file;
    try {
      const source = await decode(bytes, codec, plan, reserve(whole, context));
      deadline.check();
      pixels.set(mark, keepPixels(runSteps(source, plan, context, deadline)));
    } catch (error) {
      throw blameMark(error, fault);
    }
    context.arena.clear();
  }
  return pixels;
}

/** What a render works with once its plan stands. */
interface Workshop {
  readonly context: Painting;
  readonly codecContext: CodecContext;
  readonly deadline: Deadline;
}

/** Each frame is decoded, worked on and encoded before the next, in the same memory. */
async function renderFrames(
  bytes: Uint8Array,
  codec: Codec,
  plan: PicturePlan,
  { context, codecContext, deadline }: Workshop,
): Promise<Rendered> {
  const { header, output, width, height } = plan;
  const { animation, format, settings } = output;
  assert(animation, 'frames are rendered where an animation is planned');
  const writer = output.codec.createFrameWriter?.(animation, settings, codecContext);
  const frames = codec.readFrames?.(bytes, header, codecContext);
  assert(writer && frames, 'a planned animation has a reader and a writer');
  let count = 0;
  for await (const { raster, durationMs } of frames) {
    deadline.check();
    checkDecoded(raster, header);
    const result = runSteps(raster, plan, context, deadline);
    await writer.addFrame({ raster: withoutTags(result), durationMs });
    context.arena.clear();
    count++;
  }
  deadline.check();
  if (count !== header.frames) {
    throw new ImageError(
      'Internal',
      'prediction-failed',
      `decode: expected ${header.frames} frames, got ${count}`,
    );
  }
  const file = await writer.finish();
  return { bytes: file, format, mediaType: MEDIA_TYPES[format], width, height };
}

/** Measures anew: a decoder may deliver less than its header announced, such as no alpha. */
function runSteps(
  source: Raster,
  { operations, output }: PixelPlan,
  context: Painting,
  deadline: Deadline,
): Raster {
  const { arena, text, pixelsOf: marks } = context;
  const kernels = context.kernels.kernelsFor(arena);
  const { tables } = context.kernels;
  const conversion = conversionToSrgb(source.metadata, source.model);
  const shape = { ...sourceOf(shapeOfRaster(source)), conversion };
  const { steps } = measure(operations, shape, output);
  let raster = source;
  for (const { operation, effect, traits } of steps) {
    const run: RunContext = { arena, kernels, tables, text, marks, deadline, output: traits };
    if (effect.memory === 'rewrite') {
      arena.beginStep();
      raster = operation.run(raster, run);
      arena.endStep();
    } else {
      raster = operation.run(raster, run);
    }
    checkShape(raster, effect.shape, operation.name);
    deadline.check();
  }
  return raster;
}

/** Guards the promise between `effect` and `run`; costs nothing beside the pixels. */
function checkShape(raster: Raster, shape: RasterShape, name: string): void {
  const isAsPlanned =
    raster.width === shape.width &&
    raster.height === shape.height &&
    raster.model === shape.model &&
    raster.planes.length === shape.planes.length &&
    (raster.alpha !== undefined) === shape.hasAlpha;
  if (isAsPlanned) return;
  throw new ImageError(
    'Internal',
    'prediction-failed',
    `${name}: expected ${shape.model} ${shape.width}x${shape.height}, ` +
      `got ${raster.model} ${raster.width}x${raster.height}`,
  );
}

async function encode(
  raster: Raster,
  { output, width, height }: PicturePlan,
  context: CodecContext,
): Promise<Rendered> {
  const { codec, format, settings } = output;
  if (codec.encode === undefined) throw new Error('a planned output has an encoder');
  const bytes = await codec.encode(withoutTags(raster), settings, context);
  return { bytes, format, mediaType: MEDIA_TYPES[format], width, height };
}

/** Orientation and colours are applied or refused by the end: their tags must never survive either. */
function withoutTags(raster: Raster): Raster {
  const { density, palette } = raster.metadata;
  const metadata = { ...(density && { density }), ...(palette && { palette }) };
  return { ...raster, metadata };
}
