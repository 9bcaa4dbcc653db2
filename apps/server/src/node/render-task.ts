/**
 * What passes between the pool and a worker. Errors lose their class on the way, so a worker answers
 * an `ImageError` as plain fields, from which the pool makes one again.
 * @module
 */

import {
  type Chain,
  ImageError,
  type ImageErrorCode,
  type ImageErrorReason,
  type ImageFault,
} from '@safelight/core';
import type { MarkBytes } from '../service.ts';

export interface RenderTask {
  readonly source: Uint8Array<ArrayBuffer>;
  readonly chain: Chain;
  readonly marks: MarkBytes | undefined;
  /** A render that is planned to take more is refused before it begins. @default the limits' */
  readonly maxMemoryBytes?: number;
}

/** A thread's answer. The source comes back, since it was moved there. */
type Outcome<T> = { readonly source: Uint8Array<ArrayBuffer> } & (
  | T
  | { readonly failure: ImageFailure }
);

export type RenderOutcome = Outcome<{
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
}>;

/** What a render will take. */
export type PlanOutcome = Outcome<{
  /** Of the whole render. */
  readonly peakBytes: number;
  /** In the plan's unit. */
  readonly costPixels: number;
}>;

/** The fields of an `ImageError`. */
export interface ImageFailure {
  readonly code: ImageErrorCode;
  readonly reason: ImageErrorReason;
  readonly message: string;
  readonly publicMessage: string;
  readonly fault: ImageFault | undefined;
  readonly at: number | undefined;
}

export function errorToFailure(error: ImageError): ImageFailure {
  const { code, reason, message, publicMessage, fault, at } = error;
  return { code, reason, message, publicMessage, fault, at };
}

export function failureToError(failure: ImageFailure): ImageError {
  const { code, reason, message, publicMessage, fault, at } = failure;
  return new ImageError(code, reason, message, {
    publicMessage,
    ...(fault === undefined ? {} : { fault }),
    ...(at === undefined ? {} : { at }),
  });
}
