/**
 * Request ids: 24 upper-case hex digits, the length official clients check.
 * @module
 */

const BYTES = 12;

export function createRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}
