/**
 * The one error of this package: a closed list of OSS codes, with the text and the fields the error
 * document may show. Nothing here holds a secret or an expected signature.
 * @module
 */

/** The OSS error codes a credential can be refused with. */
export type SigningErrorCode =
  | 'AccessDenied'
  | 'InvalidAccessKeyId'
  | 'InvalidArgument'
  | 'InvalidObjectName'
  | 'RequestTimeTooSkewed'
  | 'SignatureDoesNotMatch';

const STATUS = {
  AccessDenied: 403,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidObjectName: 400,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
} as const satisfies Record<SigningErrorCode, 400 | 403>;

/** What a {@link SigningError} is made from. */
export interface SigningErrorInit {
  readonly code: SigningErrorCode;
  readonly publicMessage: string;
  readonly ec?: string | undefined;
  readonly details?: Readonly<Record<string, string>> | undefined;
}

/** Why a request's credentials were refused, in the words OSS uses. */
export class SigningError extends Error {
  override readonly name = 'SigningError';
  readonly code: SigningErrorCode;
  /** The HTTP status that belongs to the code. */
  readonly status: 400 | 403;
  /** The service's finer error id, as in `0002-00000040`, where the manual names one. */
  readonly ec: string | undefined;
  /** What may be shown to anyone, as the error document's `Message`. */
  readonly publicMessage: string;
  /**
   * Further elements of the error document by name. Values may hold any characters, control
   * characters too: the caller escapes them.
   */
  readonly details: Readonly<Record<string, string>>;

  constructor(init: SigningErrorInit) {
    super(`${init.code}: ${init.publicMessage}`);
    this.code = init.code;
    this.status = STATUS[init.code];
    this.ec = init.ec;
    this.publicMessage = init.publicMessage;
    this.details = init.details ?? {};
  }
}

/** Whether `error` is a {@link SigningError}, also one of another copy of this package. */
export function isSigningError(error: unknown): error is SigningError {
  return error instanceof Error && error.name === 'SigningError' && 'publicMessage' in error;
}

/** A value shown in an error document is cut here, so that no answer grows with a hostile request. */
const SHOWN_CHARS = 256;

/** A field that is not what it must be. `got` is shown to the caller, so never pass a secret. */
export function invalidArgument(
  name: string,
  expected: string,
  got?: string,
  ec?: string,
): SigningError {
  const shown = got?.slice(0, SHOWN_CHARS);
  const tail = shown === undefined ? '' : `, got '${shown}'`;
  return new SigningError({
    code: 'InvalidArgument',
    publicMessage: `${name}: expected ${expected}${tail}.`,
    ec,
    details: {
      ArgumentName: name,
      ...(shown === undefined ? {} : { ArgumentValue: shown }),
    },
  });
}

/** A credential that is incomplete or out of its time. */
export function accessDenied(
  publicMessage: string,
  ec?: string,
  details?: Readonly<Record<string, string>>,
): SigningError {
  return new SigningError({ code: 'AccessDenied', publicMessage, ec, details });
}
