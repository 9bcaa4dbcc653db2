/**
 * Blocks to tokens for progressive scans (ITU-T T.81, G.1.2): first and refining scans of DC and of
 * AC. Negative values are shifted differently in the two: DC like any integer, AC by magnitude.
 * @module
 */
import type { CoefficientPlane } from './coefficient-plane.ts';
import type { BlockCoder } from './sequential-coder.ts';
import { dcToken } from './sequential-coder.ts';
import type { Scan } from './scan-plan.ts';
import { AC_TABLES, COUNT_SHIFT, DC_TABLES, MAX_EXTRA_BITS, RAW, SYMBOL_SHIFT } from './token.ts';
import type { TokenBuffer } from './token.ts';

/** The coder that a progressive scan needs. */
export function createProgressiveCoder(scan: Scan, tokens: TokenBuffer): BlockCoder {
  const refines = scan.approximationHigh > 0;
  if (scan.spectralStart === 0) {
    return refines ? new DcRefiningCoder(scan, tokens) : new DcFirstCoder(scan, tokens);
  }
  return refines ? new AcRefiningCoder(scan, tokens) : new AcFirstCoder(scan, tokens);
}

/** DC differences of the upper bits. */
class DcFirstCoder implements BlockCoder {
  readonly #tokens: TokenBuffer;
  readonly #shift: number;
  readonly #lastDc = new Int32Array(4);

  constructor(scan: Scan, tokens: TokenBuffer) {
    this.#tokens = tokens;
    this.#shift = scan.approximationLow;
  }

  codeBlock(plane: CoefficientPlane, component: number, block: number): void {
    const buffer = this.#tokens;
    const dc = plane.coefficients[64 * block] >> this.#shift;
    const difference = dc - this.#lastDc[component];
    buffer.values[buffer.length++] = dcToken(DC_TABLES[plane.tableIndex], difference);
    this.#lastDc[component] = dc;
  }

  interrupt(): void {
    this.#lastDc.fill(0);
  }
}

/** One further bit of each DC value, as it is in two's complement. */
class DcRefiningCoder implements BlockCoder {
  readonly #tokens: TokenBuffer;
  readonly #shift: number;

  constructor(scan: Scan, tokens: TokenBuffer) {
    this.#tokens = tokens;
    this.#shift = scan.approximationLow;
  }

  codeBlock(plane: CoefficientPlane, _component: number, block: number): void {
    const buffer = this.#tokens;
    const bit = (plane.coefficients[64 * block] >> this.#shift) & 1;
    buffer.values[buffer.length++] = RAW | (1 << COUNT_SHIFT) | bit;
  }

  /** Nothing is held back and nothing predicted. */
  interrupt(): void {}
}

/** The longest run of blocks without further values that one symbol can say (G.1.2.2). */
const MAX_BAND_RUN = 0x7fff;
const ZERO_RUN = 0xf0 << SYMBOL_SHIFT;

/** The upper bits of a band of AC values of one component. */
class AcFirstCoder implements BlockCoder {
  readonly #tokens: TokenBuffer;
  readonly #shift: number;
  readonly #first: number;
  readonly #last: number;
  readonly #lowBand: number;
  readonly #highBand: number;
  #table = 0;
  /** Blocks that ended since the last symbol. */
  #bandRun = 0;

  constructor(scan: Scan, tokens: TokenBuffer) {
    this.#tokens = tokens;
    this.#shift = scan.approximationLow;
    this.#first = scan.spectralStart;
    this.#last = scan.spectralEnd;
    this.#lowBand = bandMask(scan, 0);
    this.#highBand = bandMask(scan, 32);
  }

