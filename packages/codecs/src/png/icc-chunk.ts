/**
 * ICC profiles in PNG: a name, a method byte and a zlib stream (PNG, 11.3.3.3). The stream may be a
 * bomb, so it is inflated up to a bound, and a profile that does not come out is no profile.
 * @module
 */

import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Real profiles have 0.5 KB to 3 MB; the largest are those of printing presses. */
const MAX_PROFILE_BYTES = 4 * 1024 * 1024;
/** A header of 128 bytes and the number of its tags. */
const MIN_PROFILE_BYTES = 132;
/** PNG, 11.3.3.3: characters of the name. */
const MAX_NAME_BYTES = 79;

/** The profile in the contents of an `iCCP` chunk, or nothing. */
export function readProfile(payload: Uint8Array): Uint8Array | undefined {
  const nameEnd = payload.indexOf(0);
  if (nameEnd < 1 || nameEnd > MAX_NAME_BYTES || payload[nameEnd + 1] !== 0) return undefined;
  try {
    const profile = inflateSync(payload.subarray(nameEnd + 2), {
      maxOutputLength: MAX_PROFILE_BYTES,
    });
    return profile.length < MIN_PROFILE_BYTES ? undefined : profile;
  } catch {
    // Damaged or too large: the picture is shown without it.
    return undefined;
  }
}

/** A whole `iCCP` chunk, to stand right behind IHDR. */
export function profileChunk(icc: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from('iCCPICC profile\0\0', 'latin1'), deflateSync(icc)]);
  const frame = Buffer.alloc(8);
  // The length does not count the type.
  frame.writeUInt32BE(body.length - 4, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
