/**
 * From the bytes of a row to samples: depths of 1 to 16 bits, byte orders, bit orders, and the
 * differences that a predictor left. Depths that are not whole bytes are packed from the high end,
 * whatever the byte order of the file.
 * @module
 */

/** Reads `target.length` samples of `bits` from `data` at `at`. */
export function readSamples(
  data: Uint8Array,
  at: number,
  bits: number,
  isLittleEndian: boolean,
  target: Uint16Array,
): void {
  const count = target.length;
  if (bits === 8) {
    for (let i = 0; i < count; i++) target[i] = data[at + i];
    return;
  }
  if (bits === 16) {
    const low = isLittleEndian ? at : at + 1;
    const high = isLittleEndian ? at + 1 : at;
    for (let i = 0, j = 0; i < count; i++, j += 2)
      target[i] = data[low + j] | (data[high + j] << 8);
    return;
  }
  const mask = (1 << bits) - 1;
  let held = 0;
  let buffer = 0;
  let from = at;
  for (let i = 0; i < count; i++) {
    // At most 15 + 8 bits count; older ones are shifted out.
    for (; held < bits; held += 8) buffer = (buffer << 8) | data[from++];
    held -= bits;
    target[i] = (buffer >>> held) & mask;
  }
}

/** Undoes horizontal differencing (TIFF 6.0, section 14) of `target`, `step` samples a pixel. */
export function sumDifferences(target: Uint16Array, step: number, bits: number): void {
  const mask = 2 ** bits - 1;
  for (let i = step; i < target.length; i++) target[i] = (target[i] + target[i - step]) & mask;
}

/** 8-bit levels of all samples of `bits`: `round(v * 255 / most)`, or from white down. */
export function levelsOf(bits: number, isInverted: boolean): Uint8Array {
  const most = 2 ** bits - 1;
  return Uint8Array.from({ length: most + 1 }, (_, value) => {
    const level = Math.round((value * 255) / most);
    return isInverted ? 255 - level : level;
  });
}

/** The same bytes, the bits of each in the other order. */
export function reverseBits(data: Uint8Array): Uint8Array {
  const reversed = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    let value = data[i];
    value = ((value & 0x55) << 1) | ((value >> 1) & 0x55);
    value = ((value & 0x33) << 2) | ((value >> 2) & 0x33);
    reversed[i] = ((value & 0x0f) << 4) | (value >> 4);
  }
  return reversed;
}
