/**
 * What every engine of the comparison is to the harness. An engine is imported by the process that
 * measures it and by no other, since importing is part of P18 and idle memory of P17.
 * @module
 */

import type { Job } from '../job.ts';

export interface Runner {
  run(source: Uint8Array): Promise<Uint8Array>;
  /** Ends threads that would keep the process alive. */
  close?(): void;
}

/** Gets an engine ready for one job; what can be prepared once is not timed. */
type CreateRunner = (job: Job) => Runner | Promise<Runner>;

/** An engine that lacks what a job needs says so with this; the table then has the reason. */
export class NotAvailable extends Error {
  override readonly name = 'NotAvailable';
}

export type EngineName =
  | 'safelight'
  | 'safelight-portable'
  | 'sharp'
  | 'wasm-vips'
  | 'jimp'
  | 'canvas'
  | 'pica';

const ENGINES: Readonly<Record<EngineName, () => Promise<CreateRunner>>> = {
  safelight: async () => (await import('./safelight.ts')).createSafelightRunner,
  'safelight-portable': async () => (await import('./safelight.ts')).createPortableRunner,
  sharp: async () => (await import('./sharp.ts')).createSharpRunner,
  'wasm-vips': async () => (await import('./wasm-vips.ts')).createWasmVipsRunner,
  jimp: async () => (await import('./jimp.ts')).createJimpRunner,
  canvas: async () => (await import('./canvas.ts')).createCanvasRunner,
  pica: async () => (await import('./pica.ts')).createPicaRunner,
};

/** What the tables call them: an engine, or the npm packages it is put together from. */
export const ENGINE_LABELS: Readonly<Record<EngineName, string>> = {
  safelight: 'Safelight',
  'safelight-portable': 'Safelight, portable set',
  sharp: 'sharp',
  'wasm-vips': 'wasm-vips',
  jimp: 'jimp',
  canvas: '@napi-rs/canvas',
  pica: 'pica with jpeg-js, pngjs',
};

/** Imports the engine and gets it ready. */
export async function openEngine(name: EngineName, job: Job): Promise<Runner> {
  const create = await ENGINES[name]();
  return create(job);
}
