/**
 * What the decoder is asked for: the rows and columns of a leading crop, and the smallest scale whose
 * picture still has enough samples for the first resampling. Asking for too little cannot be undone.
 * @module
 */

import type { DecodeRequest, ImageHeader } from './codec.ts';
import type { OutputTraits } from './operation.ts';
import type { Size } from './shape.ts';
import type { PlacedOperation } from './simplify.ts';
import { turnSize } from './symmetry.ts';

/** All samples. */
const WHOLE = 8;

/**
 * How much larger than the target the decoded luma must be, at least: a float64 Lanczos of the whole
 * picture is then met at 48 dB or more, where 45 is the gate. Luma dB before encoding, by what the
 * scale leaves to be resampled; the hardest of the photographs tried (16 MP, quality 5) and an easy
 * one (10 MP, quality 93), measured by `benchmarks/src/frontier.ts`:
 *
 * | left | 1/8 | 2/8 | 3/8 | 4/8 | 8/8 |
 * | --- | --- | --- | --- | --- | --- |
 * | 0.96-1.33 | 36.0, 37.8 | 34.4, 46.1 | -, 46.1 | - | - |
 * | 1.45-1.6 | -, 45.2 | 44.2, - | 45.1, - | -, 53.6 | - |
 * | 1.8-2.0 | 43.5, - | -, 52.3 | -, 54.5 | 50.1, - | - |
 * | 2.3-2.9 | 49.5, 51.7 | 49.5, - | 51.1, 55.5 | -, 55.5 | - |
 * | 3.2-3.9 | - | 52.5, 55.4 | 52.9, - | 53.2, 55.9 | 56.0, 56.3 |
 * | 4.6 and more | 53.1, 55.5 | 53.4, 56.2 | 54.0, 56.0 | 54.6, 56.2 | 56.1, 56.4 |
 */
const MIN_LUMA_REDUCTION = 1.85;
/** At 1/8 a sample is a plain mean of 64, which blurs more than the other scales do. */
const MIN_MEAN_REDUCTION = 2.3;

type Source = Pick<ImageHeader, 'width' | 'height' | 'model' | 'hasAlpha' | 'sampling'>;

/** @param isConverted whether colours may change before anything else, which wants planes */
export function chooseRequest(
  operations: readonly PlacedOperation[],
  header: Source,
  output: OutputTraits,
  isConverted = false,
): DecodeRequest {
  const move = operations[0]?.operation.move;
  const scale = chooseScale(operations, header);
  const isReduced = !isConverted && beginsByReducing(operations, header, output);
  return {
    ...(move?.kind === 'view' && { region: move.rectangle }),
    ...(scale !== WHOLE && { scale }),
    ...(isReduced && header.model === 'rgb' && { interleaved: true }),
    ...(isReduced && { rows: true }),
  };
}

/** Whether the first thing that needs samples is a reduction of rows; crops are views. */
function beginsByReducing(
  operations: readonly PlacedOperation[],
  { model, hasAlpha, height }: Pick<ImageHeader, 'height' | 'model' | 'hasAlpha'>,
  output: OutputTraits,
): boolean {
  // Inks become light, and alpha that the output does not keep is mixed in, before anything else.
  if (model === 'cmyk' || (hasAlpha && !output.alpha)) return false;
  let rows = height;
  for (const { operation } of operations) {
    const { move } = operation;
    if (move?.kind === 'resample') return move.scaled.height < rows;
    if (move?.kind !== 'view') return false;
    rows = move.rectangle.height;
  }
  return false;
}

/**
 * Crops and turns only move samples, so the reduction that counts may come behind them. Chroma of
 * 4:2:0 that becomes full again is left at half of the luma's: 0.93 or more, an enlargement nobody sees.
 */
function chooseScale(operations: readonly PlacedOperation[], header: Source): number {
  let size: Size = header;
  const pitch = lumaPitch(header);
  for (const { operation } of operations) {
    const { move } = operation;
    if (move?.kind === 'turn') size = turnSize(size, move.symmetry);
    else if (move?.kind === 'view') size = move.rectangle;
    else if (move?.kind === 'resample') {
      const { scaled } = move;
      const reduction = Math.min(size.width / scaled.width, size.height / scaled.height);
      return smallestScale(reduction / pitch);
    } else return WHOLE;
  }
  return WHOLE;
}

/** Pixels that a sample of luma covers: more than one in files that subsample luma, not chroma. */
function lumaPitch({ sampling = [] }: Source): number {
  const [luma] = sampling;
  if (luma === undefined) return 1;
  const across = Math.max(...sampling.map(({ horizontal }) => horizontal)) / luma.horizontal;
  const down = Math.max(...sampling.map(({ vertical }) => vertical)) / luma.vertical;
  return Math.max(across, down);
}

function smallestScale(reduction: number): number {
  const least = Math.ceil((WHOLE * MIN_LUMA_REDUCTION) / reduction);
  if (least > 1) return Math.min(WHOLE, least);
  return reduction / WHOLE < MIN_MEAN_REDUCTION ? 2 : 1;
}
