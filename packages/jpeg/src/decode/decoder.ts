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
import { planJpegBands } from './plan.ts';
import type { JpegBandPlan, JpegDecodePlan, JpegPlanePlan } from './plan.ts';
import { ALL_ROWS, ScanRunner } from './scan-runner.ts';
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
  /**
   * Begins a decode that is read row of MCUs by row of MCUs, for who does not need the planes whole. Only
   * for a sequential picture whose first scan has all components. It ends where the decoder is asked for
   * anything else.
   *
   * @throws ImageError as `decode`, here and while reading
   */
  openBands(
    bytes: Uint8Array,
    plan: JpegDecodePlan,
    options?: Pick<JpegDecodeOptions, 'maxScans'>,
  ): JpegBandReader;
}

/** A decode under way. */
export interface JpegBandReader extends JpegBandPlan {
  /**
   * Decodes the next `count` rows of MCUs into `targets`, one for each plane of the plan and each with
   * room for `count` times its `rows`; the first of them goes to the target's start. With the last row
   * the rest of the file is looked at as `decode` does.
   *
   * @throws RangeError for a count or targets that do not fit
   */
  read(count: number, targets: readonly JpegPlaneTarget[]): void;
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
  const cache = new TableCache(module, memory);
  let current: Decoding | undefined;
  const begin = (context: Omit<DecodingContext, 'memory' | 'module' | 'cache'>): Decoding => {
    current = new Decoding({ memory, module, cache, ...context });
    return current;
  };
  const decoder: JpegDecoder = {
    decode: (bytes, plan, target, options = {}) => begin({ bytes, plan, target, options }).run(),
    openBands(bytes, plan, options = {}) {
      const decoding = begin({ bytes, plan, target: undefined, options });
      decoding.openScan();
      return new BandReader(memory, plan, decoding, () => decoding === current);
    },
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
  /** Nothing for planes that are read in bands. */
  readonly target: JpegDecodeTarget | undefined;
  readonly options: JpegDecodeOptions;
}

/** One decode: segments in order, scans handed to the runner. */
class Decoding {
  readonly runner: ScanRunner;
  readonly #context: DecodingContext;
  readonly #tables = new JpegTables();
  readonly #maxScans: number;
  /** Where progressive scans stand that are worth decoding; undefined for all. */
  #needed: ReadonlySet<number> | undefined;
  #scans = 0;
  /** Where in the file to look for the next segment. */
  #at = 2;

  constructor(context: DecodingContext) {
    checkTarget(context);
    this.#context = context;
    this.#maxScans = context.options.maxScans ?? DEFAULT_MAX_SCANS;
    this.runner = new ScanRunner(context, this.#tables);
  }

  run(): boolean {
    const { plan, target, options, module } = this.#context;
    this.#prepare();
    if (target === undefined) throw new RangeError('target: expected planes, got none');
    target.coefficients?.subarray(0, plan.coefficientBytes).fill(0);
    if (options.partial === true) {
      plan.planes.forEach(({ rows, rowBytes }, i) => {
        const { data, stride } = target.planes[i];
        for (let y = 0; y < rows; y++) data.fill(MID_GREY, y * stride, y * stride + rowBytes);
      });
    }
    let complete = true;
    try {
      this.#readScans();
    } catch (error) {
      if (options.partial !== true || !isDamage(error)) throw error;
      complete = false;
    }
    if (plan.layout.progressive) {
      this.runner.describeForWriting();
      plan.planes.forEach((_, i) => module.writeComponent(COMPONENTS + i * COMPONENT_BYTES));
    }
    return complete;
  }

  /** Reads as far as the data of the first scan, which must be all there is. */
  openScan(): void {
    const { bytes, plan } = this.#context;
    if (plan.layout.progressive) throw new RangeError('plan: expected a sequential picture');
    this.#prepare();
    for (;;) {
      const segment = this.#nextSegment();
      if (segment.code !== SOS) {
        this.#at = this.#readSegment(segment);
        continue;
      }
      this.#checkScans(++this.#scans);
      const header = readScanHeader(bytes, segment, plan.layout);
      if (header.components.length !== plan.planes.length) {
        const { length } = header.components;
        throw damaged(`bands: expected a scan of ${plan.planes.length} components, got ${length}`);
      }
      this.runner.begin(header, segment.end);
      return;
    }
  }

  /** Looks at what follows the scan. */
  closeScan(): void {
    this.#at = this.runner.end();
    this.#readSegments();
  }

  #prepare(): void {
    const { bytes, plan, module } = this.#context;
    if (!sameLayout(readJpegLayout(bytes), plan.layout)) {
      throw new RangeError('plan: expected the plan of these bytes, got that of others');
    }
    module.setSize(plan.scale, lastNeeded(plan.scale), plan.blockBytes);
  }

