/**
 * A decoder over a memory that others use too: planes are written where the caller wants them. The
 * memory must not grow during a decode, which is synchronous.
 * @module
 */

import { ImageError } from '@safelight/core';
import { lastNeeded } from './block-layout.ts';
import { readJpegLayout } from './layout.ts';
import type { JpegLayout } from './layout.ts';
import { DHT, DQT, DRI, damaged, EOI, nextSegment, SOS, truncated } from './markers.ts';
import type { Segment } from './markers.ts';
import { instantiateDecoder, TableCache } from './module.ts';
import type { DecoderExports } from './module.ts';
import { COMPONENT_BYTES, COMPONENTS, REGION_END } from './memory-map.ts';
import type { JpegDecodePlan } from './plan.ts';
import { ScanRunner } from './scan-runner.ts';
import { readScanHeader, surveyScans } from './scan-header.ts';
import { JpegTables } from './tables.ts';

/** Where a plane goes. */
export interface JpegPlaneTarget {
  /** A view of the decoder's memory, behind `JPEG_REGION`, of `(rows - 1) * stride + rowBytes` bytes or more. */
  readonly data: Uint8Array;
  /** Bytes from one row to the next, at least the plan's `rowBytes`. */
  readonly stride: number;
}

export interface JpegDecodeTarget {
  /** One for each plane of the plan. */
  readonly planes: readonly JpegPlaneTarget[];
  /** Scratch of the plan's `coefficientBytes`, a view of the memory; unused when that is 0. */
  readonly coefficients?: Uint8Array;
}

export interface JpegDecodeOptions {
  /** What there is of a damaged or truncated picture, mid-grey for the rest. @default false */
  readonly partial?: boolean;
  /** Scans of a file: each costs a pass over the picture. @default 100 */
  readonly maxScans?: number;
}

export interface JpegDecoder {
  /**
   * Decodes into the target. Bytes outside the planes' rows are left alone.
   *
   * @returns whether the whole picture was there; always true unless `partial` is set
   * @throws ImageError BadImage (`damaged`, `truncated`), UnsupportedFormat, LimitExceeded
   *   (`too-many-scans`); RangeError for a target that does not fit the plan
   */
  decode(
    bytes: Uint8Array,
    plan: JpegDecodePlan,
    target: JpegDecodeTarget,
    options?: JpegDecodeOptions,
  ): boolean;
}

const decoders = new WeakMap<WebAssembly.Memory, JpegDecoder>();
const DEFAULT_MAX_SCANS = 100;
/** What a plane of no coefficients decodes to. */
const MID_GREY = 128;

/**
 * The decoder of a memory; the same one each time. It owns `JPEG_REGION` of it, which must exist.
 *
 * @throws RangeError when the memory is smaller than the region
 */
export function createJpegDecoder(memory: WebAssembly.Memory): JpegDecoder {
  const known = decoders.get(memory);
  if (known !== undefined) return known;
  const module = instantiateDecoder(memory);
  const tables = new TableCache(module, memory);
  const decoder: JpegDecoder = {
    decode: (bytes, plan, target, options = {}) =>
      new Decoding({ memory, module, cache: tables, bytes, plan, target, options }).run(),
  };
  decoders.set(memory, decoder);
  return decoder;
}

/** What a decode works with. */
export interface DecodingContext {
  readonly memory: WebAssembly.Memory;
  readonly module: DecoderExports;
  readonly cache: TableCache;
  readonly bytes: Uint8Array;
  readonly plan: JpegDecodePlan;
  readonly target: JpegDecodeTarget;
  readonly options: JpegDecodeOptions;
}

/** One decode: segments in order, scans handed to the runner. */
class Decoding {
  readonly #context: DecodingContext;
  readonly #tables = new JpegTables();
  readonly #runner: ScanRunner;
  readonly #maxScans: number;
  /** Where progressive scans stand that are worth decoding; undefined for all. */
  #needed: ReadonlySet<number> | undefined;
  #scans = 0;

  constructor(context: DecodingContext) {
    checkTarget(context);
    this.#context = context;
    this.#maxScans = context.options.maxScans ?? DEFAULT_MAX_SCANS;
    this.#runner = new ScanRunner(context, this.#tables);
  }

