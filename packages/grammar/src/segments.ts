/**
 * Cutting a text at a separator while keeping where each piece stood. Every function here looks at
 * each character once; `Meter` counts those looks, so that a test can prove it without a clock.
 * @module
 */

/** Characters looked at so far. A test reads it; nothing else does. */
export interface Meter {
  steps: number;
}

export interface Segment {
  readonly text: string;
  /** Offset of the first character in the whole text, in UTF-16 units. */
  readonly at: number;
}

/** The pieces of `text` between separators; empty pieces are skipped, as `a//b` and `a,b,` want it. */
export function splitSegments(
  text: string,
  at: number,
  separator: string,
  meter: Meter,
): readonly Segment[] {
  meter.steps += text.length;
  const segments: Segment[] = [];
  let start = 0;
  for (const piece of text.split(separator)) {
    if (piece !== '') segments.push({ text: piece, at: at + start });
    start += piece.length + separator.length;
  }
  return segments;
}

export interface SplitPair {
  readonly head: string;
  /** Absent when there was no separator; may be empty. */
  readonly tail: string | undefined;
  /** Offset of the tail in the whole text. */
  readonly tailAt: number;
}

/** Cuts at the first separator only: what follows may hold it again, as base64 holds `_`. */
export function splitOnce(segment: Segment, separator: string, meter: Meter): SplitPair {
  const cut = segment.text.indexOf(separator);
  meter.steps += cut < 0 ? segment.text.length : cut + 1;
  if (cut < 0) {
    return { head: segment.text, tail: undefined, tailAt: segment.at + segment.text.length };
  }
  return {
    head: segment.text.slice(0, cut),
    tail: segment.text.slice(cut + 1),
    tailAt: segment.at + cut + 1,
  };
}

/**
 * Offset of the first character that has no place in a chain text, or -1: control characters, lone
 * surrogates, the two non-characters that XML cannot hold, and whatever `isForbidden` adds.
 */
export function findForbidden(text: string, forbidden: string, meter: Meter): number {
  meter.steps += text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0) || unit >= 0xfffe) return at;
    if (unit < 0x7f && forbidden.includes(text[at] ?? '')) return at;
    if (unit >= 0xd800 && unit <= 0xdfff) {
      const next = text.charCodeAt(at + 1);
      if (unit >= 0xdc00 || !(next >= 0xdc00 && next <= 0xdfff)) return at;
      at++;
    }
  }
  return -1;
}
