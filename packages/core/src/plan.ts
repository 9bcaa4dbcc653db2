/**
 * A header and a chain become a plan: every size, limit and error is settled here, before a pixel
 * exists. What a plan cannot know is only what the bytes hide.
 * @module
 */

import type { Chain } from './action.ts';
import { ACTIONS } from './actions/index.ts';
import type { InfoMembers } from './actions/info.ts';
import { headerOfFrames, orientsStills, planAnimation, staysAnimated } from './animation.ts';
import { createArgumentCheck } from './argument-check.ts';
import { conversionToSrgb } from './color/conversion.ts';
import type { Codec, DecodeRequest, ImageHeader } from './codec.ts';
import { chooseRequest } from './decode-request.ts';
import type { Deferred, PlanContext, PreparedStep } from './definition.ts';
import { ImageError } from './errors.ts';
import { fitArea } from './geometry.ts';
import type { Limits } from './limits.ts';
import { createMarkPlans, MARK_TARGET, type MarkRendering } from './mark-plan.ts';
import { measure, type MeasuredStep, type Target } from './measure.ts';
import { checkEncodeSide, type Output, resolveOutput } from './output.ts';
import type { MarkFiles } from './planned-mark.ts';
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
  /** Peak of the arena, while marks are rendered too. */
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
  /** What is rendered before the picture, for its marks. */
  readonly marks: readonly MarkRendering[];
}

/** The picture's dominant hue is to be told. */
export interface HuePlan extends PixelPlan {
  readonly kind: 'hue';
}

/** The header is to be described; nothing is decoded. */
export interface InfoPlan {
  readonly kind: 'info';
  readonly header: ImageHeader;
  readonly members: InfoMembers;
}

export type Plan = PicturePlan | HuePlan | InfoPlan;

export interface PlanOptions {
  readonly codecs: readonly Codec[];
  readonly limits: Limits;
  readonly text?: TextRasterizer | undefined;
  /** The files of all pictures that the chain's marks show; without them such marks are refused. */
  readonly marks?: MarkFiles | undefined;
}

/** Coefficients and tokens of a JPEG, or rows and deflate's window of a PNG, for each pixel. */
const ENCODER_BYTES_PER_PIXEL = 8;
/** The file alone as it grows, when the rest lies in the arena. */
const FILE_BYTES_PER_PIXEL = 4;

/** @throws ImageError for everything that a header and a chain can get wrong */
export function planChain(header: ImageHeader, chain: Chain, options: PlanOptions): Plan {
  const { limits } = options;
  const prepared = prepareChain(chain, limits);
  const deferred = orientsStills(header, deferredState(prepared));
  checkHeader(header, limits);
  if (deferred.describes === 'header') return planInfo(header, deferred.members ?? 'all');
  if (deferred.describes === 'hue') return planHue(header, options);
  const still = resolveOutput(header, deferred, options.codecs);
  const isAnimated = staysAnimated(header, chain, still.codec);
  const marks = createMarkPlans(options.marks, (file, steps, main) =>
    planMarkPicture(file.header, steps, main, options),
  );
  const { planMark } = marks;
  const { text } = options;
  const context: PlanContext = { limits, output: still.traits, isAnimated, text, planMark };
  const { operations, size, keptBytes } = lowerChain(header, prepared, deferred, context);
  checkEncodeSide(still, size);
  const output: Output = isAnimated
    ? { ...still, animation: planAnimation(header, size, limits) }
    : still;
  const plan = isAnimated
    ? planFrames(header, operations, output, options)
    : planPixels(header, operations, output, options, endCost(output, size));
  const whole = withMarks(plan, keptBytes, marks.renderings);
  checkMemory(whole.peakBytes, limits);
  return { ...whole, kind: 'picture', output, ...size, marks: marks.renderings };
}

function endCost({ codec }: Output, { width, height }: Size): EndCost {
  const pixels = width * height;
  const bytes = codec.planEncode === undefined ? ENCODER_BYTES_PER_PIXEL : FILE_BYTES_PER_PIXEL;
  return { bytes: pixels * bytes, costPixels: pixels };
}

/** @throws ImageError `no-exif` */
function planInfo(header: ImageHeader, members: InfoMembers): InfoPlan {
  if (members !== 'exif' || Object.keys(header.exif ?? {}).length > 0) {
    return { kind: 'info', header, members };
  }
  throw new ImageError('InvalidArgument', 'no-exif', 'info: expected EXIF, got none', {
    fault: { action: 'info' },
  });
}

