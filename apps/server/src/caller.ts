/**
 * Who asks. In this single-tenant service a valid signature is the owner and may do everything; all
 * others are anonymous.
 * @module
 */

export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'owner'; readonly accessKeyId: string };

export const ANONYMOUS: Caller = { kind: 'anonymous' };
