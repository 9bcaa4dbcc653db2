/**
 * The sections of a WebAssembly binary, for tests of the rules that modules over one memory keep.
 * @module
 */

/** Sections by number. */
export function sectionsOf(bytes: Uint8Array): Map<number, Uint8Array> {
  const sections = new Map<number, Uint8Array>();
  let at = 8;
  while (at < bytes.length) {
    const id = bytes[at++];
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      length |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    sections.set(id, bytes.subarray(at, at + length));
    at += length;
  }
  return sections;
}