  codeBlock(plane: CoefficientPlane, _component: number, block: number): void {
    const { coefficients, masks } = plane;
    const buffer = this.#tokens;
    const tokens = buffer.values;
    const table = AC_TABLES[plane.tableIndex];
    this.#table = table;
    let mask = masks[2 * block] & this.#lowBand;
    let previous = this.#first - 1;
    for (let first = 0; first < 64; first += 32) {
      while (mask !== 0) {
        const bit = Math.clz32(mask);
        mask &= 0x7fffffff >>> bit;
        const value = coefficients[64 * block + first + bit];
        const magnitude = (value < 0 ? -value : value) >> this.#shift;
        if (magnitude === 0) continue;
        if (this.#bandRun > 0) this.interrupt();
        let run = first + bit - previous - 1;
        previous = first + bit;
        while (run > 15) {
          tokens[buffer.length++] = table | ZERO_RUN;
          run -= 16;
        }
        const size = 32 - Math.clz32(magnitude);
        const bits = value < 0 ? (1 << size) - 1 - magnitude : magnitude;
        const symbol = (run << 4) | size;
        tokens[buffer.length++] = table | (symbol << SYMBOL_SHIFT) | (size << COUNT_SHIFT) | bits;
      }
      mask = masks[2 * block + 1] & this.#highBand;
    }
    if (previous < this.#last && ++this.#bandRun === MAX_BAND_RUN) this.interrupt();
  }

  interrupt(): void {
    pushBandRun(this.#tokens, this.#table, this.#bandRun);
    this.#bandRun = 0;
  }
}

/** Correction bits held back before they force an end-of-band symbol; libjpeg's number, for its bytes. */
const MAX_CORRECTION_BITS = 1000;

/**
 * One further bit of a band. Values that were zero so far and become +-1 are coded like new ones;
 * those already known send a correction bit, which must wait for the symbol that passes over them.
 */
class AcRefiningCoder implements BlockCoder {
  readonly #tokens: TokenBuffer;
  readonly #shift: number;
  readonly #first: number;
  readonly #last: number;
  readonly #lowBand: number;
  readonly #highBand: number;
  #table = 0;
  #bandRun = 0;
  /** Corrections of the blocks in the band run, followed by those of the block at hand. */
  readonly #corrections = new Uint8Array(MAX_CORRECTION_BITS + 64);
  #runCorrections = 0;

  constructor(scan: Scan, tokens: TokenBuffer) {
    this.#tokens = tokens;
    this.#shift = scan.approximationLow;
    this.#first = scan.spectralStart;
    this.#last = scan.spectralEnd;
    this.#lowBand = bandMask(scan, 0);
    this.#highBand = bandMask(scan, 32);
  }

  codeBlock(plane: CoefficientPlane, _component: number, block: number): void {
    const { coefficients, masks } = plane;
    const buffer = this.#tokens;
    const table = AC_TABLES[plane.tableIndex];
    this.#table = table;
    const lastNew = this.#lastNewValue(plane, block);
    let mask = masks[2 * block] & this.#lowBand;
    let run = 0;
    let previous = this.#first - 1;
    // Corrections since the last symbol lie in #corrections[from..to).
    let from = this.#runCorrections;
    let to = from;
    for (let first = 0; first < 64; first += 32) {
      while (mask !== 0) {
        const bit = Math.clz32(mask);
        mask &= 0x7fffffff >>> bit;
        const k = first + bit;
        const value = coefficients[64 * block + k];
        const magnitude = (value < 0 ? -value : value) >> this.#shift;
        if (magnitude === 0) continue;
        run += k - previous - 1;
        previous = k;
        // Beyond the last new value the end-of-band symbol says it all, so no run is spelled out.
        if (k <= lastNew) {
          while (run > 15) {
            this.interrupt();
            buffer.values[buffer.length++] = table | ZERO_RUN;
            run -= 16;
            pushCorrections(buffer, this.#corrections, from, to);
            from = to = 0;
          }
        }
        if (magnitude > 1) {
          this.#corrections[to++] = magnitude & 1;
          continue;
        }
        this.interrupt();
        const sign = value < 0 ? 0 : 1;
        const symbol = (run << 4) | 1;
        buffer.values[buffer.length++] =
          table | (symbol << SYMBOL_SHIFT) | (1 << COUNT_SHIFT) | sign;
        pushCorrections(buffer, this.#corrections, from, to);
        from = to = 0;
        run = 0;
      }
      mask = masks[2 * block + 1] & this.#highBand;
    }
    this.#endBlock(run + this.#last - previous, to);
  }

  interrupt(): void {
    pushBandRun(this.#tokens, this.#table, this.#bandRun);
    pushCorrections(this.#tokens, this.#corrections, 0, this.#runCorrections);
    this.#bandRun = 0;
    this.#runCorrections = 0;
  }

  /** Adds the block to the band run when zeros or corrections are left over. */
  #endBlock(run: number, corrections: number): void {
    if (run === 0 && corrections === this.#runCorrections) return;
    this.#bandRun++;
    this.#runCorrections = corrections;
    // Room for another block's corrections must remain.
    if (this.#bandRun === MAX_BAND_RUN || corrections > MAX_CORRECTION_BITS - 63) this.interrupt();
  }

  /** The last place of the band whose value becomes +-1 in this scan; 0 when there is none. */
  #lastNewValue({ coefficients, masks }: CoefficientPlane, block: number): number {
    let last = 0;
    let mask = masks[2 * block] & this.#lowBand;
    for (let first = 0; first < 64; first += 32) {
      while (mask !== 0) {
        const bit = Math.clz32(mask);
        mask &= 0x7fffffff >>> bit;
        const value = coefficients[64 * block + first + bit];
        if ((value < 0 ? -value : value) >> this.#shift === 1) last = first + bit;
      }
      mask = masks[2 * block + 1] & this.#highBand;
    }
    return last;
  }
}

/** The bits of a mask word (32 places from `first` on) that lie in a scan's band. */
function bandMask(scan: Scan, first: number): number {
  let mask = 0;
  for (let k = first; k < first + 32; k++) {
    if (k >= scan.spectralStart && k <= scan.spectralEnd) mask |= (1 << 31) >>> (k - first);
  }
  return mask;
}

/** Says that the band of `run` blocks ended; the symbol has the run's bit length, the bits follow. */
function pushBandRun(buffer: TokenBuffer, table: number, run: number): void {
  if (run === 0) return;
  const size = 31 - Math.clz32(run);
  const bits = run - (1 << size);
  buffer.values[buffer.length++] =
    table | (size << (SYMBOL_SHIFT + 4)) | (size << COUNT_SHIFT) | bits;
}

/** Writes the correction bits from..to - 1 without a code, as many a token as it can carry. */
function pushCorrections(
  buffer: TokenBuffer,
  corrections: Uint8Array,
  from: number,
  to: number,
): void {
  for (let at = from; at < to; at += MAX_EXTRA_BITS) {
    const end = Math.min(at + MAX_EXTRA_BITS, to);
    let bits = 0;
    for (let i = at; i < end; i++) bits = (bits << 1) | corrections[i];
    buffer.values[buffer.length++] = RAW | ((end - at) << COUNT_SHIFT) | bits;
  }
}
