/**
 * Request ids: 24 upper-case hex digits, the length official clients check. Random bytes are drawn for
 * many ids at once, since each drawing costs more than the rest of a cached answer (15 µs, Node 20).
 * @module
 */

const BYTES = 12;
const IDS_AT_ONCE = 256;

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0').toUpperCase(),
);

const drawn = new Uint8Array(BYTES * IDS_AT_ONCE);
let next = drawn.length;

export function createRequestId(): string {
  if (next === drawn.length) {
    crypto.getRandomValues(drawn);
    next = 0;
  }
  let id = '';
  for (const end = next + BYTES; next < end; next++) id += HEX[drawn[next] as number];
  return id;
}
