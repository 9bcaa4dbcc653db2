/**
 * A third party's codec in WebAssembly, kept on a leash: its memory cannot grow over a bound that is
 * set for each call, whatever it throws is caught, and an instance that failed or grew large is
 * dropped. Easily got wrong: Emscripten throws numbers as well as errors, and its `ready` may reject.
 * @module
 */

import { settle } from '../deflate/deflater.ts';

/** A codec whose instances are made when they are wanted. */
export interface Guest<Instance> {
  /**
   * Runs `work` on an instance whose memory may grow to `maxBytes`: at once when the code is there,
   * else when it has been loaded. Throws `GuestError`.
   */
  run<Result>(maxBytes: number, work: (instance: Instance) => Result): Result | Promise<Result>;
}

/** `absent`: it could not be loaded. `full`: it asked for more memory than it may have. */
export type GuestFailure = 'failed' | 'full' | 'absent';

/** Why a guest gave no result. Never leaves this package. */
export class GuestError extends Error {
  override readonly name = 'GuestError';
  readonly failure: GuestFailure;

  constructor(failure: GuestFailure, cause?: unknown) {
    super(cause instanceof Error ? cause.message : `${failure} (${String(cause)})`, { cause });
    this.failure = failure;
  }
}

/** What the glue around an Emscripten module takes of us. */
interface GlueOptions {
  readonly noInitialRun: true;
  print(...words: readonly unknown[]): void;
  printErr(...words: readonly unknown[]): void;
  /** Some glue would set the exit code of the process. */
  quit(status: number, error: unknown): void;
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance) => void,
  ): WebAssembly.Exports;
}

/** Fills its argument with the module's functions, at once when instantiation is. */
export type Glue = (options: GlueOptions) => unknown;

/** Code of a guest: its glue and its compiled module. */
export interface GuestCode {
  readonly glue: Glue;
  readonly module: WebAssembly.Module;
}

/** What an Emscripten module begins with, in bytes of memory. */
export const GUEST_BASE_BYTES: number = 16 * 1024 * 1024;
/** A memory cannot shrink, so one above this is dropped with its instance. */
const KEPT_BYTES = 64 * 1024 * 1024;

/** The guest whose code `load` fetches when it is first wanted, and again when that failed. */
export function createGuest<Instance>(load: () => Promise<GuestCode>): Guest<Instance> {
  let code: GuestCode | undefined;
  let loading: Promise<GuestCode> | undefined;
  let idle: LeashedInstance<Instance> | undefined;
  const obtain = (): GuestCode | Promise<GuestCode> => {
    if (code !== undefined) return code;
    loading ??= load()
      .then((loaded) => (code = loaded))
      .catch((cause: unknown) => {
        loading = undefined;
        throw new GuestError('absent', cause);
      });
    return loading;
  };
  return {
    run: (maxBytes, work) =>
      settle(obtain(), (loaded) => {
        const leashed = idle ?? instantiate<Instance>(loaded);
        idle = undefined;
        const result = runWithin(leashed, maxBytes, work);
        if (leashed.memory.buffer.byteLength <= KEPT_BYTES) idle = leashed;
        return result;
      }),
  };
}

interface LeashedInstance<Instance> {
  readonly instance: Instance;
  readonly memory: WebAssembly.Memory;
  maxBytes: number;
  isFull: boolean;
}

function runWithin<Instance, Result>(
  leashed: LeashedInstance<Instance>,
  maxBytes: number,
  work: (instance: Instance) => Result,
): Result {
  leashed.maxBytes = maxBytes;
  leashed.isFull = false;
  try {
    return work(leashed.instance);
  } catch (error) {
    throw new GuestError(leashed.isFull ? 'full' : 'failed', error);
  }
}

const PAGE_BYTES = 65_536;

function instantiate<Instance>({ glue, module }: GuestCode): LeashedInstance<Instance> {
  let memory: WebAssembly.Memory | undefined;
  const options: GlueOptions = {
    noInitialRun: true,
    print: () => undefined,
    printErr: () => undefined,
    quit(_status, error) {
      throw error;
    },
    instantiateWasm(imports, receive) {
      const instance = new WebAssembly.Instance(module, imports);
      memory = Object.values(instance.exports).find((item) => item instanceof WebAssembly.Memory);
      receive(instance);
      return instance.exports;
    },
  };
  // Node has no ImageData; the glue would leave one behind for everybody.
  const ready = withImageData(() => glue(options));
  // Settled already, or never: the functions are there at once, and a rejection tells nothing new.
  if (ready instanceof Promise) ready.catch(() => undefined);
  if (memory === undefined) throw new GuestError('absent', 'no memory is exported');
  const leashed = { instance: options as Instance, memory, maxBytes: 0, isFull: false };
  // Emscripten grows its memory by this method alone, and takes a throw for a refusal.
  memory.grow = (pages) => {
    if (leashed.memory.buffer.byteLength + pages * PAGE_BYTES > leashed.maxBytes) {
      leashed.isFull = true;
      throw new RangeError(`memory: expected at most ${leashed.maxBytes} bytes`);
    }
    return WebAssembly.Memory.prototype.grow.call(leashed.memory, pages);
  };
  return leashed;
}

/** Samples as decoders hand them out. */
class PlainImageData {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;

  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
}

/** Runs `work` where there is a global `ImageData`, and leaves the globals as they were. */
export function withImageData<Result>(work: () => Result): Result {
  if (Reflect.has(globalThis, 'ImageData')) return work();
  Reflect.set(globalThis, 'ImageData', PlainImageData);
  try {
    return work();
  } finally {
    Reflect.deleteProperty(globalThis, 'ImageData');
  }
}