  #readScans(): void {
    const { bytes, plan } = this.#context;
    const { layout, scale } = plan;
    if (layout.progressive) {
      const survey = surveyScans(bytes, layout, lastNeeded(scale), this.#maxScans);
      this.#checkScans(survey.scans);
      this.#needed = survey.needed;
    }
    this.#readSegments();
  }

  #readSegments(): void {
    while (!this.runner.isDone()) {
      const segment = this.#nextSegment();
      if (segment.code === EOI) {
        this.runner.checkComplete();
        return;
      }
      this.#at = this.#readSegment(segment);
    }
  }

  #nextSegment(): Segment {
    const segment = nextSegment(this.#context.bytes, this.#at);
    if (segment === undefined) {
      throw truncated('expected the end of the image, got that of the file');
    }
    return segment;
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
        // libjpeg refuses this as well; and bands have no planes that could be written again.
        if (this.runner.hasSamples()) throw damaged('expected the end of the image, got a scan');
        this.#checkScans(++this.#scans);
        const header = readScanHeader(bytes, segment, plan.layout);
        if (this.#needed?.has(segment.at) === false) break;
        return this.runner.run(header, segment.end);
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

/** Rows of MCUs handed out in order. */
class BandReader implements JpegBandReader {
  readonly count: number;
  readonly rows: readonly number[];
  readonly #memory: WebAssembly.Memory;
  readonly #plan: JpegDecodePlan;
  readonly #decoding: Decoding;
  readonly #isCurrent: () => boolean;
  #done = 0;

  constructor(
    memory: WebAssembly.Memory,
    plan: JpegDecodePlan,
    decoding: Decoding,
    isCurrent: () => boolean,
  ) {
    const { count, rows } = planJpegBands(plan);
    this.count = count;
    this.rows = rows;
    this.#memory = memory;
    this.#plan = plan;
    this.#decoding = decoding;
    this.#isCurrent = isCurrent;
  }

  read(count: number, targets: readonly JpegPlaneTarget[]): void {
    const end = this.#done + count;
    if (!Number.isInteger(count) || count < 1 || end > this.count) {
      throw new RangeError(`count: expected 1 to ${this.count - this.#done}, got ${count}`);
    }
    if (!this.#isCurrent()) throw new RangeError('decoder: expected no other decode meanwhile');
    checkPlanes(
      targets,
      this.#plan.planes.map(({ rowBytes }, i) => ({ rowBytes, rows: count * this.rows[i] })),
      this.#memory,
    );
    const { runner } = this.#decoding;
    runner.placeRows(
      targets,
      this.rows.map((rows) => this.#done * rows),
    );
    // The last row must not only be reached but be over: what follows it is looked at.
    runner.advance(end === this.count ? ALL_ROWS : planJpegBands(this.#plan).first + end);
    this.#done = end;
    if (end === this.count) this.#decoding.closeScan();
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
  if (target === undefined) return;
  checkPlanes(target.planes, plan.planes, memory);
  if (plan.coefficientBytes > 0) {
    const scratch = target.coefficients ?? new Uint8Array(0);
    checkView('coefficients', scratch, plan.coefficientBytes, memory);
  }
}

function checkPlanes(
  targets: readonly JpegPlaneTarget[],
  planes: readonly Pick<JpegPlanePlan, 'rowBytes' | 'rows'>[],
  memory: WebAssembly.Memory,
): void {
  if (targets.length !== planes.length) {
    throw new RangeError(`planes: expected ${planes.length}, got ${targets.length}`);
  }
  planes.forEach(({ rows, rowBytes }, i) => {
    const { data, stride } = targets[i];
    if (!Number.isInteger(stride) || stride < rowBytes) {
      throw new RangeError(`planes[${i}].stride: expected at least ${rowBytes}, got ${stride}`);
    }
    checkView(`planes[${i}].data`, data, (rows - 1) * stride + rowBytes, memory);
  });
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
