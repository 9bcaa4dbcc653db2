/**
 * Who asks. In this single-tenant service a valid signature is the owner and may do everything; all
 * others are anonymous.
 * @module
 */

export type Caller =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'owner';
      readonly accessKeyId: string;
      /** Where the signature came: a signed URL can be passed on, a header cannot. */
      readonly via: 'header' | 'query' | 'form';
    };

export const ANONYMOUS: Caller = { kind: 'anonymous' };
