/**
 * Every error as the answer the caller gets: one place turns errors of all packages into the OSS
 * document. Easily got wrong: HEAD has no body, so the document goes into `x-oss-err`; and what is not
 * a known error says nothing but `InternalError`, since its message may hold paths.
 * @module
 */

import { type ImageError, isImageError } from '@safelight/core';
import { describeOssError } from '@safelight/grammar';
import { isSigningError, type SigningErrorCode } from '@safelight/signing';
import { isStorageError, type StorageErrorCode } from '@safelight/storage';
import type { Answer } from './answer.ts';
import {
  ERROR_TABLE,
  type ErrorLogLevel,
  isServiceError,
  isServiceErrorCode,
  type ServiceErrorCode,
} from './service-error.ts';
import { printXml, toXmlText } from './xml.ts';

/** An error as far as the caller may know it. */
export interface ErrorFacts {
  readonly code: ServiceErrorCode;
  readonly message: string;
  readonly ec?: string | undefined;
  readonly details?: Readonly<Record<string, string>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Where the error happened. */
export interface ErrorPlace {
  readonly requestId: string;
  /** The Host header. */
  readonly hostId: string;
  readonly isHead: boolean;
  readonly retryAfterSeconds: number;
}

/** Storage speaks OSS already; what the operator must mend is not the caller's to read. */
const STORAGE_CODES = {
  InvalidBucketName: 'InvalidBucketName',
  InvalidObjectName: 'InvalidObjectName',
  InvalidStyleName: 'InvalidArgument',
  InvalidDigest: 'InvalidDigest',
  InvalidRange: 'InvalidRange',
  InvalidPart: 'InvalidPart',
  InvalidPartOrder: 'InvalidPartOrder',
  EntityTooLarge: 'EntityTooLarge',
  EntityTooSmall: 'EntityTooSmall',
  NoSuchBucket: 'NoSuchBucket',
  NoSuchKey: 'NoSuchKey',
  NoSuchUpload: 'NoSuchUpload',
  BucketAlreadyExists: 'BucketAlreadyExists',
  BucketNotEmpty: 'BucketNotEmpty',
  FileAlreadyExists: 'FileAlreadyExists',
  ObjectNotAppendable: 'ObjectNotAppendable',
  PositionNotEqualToLength: 'PositionNotEqualToLength',
  TooManyStyles: 'InvalidArgument',
  PreconditionFailed: 'PreconditionFailed',
  NotSupported: 'NotImplemented',
  AccessDenied: 'AccessDenied',
  StoreLocked: 'ServiceUnavailable',
  StoreDamaged: 'InternalError',
  StoreUnavailable: 'ServiceUnavailable',
} as const satisfies Record<StorageErrorCode, ServiceErrorCode>;

const STORAGE_MESSAGES: Readonly<Partial<Record<StorageErrorCode, string>>> = {
  InvalidBucketName: 'The specified bucket is not valid.',
  InvalidObjectName: 'The specified object is not valid.',
  InvalidDigest: 'The Content-MD5 you specified did not match what we received.',
  InvalidPart: 'One or more of the specified parts could not be found or has another ETag.',
  InvalidPartOrder: 'The list of parts was not in ascending order.',
  EntityTooSmall: 'Your proposed upload is smaller than the minimum allowed size.',
  NoSuchUpload: 'The specified upload does not exist. It may have been completed or aborted.',
  ObjectNotAppendable: 'The object is not appendable.',
  PositionNotEqualToLength: 'Position is not equal to file length',
  TooManyStyles: 'The bucket has as many styles as it may.',
  NotSupported: 'This store cannot do that.',
  EntityTooLarge: 'Your proposed upload exceeds the maximum allowed size.',
  NoSuchBucket: 'The specified bucket does not exist.',
  NoSuchKey: 'The specified key does not exist.',
  BucketNotEmpty: 'The bucket has objects. Please delete them first.',
  FileAlreadyExists: 'The object you specified already exists and can not be overwritten.',
  AccessDenied: 'The store does not allow this.',
};

/** Signing's codes are ours: this fails to compile when one is missing. */
const SIGNING_CODES = {
  AccessDenied: 'AccessDenied',
  InvalidAccessKeyId: 'InvalidAccessKeyId',
  InvalidArgument: 'InvalidArgument',
  InvalidObjectName: 'InvalidObjectName',
  RequestTimeTooSkewed: 'RequestTimeTooSkewed',
  SignatureDoesNotMatch: 'SignatureDoesNotMatch',
} as const satisfies Record<SigningErrorCode, ServiceErrorCode>;

const INTERNAL: ErrorFacts = {
  code: 'InternalError',
  message: 'We encountered an internal error. Please try again.',
};

export function describeError(error: unknown): ErrorFacts {
  if (isServiceError(error)) {
    const { code, message, ec, details, headers } = error;
    return { code, message, ec, details, headers };
  }
  if (isImageError(error)) return describeImageError(error);
  if (isSigningError(error)) {
    const { ec, details, publicMessage } = error;
    return { code: SIGNING_CODES[error.code], message: publicMessage, ec, details };
  }
  if (isStorageError(error)) {
    const code = STORAGE_CODES[error.code];
    const message = STORAGE_MESSAGES[error.code];
    if (code === 'InternalError') return INTERNAL;
    return { code, message: message ?? 'The request cannot be served by the store.' };
  }
  return INTERNAL;
}

function describeImageError(error: ImageError): ErrorFacts {
  const { code, message, ec } = describeOssError(error);
  if (!isServiceErrorCode(code) || code === 'InternalError') return INTERNAL;
  const { fault, at } = error;
  const details: Record<string, string> = {};
  if (fault?.action !== undefined) details['ActionName'] = shown(fault.action);
  if (fault?.parameter !== undefined) details['ArgumentName'] = shown(fault.parameter);
  if (fault?.value !== undefined) details['ArgumentValue'] = shown(fault.value);
  if (at !== undefined) details['ArgumentPosition'] = String(at);
  return { code, message, ec, details };
}

/** How loudly to log it. */
export function errorLevel(facts: ErrorFacts): ErrorLogLevel {
  return ERROR_TABLE[facts.code].level;
}

/** Longest document in a header, in characters of base64: clients refuse heads over 16 KiB. */
const MAX_HEADER_CHARS = 6000;

export function errorAnswer(facts: ErrorFacts, place: ErrorPlace): Answer {
  const { status } = ERROR_TABLE[facts.code];
  const headers: Record<string, string> = { 'content-type': 'application/xml', ...facts.headers };
  if (facts.ec !== undefined) headers['x-oss-ec'] = facts.ec;
  if (status === 503) headers['retry-after'] ??= String(place.retryAfterSeconds);
  const document = printErrorDocument(facts, place);
  if (!place.isHead) return { status, headers, body: document };
  const full = textToBase64(document);
  const short = printErrorDocument({ ...facts, details: {} }, place);
  headers['x-oss-err'] = full.length > MAX_HEADER_CHARS ? textToBase64(short) : full;
  return { status, headers, body: null };
}

/** Well-formed whatever the request held: a key may have control characters, an error shows it. */
function printErrorDocument(facts: ErrorFacts, place: ErrorPlace): string {
  const children: [name: string, text: string][] = [
    ['Code', facts.code],
    ['Message', facts.message],
    ['RequestId', place.requestId],
    ['HostId', place.hostId],
    ...Object.entries(facts.details ?? {}),
  ];
  if (facts.ec !== undefined) children.push(['EC', facts.ec]);
  return printXml(['Error', children.map(([name, text]) => [name, toXmlText(text)] as const)]);
}

function textToBase64(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}

/** Longest part of a request that is given back to its caller. */
function shown(text: string): string {
  return text.slice(0, 256);
}
