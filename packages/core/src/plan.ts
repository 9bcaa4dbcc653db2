/**
 * A header and a chain become a plan: every size, limit and error is settled here, before a pixel
 * exists. What a plan cannot know is only what the bytes hide.
 * @module
 */

import type { Chain } from './action.ts';
import { ACTIONS } from './actions/index.ts';
import { createArgumentCheck } from './argument-check.ts';
import type { Codec, DecodeRequest, ImageHeader } from './codec.ts';
import { chooseRequest } from './decode-request.ts';
import type { Deferred, PlanContext, PreparedStep } from './definition.ts';
import { ImageError } from './errors.ts';
import { fitArea } from './geometry.ts';
import type { Limits } from './limits.ts';
import { measure, type MeasuredStep, type Target } from './measure.ts';
import { checkEncodeSide, type Output, resolveOutput } from './output.ts';
import { createResample } from './resample.ts';
import { shapeOfDecode, type Size } from './shape.ts';
import { type PlacedOperation, simplify } from './simplify.ts';
import { checkTurnSize } from './size-limits.ts';
import { turnSize } from './symmetry.ts';
import type { TextRasterizer } from './text/rasterizer.ts';
import { createTurn } from './turn.ts';

/** Pixels are to be worked on. */
export interface PixelPlan {
  readonly header: ImageHeader;
  /** What the decoder is asked for. */
  readonly request: DecodeRequest;
  /** The simplified chain, before it is measured against a picture. */
  readonly operations: readonly PlacedOperation[];
  /** What runs if the decoder delivers what the header announces. */
  readonly steps: readonly MeasuredStep[];
  readonly output: Target;
  /** Peak of the arena. */
  readonly arenaBytes: number;
  /** Peak of the whole render: the arena and what decoder or encoder take beside it. */
  readonly peakBytes: number;
  /** Samples read and written, weighted by their work. For admission, not for billing. */
  readonly costPixels: number;
}

/** A picture is to be made. */
export interface PicturePlan extends PixelPlan {
  readonly kind: 'picture';
  readonly output: Output;
  /** Of the result, pixels. */
  readonly width: number;
  readonly height: number;
}

/** The picture's dominant hue is to be told. */
export interface HuePlan extends PixelPlan {
  readonly kind: 'hue';
}

/** The header is to be described; nothing is decoded. */
export interface InfoPlan {
  readonly kind: 'info';
  readonly header: ImageHeader;
}

export type Plan = PicturePlan | HuePlan | InfoPlan;

export interface PlanOptions {
  readonly codecs: readonly Codec[];
  readonly limits: Limits;
  readonly text?: TextRasterizer | undefined;
}

/** Coefficients and tokens of a JPEG, or rows and deflate's window of a PNG, for each pixel. */
const ENCODER_BYTES_PER_PIXEL = 8;
/** The file alone as it grows, when the rest lies in the arena. */
const FILE_BYTES_PER_PIXEL = 4;

/** @throws ImageError for everything that a header and a chain can get wrong */
export function planChain(header: ImageHeader, chain: Chain, options: PlanOptions): Plan {
  const { limits } = options;
  const prepared = prepareChain(chain, limits);
  const deferred = deferredState(prepared);
  checkHeader(header, limits);
  if (deferred.describes === 'header') return { kind: 'info', header };
  if (deferred.describes === 'hue') return planHue(header, options);
  const output = resolveOutput(header, deferred, options.codecs);
  const context: PlanContext = { limits, output: output.traits, text: options.text };
  const lowered = lowerChain(header, prepared, deferred, context);
  checkEncodeSide(output, lowered.size);
  const { width, height } = lowered.size;
  const pixels = width * height;
  const isInArena = output.codec.planEncode !== undefined;
  const plan = planPixels(header, lowered.operations, output, options, {
    bytes: pixels * (isInArena ? FILE_BYTES_PER_PIXEL : ENCODER_BYTES_PER_PIXEL),
    costPixels: pixels,
  });
  return { ...plan, kind: 'picture', output, width, height };
}

/** Beyond this many pixels the hue is that of a smaller picture. */
const MAX_HUE_PIXELS = 4_000_000;

/** The hue is told of red, green and blue, each with one sample a pixel, on white. */
const HUE_TARGET: Target = { models: ['rgb'], traits: { alpha: false, subsampled: false } };

/** No order of pixels matters, so the orientation is not applied. */
function planHue(header: ImageHeader, options: PlanOptions): HuePlan {
  const scaled = fitArea(header, MAX_HUE_PIXELS);
  const whole = { left: 0, top: 0, ...scaled };
  const operations = [{ operation: createResample(scaled, whole) }];
  const passes = 2 * scaled.width * scaled.height;
  const end = { bytes: 0, costPixels: passes };
  return { ...planPixels(header, operations, HUE_TARGET, options, end), kind: 'hue' };
}

