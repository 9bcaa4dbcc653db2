/**
 * The service's own errors: a closed list of OSS codes, each with its HTTP status and log level in one
 * table. A code without a row does not compile. Everything in an error may be shown to the caller.
 * @module
 */

export type ServiceErrorCode =
  // The caller's: the request is wrong.
  | 'BadRequest'
  | 'BadWebPImage'
  | 'EntityTooLarge'
  | 'EntityTooSmall'
  | 'ImageTooLarge'
  | 'IncompleteBody'
  | 'InvalidArgument'
  | 'InvalidBucketName'
  | 'InvalidDigest'
  | 'InvalidObjectName'
  | 'InvalidPart'
  | 'InvalidPartOrder'
  | 'InvalidPolicyDocument'
  | 'InvalidRange'
  | 'InvalidRequest'
  | 'InvalidTargetType'
  | 'MalformedXML'
  | 'MemLimitExceeded'
  | 'MethodNotAllowed'
  | 'MissingArgument'
  | 'MissingContentLength'
  | 'RequestTimeout'
  | 'TooManyPipe'
  | 'WatermarkError'
  // The caller's: not allowed.
  | 'AccessDenied'
  | 'AccessForbidden'
  | 'InvalidAccessKeyId'
  | 'InvalidSecurityToken'
  | 'NonStandardHostForbidden'
  | 'RequestTimeTooSkewed'
  | 'SignatureDoesNotMatch'
  // The state's.
  | 'CallbackFailed'
  | 'BucketAlreadyExists'
  | 'BucketNotEmpty'
  | 'FileAlreadyExists'
  | 'NoSuchBucket'
  | 'NoSuchCORSConfiguration'
  | 'NoSuchKey'
  | 'NoSuchStyle'
  | 'NoSuchUpload'
  | 'NotSymlink'
  | 'ObjectNotAppendable'
  | 'PositionNotEqualToLength'
  | 'PreconditionFailed'
  | 'SymlinkTargetNotExist'
  // Ours.
  | 'InternalError'
  | 'NotImplemented'
  | 'ServiceUnavailable';

/** How loudly an error is logged. */
export type ErrorLogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface ErrorRow {
  readonly status: number;
  readonly level: ErrorLogLevel;
}

const CALLER: ErrorLogLevel = 'debug';

/** Code to HTTP status and log level (protocol, 2.6 and 4; language reference, 8.2). */
export const ERROR_TABLE: Readonly<Record<ServiceErrorCode, ErrorRow>> = {
  BadRequest: { status: 400, level: CALLER },
  BadWebPImage: { status: 400, level: CALLER },
  EntityTooLarge: { status: 400, level: CALLER },
  EntityTooSmall: { status: 400, level: CALLER },
  ImageTooLarge: { status: 400, level: CALLER },
  IncompleteBody: { status: 400, level: CALLER },
  InvalidArgument: { status: 400, level: CALLER },
  InvalidBucketName: { status: 400, level: CALLER },
  InvalidDigest: { status: 400, level: CALLER },
  InvalidObjectName: { status: 400, level: CALLER },
  InvalidPart: { status: 400, level: CALLER },
  InvalidPartOrder: { status: 400, level: CALLER },
  InvalidPolicyDocument: { status: 400, level: CALLER },
  InvalidRange: { status: 416, level: CALLER },
  InvalidRequest: { status: 400, level: CALLER },
  InvalidTargetType: { status: 400, level: CALLER },
  MalformedXML: { status: 400, level: CALLER },
  MemLimitExceeded: { status: 400, level: CALLER },
  MethodNotAllowed: { status: 405, level: CALLER },
  MissingArgument: { status: 400, level: CALLER },
  MissingContentLength: { status: 411, level: CALLER },
  RequestTimeout: { status: 400, level: CALLER },
  TooManyPipe: { status: 400, level: CALLER },
  WatermarkError: { status: 400, level: CALLER },
  AccessDenied: { status: 403, level: 'info' },
  AccessForbidden: { status: 403, level: CALLER },
  InvalidAccessKeyId: { status: 403, level: 'info' },
  InvalidSecurityToken: { status: 403, level: 'info' },
  NonStandardHostForbidden: { status: 403, level: 'info' },
  RequestTimeTooSkewed: { status: 403, level: 'info' },
  SignatureDoesNotMatch: { status: 403, level: 'info' },
  // No error of the upload: the object is stored.
  CallbackFailed: { status: 203, level: 'info' },
  BucketAlreadyExists: { status: 409, level: CALLER },
  BucketNotEmpty: { status: 409, level: CALLER },
  FileAlreadyExists: { status: 409, level: CALLER },
  NoSuchBucket: { status: 404, level: CALLER },
  NoSuchCORSConfiguration: { status: 404, level: CALLER },
  NoSuchKey: { status: 404, level: CALLER },
  NoSuchStyle: { status: 404, level: CALLER },
  NoSuchUpload: { status: 404, level: CALLER },
  NotSymlink: { status: 400, level: CALLER },
  ObjectNotAppendable: { status: 409, level: CALLER },
  PositionNotEqualToLength: { status: 409, level: CALLER },
  PreconditionFailed: { status: 412, level: CALLER },
  SymlinkTargetNotExist: { status: 404, level: CALLER },
  InternalError: { status: 500, level: 'error' },
  NotImplemented: { status: 501, level: 'info' },
  ServiceUnavailable: { status: 503, level: 'warn' },
};

