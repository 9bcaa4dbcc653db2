/**
 * The public door of `@safelight/signing`: OSS signatures, versions 1 and 4, made and verified. No
 * clock, no I/O, nothing of any one runtime.
 * @module
 */

export { headerValueToBytes, textToHeaderValue } from './byte-string.ts';
export {
  CREDENTIAL_PARAMETERS,
  findCredentialForm,
  type CredentialForm,
} from './credential-form.ts';
export { equalsInConstantTime } from './message-code.ts';
export { encodePath, encodeQueryText } from './percent-encoding.ts';
export { signPolicyV1, signPolicyV4, verifyPolicy, type VerifiedPolicy } from './post-policy.ts';
export {
  appendQuery,
  decodePath,
  findProcess,
  findSingleParameter,
  parseQuery,
  parseTarget,
  printTarget,
  type ParsedTarget,
  type QueryParameter,
} from './request-target.ts';
export {
  signV1Header,
  signV1Query,
  signV4Header,
  signV4Query,
  type SigningResult,
  type SignOptions,
  type SignQueryOptions,
  type SignV4Options,
} from './sign.ts';
export type { HeaderList, SignedRequest } from './signed-request.ts';
export {
  isSigningError,
  SigningError,
  type SigningErrorCode,
  type SigningErrorInit,
} from './signing-error.ts';
export { isSubresource, SUBRESOURCES } from './sub-resources.ts';
export { MAX_V4_EXPIRES_SEC, UNSIGNED_PAYLOAD, type EmptyValueForm } from './v4.ts';
export {
  MAX_SKEW_MS,
  verifySignature,
  type AccessKey,
  type AnonymousRequest,
  type FindKey,
  type VerifiedRequest,
  type VerifyOptions,
} from './verify.ts';