/** What the end of a render takes beside the arena. */
interface EndCost {
  readonly bytes: number;
  readonly costPixels: number;
}

/** Simplifies and measures, and asks the decoder for no more than that. @throws ImageError */
function planPixels(
  header: ImageHeader,
  lowered: readonly PlacedOperation[],
  output: Target,
  { codecs, limits }: PlanOptions,
  end: EndCost,
): PixelPlan {
  const operations = simplify(lowered, header);
  const request = chooseRequest(operations, header, output.traits);
  const source = shapeOfDecode(sourceCodec(header, codecs), header, request);
  const { steps, arenaBytes, costPixels } = measure(operations, source, output);
  const peakBytes = arenaBytes + Math.max(header.decoderBytes, end.bytes);
  checkMemory(peakBytes, limits);
  return {
    header,
    request,
    operations,
    steps,
    output,
    arenaBytes,
    peakBytes,
    costPixels: costPixels + end.costPixels,
  };
}

/** Completes the options of every step. @throws ImageError */
function prepareChain(chain: Chain, limits: Limits): readonly PreparedStep[] {
  if (chain.length > limits.maxSteps) {
    throw new ImageError(
      'LimitExceeded',
      'too-many-steps',
      `chain: expected at most ${limits.maxSteps} steps, got ${chain.length}`,
    );
  }
  const prepared = chain.map((action, step) => {
    if (Object.hasOwn(ACTIONS, action.name)) return ACTIONS[action.name].prepare(action, step);
    throw new ImageError(
      'InvalidArgument',
      'unknown-action',
      `chain: expected a known action, got '${String(action.name)}' (step ${step + 1})`,
      { fault: { step, action: String(action.name) } },
    );
  });
  const alone = prepared.find(({ standsAlone }) => standsAlone);
  if (alone && prepared.length > 1) {
    const { name, step } = alone;
    throw new ImageError(
      'InvalidArgument',
      'not-combinable',
      `${name}: expected to stand alone, got ${prepared.length} steps`,
      { fault: { step, action: name } },
    );
  }
  return prepared;
}

function deferredState(prepared: readonly PreparedStep[]): Deferred {
  const initial: Deferred = { orients: true, progressive: false };
  return prepared.reduce((deferred, step) => step.defer(deferred), initial);
}

/** @throws ImageError `LimitExceeded` for sources that are too large to begin with */
function checkHeader(header: ImageHeader, limits: Limits): void {
  const { width, height, frames } = header;
  const side = Math.max(width, height);
  const checks = [
    ['side-too-long', side, limits.maxSourceSide, 'pixels a side'],
    ['too-many-frames', frames, limits.maxFrames, 'frames'],
    ['too-many-pixels', width * height * frames, limits.maxSourcePixels, 'pixels'],
  ] as const;
  for (const [reason, value, most, unit] of checks) {
    if (value <= most) continue;
    throw new ImageError(
      'LimitExceeded',
      reason,
      `source: expected at most ${most} ${unit}, got ${value}`,
      { fault: { parameter: 'source', value: `${width}x${height}` } },
    );
  }
}

/** Walks the chain with sizes alone, the orientation before all else. */
function lowerChain(
  header: ImageHeader,
  prepared: readonly PreparedStep[],
  deferred: Deferred,
  context: PlanContext,
): { readonly operations: readonly PlacedOperation[]; readonly size: Size } {
  const operations: PlacedOperation[] = [];
  let size: Size = { width: header.width, height: header.height };
  if (deferred.orients && header.orientation !== 1) {
    const at = prepared.findIndex(({ name }) => name === 'auto-orient');
    checkTurnSize(size, context.limits, createArgumentCheck('auto-orient', Math.max(0, at)));
    operations.push({ operation: createTurn(header.orientation) });
    size = turnSize(size, header.orientation);
  }
  for (const step of prepared) {
    const lowered = step.plan(size, context);
    for (const operation of lowered.operations) operations.push({ operation, step: step.step });
    size = lowered.size;
  }
  return { operations, size };
}

/** A header may be imagined, for a format that none of the codecs knows. */
function sourceCodec(header: ImageHeader, codecs: readonly Codec[]): Pick<Codec, 'planDecode'> {
  return codecs.find(({ format }) => format === header.format) ?? {};
}

function checkMemory(peakBytes: number, limits: Limits): void {
  if (peakBytes <= limits.maxMemoryBytes) return;
  throw new ImageError(
    'LimitExceeded',
    'too-much-memory',
    `plan: expected a peak of at most ${limits.maxMemoryBytes} bytes, got ${peakBytes}`,
    { publicMessage: 'The picture needs more memory than one render may use.' },
  );
}
