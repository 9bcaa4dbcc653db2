/**
 * A small codec for animations: raw rasters one behind another, each with its time. Its reader and
 * writer fail loudly when a frame's planes are used after their time.
 * @module
 */

import { createRawCodec, decodeRaw, encodeRaw } from '@safelight/testkit';
import type { Codec, Frame, ImageFormat } from '../src/codec.ts';
import type { Plane, Raster } from '../src/raster.ts';

export interface Film {
  readonly plays: number;
  readonly frames: readonly Frame[];
}

interface FilmFile {
  readonly plays: number;
  readonly hasAlpha: boolean;
  readonly frames: readonly { readonly durationMs: number; readonly raw: readonly number[] }[];
}

/** Bytes that the reader, and the writer, say they take. */
export const FILM_READER_BYTES = 1_000;
export const FILM_WRITER_BYTES = 3_000;

/** A file of `format`; `told` frames are in its header. */
export function encodeFilm(
  film: Film,
  format: ImageFormat,
  told: number = film.frames.length,
): Uint8Array {
  const file: FilmFile & { readonly told: number } = {
    plays: film.plays,
    told,
    hasAlpha: film.frames.some(({ raster }) => raster.alpha !== undefined),
    frames: film.frames.map(({ raster, durationMs }) => ({
      durationMs,
      raw: [...encodeRaw(raster, format)],
    })),
  };
  return new TextEncoder().encode(`film ${format}\n${JSON.stringify(file)}`);
}

export function decodeFilm(bytes: Uint8Array): Film {
  const text = new TextDecoder().decode(bytes);
  const file = JSON.parse(text.slice(text.indexOf('\n'))) as FilmFile;
  return {
    plays: file.plays,
    frames: file.frames.map(({ durationMs, raw }) => ({
      durationMs,
      raster: decodeRaw(Uint8Array.from(raw)),
    })),
  };
}

/** Reads and writes films posing as `format`, whose stills are raw; frames have one sample a pixel. */
export function createFilmCodec(format: ImageFormat): Codec {
  const stills = createRawCodec({ format });
  return {
    ...stills,
    sniff: (head) => new TextDecoder().decode(head).startsWith(`film ${format}\n`),
    readHeader(bytes, limits) {
      const film = decodeFilm(bytes);
      const { told } = JSON.parse(new TextDecoder().decode(bytes).split('\n')[1]);
      const [first] = film.frames;
      const model = first.raster.model;
      const header = stills.readHeader(encodeRaw(first.raster, format), limits);
      const hasAlpha = film.frames.some(({ raster }) => raster.alpha !== undefined);
      const animation = { plays: film.plays, model, hasAlpha, decoderBytes: FILM_READER_BYTES };
      return { ...header, frames: told, ...(told > 1 && { animation }) };
    },
    decode(bytes, header, request, context) {
      const [first] = decodeFilm(bytes).frames;
      return stills.decode!(encodeRaw(first.raster, format), header, request, context);
    },
    *readFrames(bytes, _header, { arena }) {
      for (const { raster, durationMs } of decodeFilm(bytes).frames) {
        if (arena.usedBytes > 0) throw new Error('the arena was not cleared');
        yield { raster: mapPlanes(raster, (plane) => inArena(plane, arena)), durationMs };
      }
    },
    planFrames: ({ width, height }) => ({
      scratchBytes: 16 * Math.ceil((width * height) / 16),
      heapBytes: FILM_WRITER_BYTES,
    }),
    createFrameWriter({ plays }, _settings, { arena }) {
      const frames: Frame[] = [];
      return {
        addFrame({ raster, durationMs }) {
          const mark = arena.mark();
          arena.allocate(raster.width * raster.height).fill(0xee);
          arena.release(mark);
          const copy = (plane: Plane): Plane => ({ ...plane, data: plane.data.slice() });
          frames.push({ raster: mapPlanes(raster, copy), durationMs });
        },
        finish: () => encodeFilm({ plays, frames }, format),
      };
    },
  };
}

function inArena(plane: Plane, arena: { allocate(bytes: number): Uint8Array }): Plane {
  const data = arena.allocate(plane.data.length);
  data.set(plane.data);
  return { ...plane, data };
}

function mapPlanes(raster: Raster, map: (plane: Plane) => Plane): Raster {
  const { alpha } = raster;
  return { ...raster, planes: raster.planes.map(map), ...(alpha && { alpha: map(alpha) }) };
}
