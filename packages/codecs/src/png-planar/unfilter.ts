/**
 * Undoing PNG's filters (PNG, 9.2). A loop sees one byte of every pixel, as if the others did not
 * exist, so the same five serve all pixel sizes, in place or from interleaved rows to a plane. The
 * prior row is read from where it was written; above the first row it is zeros.
 * @module
 *
 * All loops: sample x is `source[at + x * step]`, its prior `prior[priorAt + x * targetStep]` and its
 * result `target[to + x * targetStep]`. In place, source and target are one array at one place.
 */

/** Undoes `filter` for `count` samples of one row. False when there is no such filter. */
export function unfilterRow(
  filter: number,
  source: Uint8Array,
  at: number,
  step: number,
  prior: Uint8Array,
  priorAt: number,
  target: Uint8Array,
  to: number,
  targetStep: number,
  count: number,
): boolean {
  switch (filter) {
    case 0:
      unfilterNone(source, at, step, target, to, targetStep, count);
      return true;
    case 1:
      unfilterSub(source, at, step, target, to, targetStep, count);
      return true;
    case 2:
      unfilterUp(source, at, step, prior, priorAt, target, to, targetStep, count);
      return true;
    case 3:
      unfilterAverage(source, at, step, prior, priorAt, target, to, targetStep, count);
      return true;
    case 4:
      unfilterPaeth(source, at, step, prior, priorAt, target, to, targetStep, count);
      return true;
    default:
      return false;
  }
}

function unfilterNone(
  source: Uint8Array,
  at: number,
  step: number,
  target: Uint8Array,
  to: number,
  targetStep: number,
  count: number,
): void {
  for (let x = 0; x < count; x++) {
    target[to] = source[at];
    at += step;
    to += targetStep;
  }
}

function unfilterSub(
  source: Uint8Array,
  at: number,
  step: number,
  target: Uint8Array,
  to: number,
  targetStep: number,
  count: number,
): void {
  let left = 0;
  for (let x = 0; x < count; x++) {
    left = (left + source[at]) & 0xff;
    target[to] = left;
    at += step;
    to += targetStep;
  }
}

function unfilterUp(
  source: Uint8Array,
  at: number,
  step: number,
  prior: Uint8Array,
  priorAt: number,
  target: Uint8Array,
  to: number,
  targetStep: number,
  count: number,
): void {
  for (let x = 0; x < count; x++) {
    target[to] = source[at] + prior[priorAt];
    at += step;
    priorAt += targetStep;
    to += targetStep;
  }
}

function unfilterAverage(
  source: Uint8Array,
  at: number,
  step: number,
  prior: Uint8Array,
  priorAt: number,
  target: Uint8Array,
  to: number,
  targetStep: number,
  count: number,
): void {
  let left = 0;
  for (let x = 0; x < count; x++) {
    left = (source[at] + ((left + prior[priorAt]) >> 1)) & 0xff;
    target[to] = left;
    at += step;
    priorAt += targetStep;
    to += targetStep;
  }
}

/**
 * The predictor is the one of a (left), b (above), c (above left) that lies nearest to a + b - c, in
 * this order. With low and high for the lesser and greater of a and b, that is: high when
 * 3 c - a - b <= low, else low when 3 c - a - b >= high, else c. For the sum lies nearer to high than
 * to c exactly when c lies below the point a third of the way from low to high, and so on. By masks
 * of sign bits, since branches on noise cost 3 times as much (Node 20, x64).
 */
export function unfilterPaeth(
  source: Uint8Array,
  at: number,
  step: number,
  prior: Uint8Array,
  priorAt: number,
  target: Uint8Array,
  to: number,
  targetStep: number,
  count: number,
): void {
  let left = 0;
  let corner = 0;
  for (let x = 0; x < count; x++) {
    const above = prior[priorAt];
    const third = 3 * corner - left - above;
    const difference = left - above;
    const low = above + (difference & (difference >> 31));
    const high = left + above - low;
    const inner = low ^ ((low ^ corner) & ((third - high) >> 31));
    const predictor = high ^ ((high ^ inner) & ((low - third) >> 31));
    left = (source[at] + predictor) & 0xff;
    target[to] = left;
    corner = above;
    at += step;
    priorAt += targetStep;
    to += targetStep;
  }
}
