/**
 * What programs that are not ours tell of an animation: gifsicle of a GIF, webpmux of a WebP.
 * @module
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface AnimationFacts {
  readonly width: number;
  readonly height: number;
  /** How many times the frames are shown; 0 is without end. */
  readonly plays: number;
  readonly durationsMs: readonly number[];
}

/** By gifsicle's description: only what differs from the defaults stands in it. */
export function factsOfGif(gifsicle: string, bytes: Uint8Array): AnimationFacts {
  const text = execFileSync(gifsicle, ['--info'], {
    input: bytes,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const [, width, height] = /logical screen (\d+)x(\d+)/.exec(text) ?? [];
  const repetitions = /loop count (\d+)/.exec(text)?.[1];
  const isEndless = text.includes('loop forever');
  const images = text.split(/^ {2}\+ image #/m).slice(1);
  return {
    width: Number(width),
    height: Number(height),
    plays: isEndless ? 0 : Number(repetitions ?? 0) + 1,
    durationsMs: images.map((image) =>
      Math.round(1000 * Number(/delay ([\d.]+)s/.exec(image)?.[1] ?? 0)),
    ),
  };
}

/** By webpmux's table of frames; it reads files alone. */
export function factsOfWebp(webpmux: string, bytes: Uint8Array): AnimationFacts {
  const folder = mkdtempSync(join(tmpdir(), 'safelight-webp-'));
  try {
    const path = join(folder, 'animation.webp');
    writeFileSync(path, bytes);
    const text = execFileSync(webpmux, ['-info', path], { encoding: 'utf8' });
    const [, width, height] = /Canvas size: (\d+) x (\d+)/.exec(text) ?? [];
    const rows = text.split('\n').filter((line) => /^ *\d+: /.test(line));
    return {
      width: Number(width),
      height: Number(height),
      plays: Number(/Loop Count : (\d+)/.exec(text)?.[1]),
      durationsMs: rows.map((row) => Number(row.trim().split(/ +/)[6])),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
