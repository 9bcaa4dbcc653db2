/**
 * The one error class of the engine. `code` says whose fault it is, `reason` says why from a closed
 * list, so that a dialect can map it to its own ids. Private detail belongs in `message`, never in
 * `publicMessage`.
 * @module
 */

/** Whose fault it is. */
export type ImageErrorCode =
  /** The chain text or an option is wrong: the caller can fix it. */
  | 'InvalidArgument'
  /** The bytes are not what they claim. */
  | 'BadImage'
  /** Well formed, not ours. */
  | 'UnsupportedFormat'
  /** Allowed elsewhere, not here. */
  | 'LimitExceeded'
  /** Known to the language, not built. */
  | 'NotImplemented'
  /** The render took longer than it may. */
  | 'Timeout'
  /** The caller gave up. */
  | 'Aborted'
  /** A bug of ours. */
  | 'Internal';

/** Why, from a closed list. */
export type ImageErrorReason =
  // The text of a chain.
  | 'empty-chain'
  | 'unknown-action'
  | 'not-implemented'
  | 'missing-argument'
  | 'too-many-values'
  | 'unexpected-key'
  | 'unexpected-value'
  | 'unknown-key'
  | 'out-of-range'
  | 'not-base64'
  | 'empty-value'
  | 'text-too-long'
  | 'unknown-font'
  | 'not-combinable'
  | 'nested-mark'
  | 'nested-info'
  | 'not-nestable'
  | 'too-many-stages'
  | 'chain-too-long'
  | 'too-many-steps'
  | 'malformed'
  // The pictures that marks show.
  | 'missing-mark'
  | 'mark-format'
  | 'too-many-marks'
  // The picture against the chain.
  | 'no-exif'
  | 'position-outside'
  | 'output-too-large'
  | 'turn-too-large'
  | 'format-too-large'
  // The bytes.
  | 'unknown-format'
  | 'unsupported-kind'
  | 'damaged'
  | 'truncated'
  | 'too-many-bytes'
  | 'too-many-pixels'
  | 'side-too-long'
  | 'too-many-frames'
  | 'too-many-scans'
  | 'too-much-memory'
  // The run.
  | 'timed-out'
  | 'aborted'
  | 'prediction-failed'
  | 'no-encoder'
  | 'bug';

/** Which step, action, parameter and value were at fault. Names are the engine's, not a dialect's. */
export interface ImageFault {
  /** Index of the step in the chain, from 0. */
  readonly step?: number;
  readonly action?: string;
  readonly parameter?: string;
  readonly value?: string;
}

export interface ImageErrorOptions {
  /** What may be shown to anyone; the message is used when absent. */
  readonly publicMessage?: string;
  readonly fault?: ImageFault;
  /** Offset in the chain text, in UTF-16 units. */
  readonly at?: number;
  readonly cause?: unknown;
}

const BRAND = Symbol.for('safelight.ImageError');

export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: ImageErrorCode;
  readonly reason: ImageErrorReason;
  /** What may be shown to anyone; the message itself may hold paths and keys. */
  readonly publicMessage: string;
  readonly fault: ImageFault | undefined;
  readonly at: number | undefined;

  constructor(
    code: ImageErrorCode,
    reason: ImageErrorReason,
    message: string,
    options: ImageErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reason = reason;
    this.publicMessage = options.publicMessage ?? message;
    this.fault = options.fault;
    this.at = options.at;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Recognises errors of any copy of this package: by brand, since `instanceof` fails across copies. */
export function isImageError(value: unknown): value is ImageError {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** A broken promise of our own code. Never for user input: it becomes a 500. */
export function assert(condition: unknown, text: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${text}`);
}
