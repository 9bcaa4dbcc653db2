/**
 * Our engine, as a user of the library has it: chains as text, one `createSafelight`.
 * @module
 */

import { createSafelight, isImageError, type SafelightOptions } from 'safelight';
import type { Job, Operation } from '../job.ts';
import { NotAvailable, type Runner } from './engine.ts';
import { createRawRgbaCodec } from './raw-rgba-codec.ts';

export function createSafelightRunner(job: Job): Promise<Runner> {
  return open(job, {});
}

/** Plain TypeScript loops, JPEG decoding by jpeg-js: what runs where WebAssembly does not. */
export function createPortableRunner(job: Job): Promise<Runner> {
  return open(job, { kernels: 'portable' });
}

async function open(job: Job, options: SafelightOptions): Promise<Runner> {
  const chain = chainOf(job);
  const codecs = job.input === 'file' ? [] : [createRawRgbaCodec(job.input.raw)];
  const safelight = await createSafelight({ ...options, codecs });
  return {
    async run(source) {
      try {
        return (await safelight.render(source, chain)).bytes;
      } catch (error) {
        if (isImageError(error) && REFUSALS.has(error.reason)) {
          throw new NotAvailable(error.message, { cause: error });
        }
        throw error;
      }
    },
  };
}

/** Reasons that mean "not built yet" or "more than this engine admits", as opposed to a fault. */
const REFUSALS: ReadonlySet<string> = new Set([
  'not-implemented',
  'no-encoder',
  'unsupported-kind',
  'too-much-memory',
  'timed-out',
]);

function chainOf({ operation, output }: Job): string {
  const step = stepOf(operation);
  const steps = step === undefined ? [] : [step];
  // Raw samples come back in the format they came in.
  if (output.format !== 'raw') {
    const { format, qualityPercent } = output;
    steps.push(`format,${format === 'jpeg' ? 'jpg' : format}`, `quality,Q_${qualityPercent}`);
  }
  return `image/${steps.join('/')}`;
}

function stepOf(operation: Operation): string | undefined {
  switch (operation.kind) {
    case 'resize':
      return `resize,m_fixed,w_${operation.size.width},h_${operation.size.height}`;
    case 'crop': {
      const { left, top, size } = operation;
      return `crop,x_${left},y_${top},w_${size.width},h_${size.height}`;
    }
    case 'rotate90':
      return 'rotate,90';
    case 'sharpen':
      return `sharpen,${operation.amountPercent}`;
    case 'recode':
      return undefined;
  }
}