  run(): boolean {
    const { bytes, plan, target, options, module } = this.#context;
    if (!sameLayout(readJpegLayout(bytes), plan.layout)) {
      throw new RangeError('plan: expected the plan of these bytes, got that of others');
    }
    target.coefficients?.subarray(0, plan.coefficientBytes).fill(0);
    if (options.partial === true) {
      plan.planes.forEach(({ rows, rowBytes }, i) => {
        const { data, stride } = target.planes[i];
        for (let y = 0; y < rows; y++) data.fill(MID_GREY, y * stride, y * stride + rowBytes);
      });
    }
    module.setSize(plan.scale, lastNeeded(plan.scale), plan.blockBytes);
    let complete = true;
    try {
      this.#readScans();
    } catch (error) {
      if (options.partial !== true || !isDamage(error)) throw error;
      complete = false;
    }
    if (plan.layout.progressive) {
      this.#runner.describeForWriting();
      plan.planes.forEach((_, i) => module.writeComponent(COMPONENTS + i * COMPONENT_BYTES));
    }
    return complete;
  }

  #readScans(): void {
    const { bytes, plan } = this.#context;
    const { layout, scale } = plan;
    if (layout.progressive) {
      const survey = surveyScans(bytes, layout, lastNeeded(scale), this.#maxScans);
      this.#checkScans(survey.scans);
      this.#needed = survey.needed;
    }
    let at = 2;
    while (!this.#runner.isDone()) {
      const segment = nextSegment(bytes, at);
      if (segment === undefined)
        throw truncated('expected the end of the image, got that of the file');
      if (segment.code === EOI) {
        this.#runner.checkComplete();
        return;
      }
      at = this.#readSegment(segment);
    }
  }

  /** Returns where to read on. */
  #readSegment(segment: Segment): number {
    const { bytes, plan } = this.#context;
    switch (segment.code) {
      case DQT:
        this.#tables.readQuantization(bytes, segment);
        break;
      case DHT:
        this.#tables.readHuffman(bytes, segment);
        break;
      case DRI:
        this.#tables.readRestartInterval(bytes, segment);
        break;
      case SOS: {
        this.#checkScans(++this.#scans);
        const header = readScanHeader(bytes, segment, plan.layout);
        if (this.#needed?.has(segment.at) === false) break;
        return this.#runner.run(header, segment.end);
      }
      case 0xc0:
      case 0xc1:
      case 0xc2:
        if (this.#scans > 0) throw damaged('expected one frame header, got another after a scan');
        break;
      default:
    }
    return segment.end;
  }

  #checkScans(scans: number): void {
    if (scans <= this.#maxScans) return;
    throw new ImageError(
      'LimitExceeded',
      'too-many-scans',
      `jpeg: expected at most ${this.#maxScans} scans, got more`,
    );
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof ImageError && error.code === 'BadImage';
}

function sameLayout(a: JpegLayout, b: JpegLayout): boolean {
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.progressive === b.progressive &&
    a.components.length === b.components.length &&
    a.components.every(
      (one, i) =>
        one.horizontalSampling === b.components[i].horizontalSampling &&
        one.verticalSampling === b.components[i].verticalSampling &&
        one.id === b.components[i].id,
    )
  );
}

function checkTarget({ memory, plan, target }: DecodingContext): void {
  if (target.planes.length !== plan.planes.length) {
    throw new RangeError(`planes: expected ${plan.planes.length}, got ${target.planes.length}`);
  }
  plan.planes.forEach(({ rows, rowBytes }, i) => {
    const { data, stride } = target.planes[i];
    if (!Number.isInteger(stride) || stride < rowBytes) {
      throw new RangeError(`planes[${i}].stride: expected at least ${rowBytes}, got ${stride}`);
    }
    checkView(`planes[${i}].data`, data, (rows - 1) * stride + rowBytes, memory);
  });
  if (plan.coefficientBytes > 0) {
    const scratch = target.coefficients ?? new Uint8Array(0);
    checkView('coefficients', scratch, plan.coefficientBytes, memory);
  }
}

function checkView(
  name: string,
  data: Uint8Array,
  needed: number,
  memory: WebAssembly.Memory,
): void {
  if (data.length < needed) {
    throw new RangeError(`${name}: expected at least ${needed} bytes, got ${data.length}`);
  }
  if (data.buffer !== memory.buffer || data.byteOffset < REGION_END) {
    throw new RangeError(`${name}: expected a view of the memory behind the region`);
  }
}