export interface ServiceErrorOptions {
  /** The finer id of the documentation, as in `0040-00000312`. */
  readonly ec?: string | undefined;
  /** Further elements of the error document, such as `Key` or `Condition`. */
  readonly details?: Readonly<Record<string, string>> | undefined;
  /** Further response headers, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly cause?: unknown;
}

const BRAND = Symbol.for('safelight.ServiceError');

export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: ServiceErrorCode;
  readonly ec: string | undefined;
  readonly details: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ServiceErrorCode, message: string, options: ServiceErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.ec = options.ec;
    this.details = options.details ?? {};
    this.headers = options.headers ?? {};
    Object.defineProperty(this, BRAND, { value: true });
  }

  get status(): number {
    return ERROR_TABLE[this.code].status;
  }
}

/** By brand: two copies of this package must still agree. */
export function isServiceError(value: unknown): value is ServiceError {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** Whether `code` is one of ours: other packages name OSS codes as plain strings. */
export function isServiceErrorCode(code: string): code is ServiceErrorCode {
  return Object.hasOwn(ERROR_TABLE, code);
}

/** An argument with a value that is not what it must be. Never pass a secret as `value`. */
export function invalidArgument(
  name: string,
  value: string,
  expected: string,
  ec?: string,
): ServiceError {
  const shown = value.slice(0, MAX_SHOWN_CHARS);
  return new ServiceError('InvalidArgument', `${name}: expected ${expected}, got '${shown}'.`, {
    ec,
    details: { ArgumentName: name, ArgumentValue: shown },
  });
}

/** Longest value that is given back to the caller, so that no answer grows with a hostile request. */
const MAX_SHOWN_CHARS = 256;

export function noSuchBucket(bucket: string): ServiceError {
  return new ServiceError('NoSuchBucket', 'The specified bucket does not exist.', {
    ec: '0015-00000101',
    details: { BucketName: bucket },
  });
}

/** @param ec the image service has an id of its own for a source that is missing */
export function noSuchKey(key: string, ec = '0026-00000001'): ServiceError {
  return new ServiceError('NoSuchKey', 'The specified key does not exist.', {
    ec,
    details: { Key: key },
  });
}

export function notImplemented(what: string): ServiceError {
  return new ServiceError('NotImplemented', `${what} is not implemented by this service.`);
}
