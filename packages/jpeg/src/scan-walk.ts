/**
 * The order in which a scan visits its blocks (ITU-T T.81, A.2): a lone component row by row over
 * its own blocks, several of them MCU by MCU over the padded grid. Restarts count MCUs of the scan.
 * @module
 */
import type { Frame } from './coefficient-plane.ts';
import type { Scan } from './scan-plan.ts';
import type { BlockCoder } from './sequential-coder.ts';
import { RESTART } from './token.ts';
import type { TokenBuffer, TokenSink } from './token.ts';

/** What a walk needs beside the scan. */
export interface Walk {
  readonly frame: Frame;
  readonly coder: BlockCoder;
  /** Empty at the start; where `coder` puts its tokens. */
  readonly tokens: TokenBuffer;
  /** Takes the tokens whenever the buffer is full. */
  readonly sink: TokenSink;
  /** MCUs between restarts; 0 for none. */
  readonly restartInterval: number;
}

/**
 * Codes every block of a scan. The tail of the tokens stays in the buffer: all of them when the
 * answer is true, which spares the caller a second walk.
 */
export function walkScan(scan: Scan, walk: Walk): boolean {
  const whole =
    scan.components.length === 1
      ? walkComponent(scan.components[0], walk)
      : walkInterleaved(scan.components, walk);
  walk.coder.interrupt();
  return whole;
}

function walkComponent(component: number, walk: Walk): boolean {
  const { frame, coder, tokens, restartInterval } = walk;
  const plane = frame.components[component];
  let untilRestart = restartInterval;
  let whole = true;
  for (let y = 0; y < plane.blocksDown; y++) {
    for (let x = 0; x < plane.blocksAcross; x++) {
      if (restartInterval > 0 && untilRestart-- === 0) untilRestart = restart(walk);
      if (tokens.length >= tokens.limit) {
        tokens.drain(walk.sink);
        whole = false;
      }
      coder.codeBlock(plane, 0, y * plane.paddedAcross + x);
    }
  }
  return whole;
}

function walkInterleaved(components: readonly number[], walk: Walk): boolean {
  const { frame, coder, tokens, restartInterval } = walk;
  let untilRestart = restartInterval;
  let whole = true;
  for (let mcuY = 0; mcuY < frame.mcusDown; mcuY++) {
    for (let mcuX = 0; mcuX < frame.mcusAcross; mcuX++) {
      if (restartInterval > 0 && untilRestart-- === 0) untilRestart = restart(walk);
      for (let index = 0; index < components.length; index++) {
        const plane = frame.components[components[index]];
        const { horizontalSampling, verticalSampling, paddedAcross } = plane;
        for (let v = 0; v < verticalSampling; v++) {
          const row = (mcuY * verticalSampling + v) * paddedAcross + mcuX * horizontalSampling;
          for (let h = 0; h < horizontalSampling; h++) {
            if (tokens.length >= tokens.limit) {
              tokens.drain(walk.sink);
              whole = false;
            }
            coder.codeBlock(plane, index, row + h);
          }
        }
      }
    }
  }
  return whole;
}

/** Ends an interval and returns how many MCUs of the next one follow the one about to be coded. */
function restart({ coder, tokens, restartInterval }: Walk): number {
  coder.interrupt();
  tokens.values[tokens.length++] = RESTART;
  return restartInterval - 1;
}
