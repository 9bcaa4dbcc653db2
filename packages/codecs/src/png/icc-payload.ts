/**
 * The contents of an `iCCP` chunk: a name, a method byte and a zlib stream (PNG, 11.3.3.3). The
 * stream may be a bomb: whoever inflates it keeps to `MAX_PROFILE_BYTES`.
 * @module
 */

/** Real profiles have 0.5 KB to 3 MB; the largest are those of printing presses. */
export const MAX_PROFILE_BYTES: number = 4 * 1024 * 1024;
/** A header of 128 bytes and the number of its tags. */
const MIN_PROFILE_BYTES = 132;
/** PNG, 11.3.3.3: characters of the name. */
const MAX_NAME_BYTES = 79;

/** The compressed profile, or nothing when the contents are not made as they should be. */
export function profileStream(payload: Uint8Array): Uint8Array | undefined {
  const nameEnd = payload.indexOf(0);
  if (nameEnd < 1 || nameEnd > MAX_NAME_BYTES || payload[nameEnd + 1] !== 0) return undefined;
  return payload.subarray(nameEnd + 2);
}

/** What was inflated, unless it is too short to be a profile. */
export function profileIn(inflated: Uint8Array): Uint8Array | undefined {
  return inflated.length < MIN_PROFILE_BYTES ? undefined : inflated;
}
