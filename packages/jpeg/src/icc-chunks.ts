/**
 * An ICC profile from its APP2 chunks (ICC.1, B.4). Chunks come in any order and are counted from 1;
 * a set that is not complete is no profile, and the picture is shown without one.
 * @module
 */

/** Smallest profile: a header of 128 bytes and the number of its tags. */
const MIN_PROFILE_BYTES = 132;
/** Their number is one byte, counted from 1. */
export const MAX_ICC_CHUNKS = 255;

/**
 * Joins chunks, each beginning with its number and the count of all. Nothing is returned when one is
 * missing, appears twice or contradicts another. Costs as many bytes as the chunks have.
 */
export function assembleIcc(chunks: readonly Uint8Array[]): Uint8Array | undefined {
  if (chunks.length === 0 || chunks.length > MAX_ICC_CHUNKS) return undefined;
  const ordered: (Uint8Array | undefined)[] = [];
  let byteLength = 0;
  for (const chunk of chunks) {
    if (chunk.length < 2) return undefined;
    const [number, count] = chunk;
    if (count !== chunks.length || number < 1 || number > count) return undefined;
    if (ordered[number] !== undefined) return undefined;
    ordered[number] = chunk.subarray(2);
    byteLength += chunk.length - 2;
  }
  if (byteLength < MIN_PROFILE_BYTES) return undefined;
  const profile = new Uint8Array(byteLength);
  let offset = 0;
  for (const chunk of ordered) {
    if (chunk === undefined) continue;
    profile.set(chunk, offset);
    offset += chunk.length;
  }
  return profile;
}
