/**
 * ICC profiles in PNG: a name, a method byte and a zlib stream (PNG, 11.3.3.3). The stream may be a
 * bomb, so it is inflated up to a bound, and a profile that does not come out is no profile.
 * @module
 */

import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { MAX_PROFILE_BYTES, profileIn, profileStream } from './icc-payload.ts';

/** The profile in the contents of an `iCCP` chunk, or nothing. */
export function readProfile(payload: Uint8Array): Uint8Array | undefined {
  const stream = profileStream(payload);
  if (stream === undefined) return undefined;
  try {
    return profileIn(inflateSync(stream, { maxOutputLength: MAX_PROFILE_BYTES }));
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
