/**
 * `safelight explain CHAIN`: what a chain does to a picture of a given size, step by step, without
 * doing it; for a wrong chain, the place of the fault.
 * @module
 */

import {
  type ImageFormat,
  type ImageHeader,
  isImageError,
  type PicturePlan,
  type Plan,
} from '@safelight/core';
import {
  describeOssError,
  type ParsedStep,
  parseProcess,
  placeError,
  printChain,
} from '@safelight/grammar';
import { createSafelight } from 'safelight';
import type { LimitProfile } from '@safelight/core';
import { pointAt } from '../fault-pointer.ts';
import { createMarkReader, markFolder } from './mark-folder.ts';
import { readPicture } from './picture-file.ts';

export interface ExplainOptions {
  /** A picture to plan for. */
  readonly file?: string;
  /** `WIDTHxHEIGHT` of an imagined JPEG instead. @default '4000x3000' */
  readonly size?: string;
  readonly limits: LimitProfile;
  /** Where watermarks' pictures lie. @default beside the picture, or here */
  readonly watermarkDir?: string;
}

export interface Explanation {
  readonly text: string;
  /** The error that the service would answer, if any. */
  readonly error?: unknown;
}

export async function explain(chain: string, options: ExplainOptions): Promise<Explanation> {
  const safelight = await createSafelight({ limits: options.limits });
  const { engine } = safelight;
  let steps: readonly ParsedStep[] = [];
  try {
    const parsed = parseProcess(chain, { limits: engine.limits });
    if (parsed.kind === 'style') {
      return {
        text: `The style '${parsed.name}': its text is stored in the bucket that is asked.`,
      };
    }
    ({ steps } = parsed);
    const header =
      options.file === undefined
        ? imaginedHeader(options.size ?? '4000x3000')
        : engine.readHeader(await readPicture(options.file));
    const readMark = createMarkReader(markFolder(options.watermarkDir, options.file ?? '-'));
    const plan = await engine.plan(header, parsed.chain, { readMark });
    return { text: `canonical  ${printChain(parsed.chain)}\n${printPlan(plan)}` };
  } catch (error) {
    if (!isImageError(error)) throw error;
    const placed = placeError(error, steps);
    const { status, code, ec } = describeOssError(placed);
    const id = ec === undefined ? '' : ` ${ec}`;
    return {
      text: `${pointAt(chain, placed)}\nThe service answers ${status} ${code}${id}.`,
      error,
    };
  }
}

function printPlan(plan: Plan): string {
  const { header } = plan;
  const source =
    `source     ${header.format}, ${header.width} x ${header.height}, ${header.model}` +
    (header.hasAlpha ? ' with alpha' : '') +
    (header.frames === 1 ? '' : `, ${header.frames} frames`) +
    (header.orientation === 1 ? '' : `, orientation ${header.orientation}`);
  if (plan.kind === 'info')
    return `${source}\nresult     JSON that describes it; nothing is decoded`;
  const steps = plan.steps.map(({ operation, effect, step }, index) => {
    const { width, height, model, hasAlpha } = effect.shape;
    const bytes = effect.addedBytes + effect.scratchBytes;
    const from = step === undefined ? 'by itself' : `action ${step + 1}`;
    return (
      `${String(index + 1).padStart(9)}  ${operation.name.padEnd(14)} ${from.padEnd(10)} ` +
      `${width} x ${height} ${model}${hasAlpha ? ' + alpha' : ''}, ${printBytes(bytes)} more`
    );
  });
  return [
    source,
    ...steps,
    `result     ${plan.kind === 'hue' ? 'JSON that tells the average colour' : printResult(plan)}`,
    `memory     ${printBytes(plan.arenaBytes)} of planes, at most ${printBytes(plan.peakBytes)} in all`,
    `work       ${(plan.costPixels / 1e6).toFixed(2)} million samples`,
  ].join('\n');
}

function printResult({ output, width, height }: PicturePlan): string {
  const { format, settings } = output;
  const quality = format === 'jpeg' ? `, quality ${settings.qualityPercent}` : '';
  const progressive = format === 'jpeg' && settings.progressive ? ', progressive' : '';
  const frames = output.animation === undefined ? '' : `, ${output.animation.frames} frames`;
  return `${format}, ${width} x ${height}${quality}${progressive}${frames}`;
}

function printBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** A JPEG as cameras make them. */
function imaginedHeader(size: string): ImageHeader {
  const [, width, height] = /^(\d{1,6})x(\d{1,6})$/.exec(size) ?? [];
  if (width === undefined || height === undefined || Number(width) * Number(height) === 0) {
    throw new RangeError(`--size: expected WIDTHxHEIGHT such as 4000x3000, got '${size}'`);
  }
  const format: ImageFormat = 'jpeg';
  return {
    format,
    width: Number(width),
    height: Number(height),
    frames: 1,
    model: 'ycbcr',
    hasAlpha: false,
    bitDepth: 8,
    orientation: 1,
    sampling: [
      { horizontal: 2, vertical: 2 },
      { horizontal: 1, vertical: 1 },
      { horizontal: 1, vertical: 1 },
    ],
    qualityPercent: 90,
    hasIcc: false,
    decoderBytes: 0,
  };
}
