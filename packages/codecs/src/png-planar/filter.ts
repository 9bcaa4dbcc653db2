/**
 * PNG's filters (PNG, 9.2) on one row of a plane, written as one channel of an interleaved row, and
 * the measure by which a row's filter is chosen.
 * @module
 *
 * All loops: sample x is `source[at + x]`, the one above it `prior[priorAt + x]`, its residual
 * `target[to + x * step]`. Left of the first sample and above the first row are zeros.
 */

/** Writes the residuals of `filter`, 0 to 4, for `width` samples. */
export function filterRow(
  filter: number,
  source: Uint8Array,
  at: number,
  prior: Uint8Array,
  priorAt: number,
  target: Uint8Array,
  to: number,
  step: number,
  width: number,
): void {
  switch (filter) {
    case 1:
      filterSub(source, at, target, to, step, width);
      return;
    case 2:
      filterUp(source, at, prior, priorAt, target, to, step, width);
      return;
    case 3:
      filterAverage(source, at, prior, priorAt, target, to, step, width);
      return;
    case 4:
      filterPaeth(source, at, prior, priorAt, target, to, step, width);
      return;
    default:
      filterNone(source, at, target, to, step, width);
  }
}

function filterNone(
  source: Uint8Array,
  at: number,
  target: Uint8Array,
  to: number,
  step: number,
  width: number,
): void {
  for (let x = 0; x < width; x++) {
    target[to] = source[at + x];
    to += step;
  }
}

function filterSub(
  source: Uint8Array,
  at: number,
  target: Uint8Array,
  to: number,
  step: number,
  width: number,
): void {
  let left = 0;
  for (let x = 0; x < width; x++) {
    const sample = source[at + x];
    target[to] = sample - left;
    left = sample;
    to += step;
  }
}

function filterUp(
  source: Uint8Array,
  at: number,
  prior: Uint8Array,
  priorAt: number,
  target: Uint8Array,
  to: number,
  step: number,
  width: number,
): void {
  for (let x = 0; x < width; x++) {
    target[to] = source[at + x] - prior[priorAt + x];
    to += step;
  }
}

function filterAverage(
  source: Uint8Array,
  at: number,
  prior: Uint8Array,
  priorAt: number,
  target: Uint8Array,
  to: number,
  step: number,
  width: number,
): void {
  let left = 0;
  for (let x = 0; x < width; x++) {
    const sample = source[at + x];
    target[to] = sample - ((left + prior[priorAt + x]) >> 1);
    left = sample;
    to += step;
  }
}

function filterPaeth(
  source: Uint8Array,
  at: number,
  prior: Uint8Array,
  priorAt: number,
  target: Uint8Array,
  to: number,
  step: number,
  width: number,
): void {
  let left = 0;
  let corner = 0;
  for (let x = 0; x < width; x++) {
    const sample = source[at + x];
    const above = prior[priorAt + x];
    target[to] = sample - predictPaeth(left, above, corner);
    left = sample;
    corner = above;
    to += step;
  }
}

/** As `unfilterPaeth` has it, with the proof. */
function predictPaeth(left: number, above: number, corner: number): number {
  const third = 3 * corner - left - above;
  const difference = left - above;
  const low = above + (difference & (difference >> 31));
  const high = left + above - low;
  const inner = low ^ ((low ^ corner) & ((third - high) >> 31));
  return high ^ ((high ^ inner) & ((low - third) >> 31));
}

/**
 * Adds to `sums[filter]` the absolute residuals, as signed bytes, of all five filters at every
 * `sampleStep`-th sample. At most 128 x 65,535 x 4 channels, so that 32 bits hold them.
 */
export function sumResiduals(
  source: Uint8Array,
  at: number,
  prior: Uint8Array,
  priorAt: number,
  width: number,
  sampleStep: number,
  sums: Int32Array,
): void {
  let none = 0;
  let sub = 0;
  let up = 0;
  let average = 0;
  let paeth = 0;
  for (let x = Math.min(1, width - 1); x < width; x += sampleStep) {
    const sample = source[at + x];
    const above = prior[priorAt + x];
    const left = x === 0 ? 0 : source[at + x - 1];
    const corner = x === 0 ? 0 : prior[priorAt + x - 1];
    none += magnitude(sample);
    sub += magnitude(sample - left);
    up += magnitude(sample - above);
    average += magnitude(sample - ((left + above) >> 1));
    paeth += magnitude(sample - predictPaeth(left, above, corner));
  }
  sums[0] += none;
  sums[1] += sub;
  sums[2] += up;
  sums[3] += average;
  sums[4] += paeth;
}

/** Of the lowest byte, taken as a signed one. */
function magnitude(value: number): number {
  return Math.abs((value << 24) >> 24);
}
