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
}

export type RenderOutcome =
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly mediaType: string }
  | { readonly failure: ImageFailure };

/** What a render will take; the source comes back, since it was moved. */
export type PlanOutcome =
  | {
      readonly source: Uint8Array<ArrayBuffer>;
      /** Of the whole render. */
      readonly peakBytes: number;
      /** In the plan's unit. */
      readonly costPixels: number;
    }
  | { readonly source: Uint8Array<ArrayBuffer>; readonly failure: ImageFailure };

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