/** The picture of a mark, to planes of its own; one that shows nothing but itself. */
function planMarkPicture(
  header: ImageHeader,
  chain: Chain,
  main: Size,
  options: PlanOptions,
): { readonly size: Size; readonly plan: PixelPlan } {
  const { limits } = options;
  const prepared = prepareChain(chain, limits);
  checkHeader(header, limits);
  const context: PlanContext = { limits, output: MARK_TARGET.traits, isAnimated: false, main };
  const { operations, size } = lowerChain(header, prepared, deferredState(prepared), context);
  const end = { bytes: 0, costPixels: size.width * size.height };
  return { size, plan: planPixels(header, operations, MARK_TARGET, options, end) };
}

/**
 * Marks are rendered first and in the same arena, which has room for the largest from the start; only
 * their pixels are kept while the picture is.
 */
function withMarks<P extends PixelPlan>(
  plan: P,
  keptBytes: number,
  marks: readonly MarkRendering[],
): P {
  const plans = [plan, ...marks.map((mark) => mark.plan)];
  const files = marks.reduce((sum, { mark }) => sum + mark.file.bytes.length, 0);
  const arenaBytes = Math.max(...plans.map((one) => one.arenaBytes));
  const besideBytes = Math.max(...plans.map((one) => one.peakBytes - one.arenaBytes));
  return {
    ...plan,
    arenaBytes,
    peakBytes: keptBytes + files + arenaBytes + besideBytes,
    costPixels: plans.reduce((sum, { costPixels }) => sum + costPixels, 0),
  };
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
  const conversion = conversionToSrgb(header, header.model);
  // A profile that only decoding finds may call for one.
  const mayConvert = conversion !== undefined || (header.hasIcc && header.icc === undefined);
  const request = chooseRequest(operations, header, output.traits, mayConvert);
  const decoded = shapeOfDecode(sourceCodec(header, codecs), header, request);
  const source = { ...decoded, conversion };
  const { steps, shape, arenaBytes, costPixels } = measure(operations, source, output);
  const encoding = output.settings && output.codec?.planEncode?.(shape, output.settings);
  const endBytes = encoding?.heapBytes ?? end.bytes;
  const peakBytes = arenaBytes + Math.max(header.decoderBytes, endBytes);
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

/**
 * The chain for each frame. Reader and writer take turns, so both keep what they hold to the end.
 * @throws ImageError
 */
function planFrames(
  header: ImageHeader,
  lowered: readonly PlacedOperation[],
  output: Output,
  { limits }: PlanOptions,
): PixelPlan {
  const frame = headerOfFrames(header);
  const operations = simplify(lowered, header);
  const conversion = conversionToSrgb(header, frame.model);
  const source = { ...shapeOfDecode({}, frame, {}), conversion };
  const { steps, shape, arenaBytes, costPixels } = measure(operations, source, output);
  const { codec, animation, settings } = output;
  const writer = animation && codec.planFrames?.(shape, animation, settings);
  const peakBytes = arenaBytes + frame.decoderBytes + (writer?.heapBytes ?? 0);
  checkMemory(peakBytes, limits);
  return {
    header,
    request: {},
    operations,
    steps,
    output,
    arenaBytes,
    peakBytes,
    costPixels: header.frames * (costPixels + shape.width * shape.height),
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
  const initial: Deferred = { orients: 'first', progressive: false };
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

interface LoweredChain {
  readonly operations: readonly PlacedOperation[];
  readonly size: Size;
  /** Beside the arena. */
  readonly keptBytes: number;
}

/** Walks the chain with sizes alone; the orientation comes before all else, unless it is to wait. */
function lowerChain(
  header: ImageHeader,
  prepared: readonly PreparedStep[],
  deferred: Deferred,
  context: PlanContext,
): LoweredChain {
  const operations: PlacedOperation[] = [];
  let keptBytes = 0;
  let size: Size = { width: header.width, height: header.height };
  const asks = prepared.map(({ name }) => name).lastIndexOf('auto-orient');
  const orient = (): void => {
    if (header.orientation === 1) return;
    checkTurnSize(size, context.limits, createArgumentCheck('auto-orient', Math.max(0, asks)));
    operations.push({ operation: createTurn(header.orientation) });
    size = turnSize(size, header.orientation);
  };
  if (deferred.orients === 'first') orient();
  for (const step of prepared) {
    if (deferred.orients === 'in-order' && step.step === asks) orient();
    const lowered = step.plan(size, context);
    for (const operation of lowered.operations) operations.push({ operation, step: step.step });
    size = lowered.size;
    keptBytes += lowered.keptBytes ?? 0;
  }
  return { operations, size, keptBytes };
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
