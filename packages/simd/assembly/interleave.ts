/**
 * Between interleaved pixels of 2, 3 or 4 channels and planes; twins of core's `interleave.ts`.
 * @module
 *
 * `swizzle` picks a byte by index and gives 0 for an index of 16 or more, so the bytes of sixteen pixels
 * that lie in `channels` vectors are picked from each and combined.
 */

import { REST } from './memory-map';

/** Plane `channel` of interleaved `source`. */
export function deinterleave(
  source: usize,
  sourceStride: i32,
  channels: i32,
  channel: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  // Where the samples lie: channel + channels * i; beyond the first vector, 16 less for each.
  let first = i8x16.splat(<i8>channel);
  const lanes = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (let i = 0; i < channels; i++) first = i8x16.add(first, lanes);
  const sixteen = i8x16.splat(16);
  const second = i8x16.sub(first, sixteen);
  const third = i8x16.sub(second, sixteen);
  const fourth = i8x16.sub(third, sixteen);
  for (let y = 0; y < height; y++) {
    let at = source + y * sourceStride;
    const to = target + y * targetStride;
    let x = 0;
    for (; x + 16 <= width; x += 16) {
      let bytes = v128.or(
        i8x16.swizzle(v128.load(at), first),
        i8x16.swizzle(v128.load(at, 16), second),
      );
      if (channels > 2) bytes = v128.or(bytes, i8x16.swizzle(v128.load(at, 32), third));
      if (channels > 3) bytes = v128.or(bytes, i8x16.swizzle(v128.load(at, 48), fourth));
      v128.store(to + x, bytes);
      at += channels << 4;
    }
    for (; x < width; x++) {
      store<u8>(to + x, load<u8>(at + channel));
      at += channels;
    }
  }
}

/** Writes a plane as `channel` of interleaved `target`; the other channels stay. */
export function interleave(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  channels: i32,
  channel: i32,
  width: i32,
  height: i32,
): void {
  // Which sample each of the 16 * channels bytes takes; 255 where it stays.
  for (let i = 0; i < channels << 4; i++) {
    store<u8>(REST + i, i % channels === channel ? i / channels : 255);
  }
  const first = v128.load(REST);
  const second = v128.load(REST, 16);
  const third = v128.load(REST, 32);
  const fourth = v128.load(REST, 48);
  for (let y = 0; y < height; y++) {
    const from = source + y * sourceStride;
    let at = target + y * targetStride;
    let x = 0;
    for (; x + 16 <= width; x += 16) {
      const bytes = v128.load(from + x);
      Spread.into(at, bytes, first);
      Spread.into(at + 16, bytes, second);
      if (channels > 2) Spread.into(at + 32, bytes, third);
      if (channels > 3) Spread.into(at + 48, bytes, fourth);
      at += channels << 4;
    }
    for (; x < width; x++) {
      store<u8>(at + channel, load<u8>(from + x));
      at += channels;
    }
  }
}

abstract class Spread {
  /** Indices are 0 to 15 or, as a signed byte, -1: its sign tells which bytes stay. */
  @inline static into(at: usize, bytes: v128, indices: v128): void {
    const stays = i8x16.shr_s(indices, 7);
    v128.store(at, v128.or(v128.and(v128.load(at), stays), i8x16.swizzle(bytes, indices)));
  }
}
