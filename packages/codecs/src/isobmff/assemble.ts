/**
 * Planes from decoded tiles: each sample is copied once, to where crops, turns and mirrors of the
 * file put it. What the tiles are decoded by is given.
 * @module
 */

import type { CodecContext, ImageFormat, Raster } from '@safelight/core';
import { allocatePlanes } from '../planes.ts';
import { checkDecoderBytes } from '../refusal.ts';
import type { RgbaPicture } from '../wasm/interleaved.ts';
import { type HeifMeasure, metadataOfHeif } from './header.ts';
import type { HeifLayer, HeifPicture, HeifTile } from './picture.ts';
import type { Placement } from './placement.ts';

/** How the tiles of one format are decoded. */
export interface TileDecoder extends HeifMeasure {
  readonly format: ImageFormat;
  /** Goes on with the samples while they last; throws, or rejects with, `ImageError`. */
  decodeTile<Result>(tile: HeifTile, next: (rgba: RgbaPicture) => Result): Result | Promise<Result>;
}

/** Decodes tile by tile into planes of `context.arena`. */
export function assembleHeif(
  picture: HeifPicture,
  { format, model, decoderBytes, decodeTile }: TileDecoder,
  { arena, limits }: CodecContext,
): Raster | Promise<Raster> {
  checkDecoderBytes(format, decoderBytes, limits);
  const { placement, color, alpha } = picture;
  const { width, height } = placement;
  const shape = { width, height, model, hasAlpha: alpha !== undefined };
  const planes = allocatePlanes(shape, arena);
  const jobs: Job[] = jobsOf(color, planes.colors);
  if (alpha !== undefined && planes.alpha !== undefined)
    jobs.push(...jobsOf(alpha, [planes.alpha]));
  const finish = (): Raster => {
    if (picture.isPremultiplied && planes.alpha) divideByAlpha(planes.colors, planes.alpha);
    return planes.finish(metadataOfHeif(picture, model));
  };
  const run = (job: Job): void | Promise<void> =>
    decodeTile(job.tile, (rgba) => copyTile(job, rgba, placement));
  return runInTurn(jobs, run, finish);
}

interface Job {
  readonly tile: HeifTile;
  /** In the coded picture. */
  readonly left: number;
  readonly top: number;
  readonly targets: readonly Uint8Array[];
}

function jobsOf({ columns, tiles }: HeifLayer, targets: readonly Uint8Array[]): Job[] {
  return tiles.map((tile, index) => ({
    tile,
    left: (index % columns) * tile.width,
    top: Math.floor(index / columns) * tile.height,
    targets,
  }));
}

/** One after the other, so that one tile's memory is all it takes; at once while nothing waits. */
function runInTurn(
  jobs: readonly Job[],
  run: (job: Job) => void | Promise<void>,
  finish: () => Raster,
): Raster | Promise<Raster> {
  for (const [index, job] of jobs.entries()) {
    const pending = run(job);
    if (pending instanceof Promise) {
      return pending.then(() => runInTurn(jobs.slice(index + 1), run, finish));
    }
  }
  return finish();
}

/** What reaches over the picture, or was cut away, is left out. */
function copyTile({ left, top, targets }: Job, rgba: RgbaPicture, placement: Placement): void {
  const { kept, origin, acrossStep, downStep } = placement;
  const from = Math.max(left, kept.left);
  const to = Math.min(left + rgba.width, kept.left + kept.width);
  const bottom = Math.min(top + rgba.height, kept.top + kept.height);
  for (const [channel, target] of targets.entries()) {
    for (let y = Math.max(top, kept.top); y < bottom; y++) {
      let at = 4 * ((y - top) * rgba.width + (from - left)) + channel;
      let place = origin + from * acrossStep + y * downStep;
      for (let x = from; x < to; x++, at += 4, place += acrossStep) target[place] = rgba.data[at];
    }
  }
}

function divideByAlpha(colors: readonly Uint8Array[], alpha: Uint8Array): void {
  for (const color of colors) {
    for (let i = 0; i < color.length; i++) {
      if (alpha[i] > 0) color[i] = Math.min(255, Math.round((255 * color[i]) / alpha[i]));
    }
  }
}
