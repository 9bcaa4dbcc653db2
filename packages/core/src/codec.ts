/**
 * The interface every image format implements. A codec delivers stored pixels plus metadata:
 * orientation and colour profiles are the engine's business, never a decoder's.
 * @module
 */

import type { Arena } from './arena.ts';
import type { Calibration } from './color/calibration.ts';
import type { Kernels } from './kernels/kernels.ts';
import type { Budget, Limits } from './limits.ts';
import type { ColorModel, Density, Orientation, Plane, Raster, Rectangle } from './raster.ts';
import type { RowsShape } from './row-source.ts';
import type { RasterShape } from './shape.ts';

/** Formats of the language; which of them can be read or written depends on the codecs given. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'bmp' | 'gif' | 'tiff' | 'heic' | 'avif';

export const MEDIA_TYPES: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  bmp: 'image/bmp',
  gif: 'image/gif',
  tiff: 'image/tiff',
  heic: 'image/heic',
  avif: 'image/avif',
};

/** Horizontal and vertical sampling factor of one component, 1 to 4, as JPEG counts them. */
export interface Sampling {
  readonly horizontal: number;
  readonly vertical: number;
}

/** What a header tells of an animation. Its members take the place of the header's for frames. */
export interface AnimationHeader {
  /** How many times the frames are shown; 0 is without end. */
  readonly plays: number;
  /** Model of the frames that `readFrames` delivers, one sample a pixel. */
  readonly model: ColorModel;
  /** Whether any frame may have a transparent pixel; `ImageHeader.hasAlpha` is about the first. */
  readonly hasAlpha: boolean;
  /** Bytes that `readFrames` takes at its peak, beside one frame's planes: the canvas among them. */
  readonly decoderBytes: number;
}

/** What the first bytes of a picture tell without decoding it. */
export interface ImageHeader {
  readonly format: ImageFormat;
  /** As stored, in pixels, before orientation. */
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Present when there is more than one frame and the codec has `readFrames`. */
  readonly animation?: AnimationHeader;
  /** Model of the planes that `decode` delivers. */
  readonly model: ColorModel;
  readonly hasAlpha: boolean;
  /** Bits a sample has in the file. */
  readonly bitDepth: number;
  readonly orientation: Orientation;
  /** Of each plane, when the format subsamples; absent means one sample a pixel. */
  readonly sampling?: readonly Sampling[];
  readonly progressive?: boolean;
  readonly scans?: number;
  /** Estimated from the quantisation tables, 1 to 100. JPEG only. */
  readonly qualityPercent?: number;
  readonly density?: Density;
  readonly hasIcc: boolean;
  /**
   * The profile of YCbCr planes, which must leave their sampling when it is not sRGB's: a plan counts
   * that. Others may give it with the pixels alone.
   */
  readonly icc?: Uint8Array;
  /** What the file says of its colours where it has no profile and planes may be RGB. */
  readonly calibration?: Calibration;
  /** EXIF members as text, in the spelling of EXIF 2.31 tag names. */
  readonly exif?: Readonly<Record<string, string>>;
  /** Bytes that the decoder itself takes at its peak, beside the planes it delivers. */
  readonly decoderBytes: number;
}

/**
 * What a plan wants of a decoder. A codec may ignore all of it. The raster keeps the header's size either
 * way: fewer samples, or samples of a part, are told by the planes' extents.
 */
export interface DecodeRequest {
  /** Samples at `scale` / 8 of the size, 1 to 8. @default 8 */
  readonly scale?: number;
  /** The part that is needed, in stored pixels. */
  readonly region?: Rectangle;
  /**
   * Interleaved pixels will do: red, green, blue and perhaps alpha, 3 or 4 bytes a pixel. They save
   * taking rows apart that the first resampling drops. @default false
   */
  readonly interleaved?: boolean;
  /** A raster whose rows are read in order will do, once: `Raster.rows`. @default false */
  readonly rows?: boolean;
}

/** What `decode` will deliver for a request, and take from the arena to do so. */
export interface DecodeShape {
  readonly planes: readonly Pick<Plane, 'width' | 'height' | 'extent'>[];
  /** Arena bytes of the planes, padding included. */
  readonly planeBytes: number;
  /** Arena bytes beside them, given back when `decode` returns. */
  readonly scratchBytes: number;
  /** Bytes a pixel, 3 or 4, when `decode` leaves pixels interleaved, as only a request allows. */
  readonly step?: number;
  /** How rows come when the planes are not there as a whole, as only a request allows. */
  readonly rows?: RowsShape;
}

/** What a codec works with during one render. */
export interface CodecContext {
  readonly arena: Arena;
  readonly budget: Budget;
  readonly limits: Limits;
  readonly signal?: AbortSignal | undefined;
  /** The render's pixel loops, for planes of its arena; a codec used by itself has none. */
  readonly kernels?: Kernels;
}

export interface EncodeSettings {
  /** 1 to 100; ignored by lossless formats. */
  readonly qualityPercent: number;
  readonly progressive: boolean;
}

/** What `encode` takes beside the raster. */
export interface EncodePlan {
  /** Arena bytes, given back when `encode` returns. */
  readonly scratchBytes: number;
  /** Bytes outside the arena at its peak. @default 4 a pixel, for the file as it grows */
  readonly heapBytes?: number;
}

/** One picture of an animation. */
export interface Frame {
  /** The whole canvas as it is shown: what came before is composed under it. */
  readonly raster: Raster;
  /** How long it is shown, in milliseconds; GIF counts in tens of them, from 0 on. */
  readonly durationMs: number;
}

/** What a whole animation has in common. */
export interface AnimationSettings {
  /** Of the canvas, pixels; every frame has this size. */
  readonly width: number;
  readonly height: number;
  /** How many will be given. */
  readonly frames: number;
  /** How many times they are shown; 0 is without end. */
  readonly plays: number;
}

/** Takes the frames of an animation one at a time. */
export interface FrameWriter {
  /** Copies what it needs of the planes: they are gone when the next frame comes. */
  addFrame(frame: Frame): void | Promise<void>;
  /** The file. Once, after the last frame. */
  finish(): Uint8Array | Promise<Uint8Array>;
}

/** What a frame writer takes. */
export interface FrameWriterPlan {
  /** Arena bytes beside a frame, given back when `addFrame` returns. */
  readonly scratchBytes: number;
  /** Bytes outside the arena at its peak: what it keeps of frames, and the file as it may grow. */
  readonly heapBytes: number;
}

export interface Codec {
  readonly format: ImageFormat;
  /** Whether these first bytes (up to 64) begin this format. */
  sniff(head: Uint8Array): boolean;
  /** Reads sizes before pixels; throws `ImageError` for what cannot be decoded rightly. */
  readHeader(bytes: Uint8Array, limits: Limits): ImageHeader;
  /** Without it or its answer, `decode` delivers the header's planes whole, whatever the request. */
  planDecode?(header: ImageHeader, request: DecodeRequest): DecodeShape | undefined;
  /** The first frame's planes, allocated in `context.arena`. */
  decode?(
    bytes: Uint8Array,
    header: ImageHeader,
    request: DecodeRequest,
    context: CodecContext,
  ): Raster | Promise<Raster>;
  /**
   * What `encode` will take from the arena for a raster of this shape: one that `encodes` allows.
   * Without it, `encode` takes nothing from the arena.
   */
  planEncode?(shape: RasterShape, settings: EncodeSettings): EncodePlan;
  encode?(
    raster: Raster,
    settings: EncodeSettings,
    context: CodecContext,
  ): Uint8Array | Promise<Uint8Array>;
  /**
   * The frames in order, for a header with `animation`. The planes of a frame are allocated in
   * `context.arena`, which is cleared before the next is asked for: what a reader keeps from one
   * to the next lies elsewhere. It may be left before its end; then its `return` frees what it holds.
   */
  readFrames?(
    bytes: Uint8Array,
    header: ImageHeader,
    context: CodecContext,
  ): Iterable<Frame> | AsyncIterable<Frame>;
  /** What `createFrameWriter` will take, for frames of a shape that `encodes` allows. */
  planFrames?(
    shape: RasterShape,
    animation: AnimationSettings,
    settings: EncodeSettings,
  ): FrameWriterPlan;
  /** Present, with `planFrames`, where a file of this format can be animated. */
  createFrameWriter?(
    animation: AnimationSettings,
    settings: EncodeSettings,
    context: CodecContext,
  ): FrameWriter;
  /** Models and alpha that `encode` and a frame writer take as they are; the engine converts to the first otherwise. */
  readonly encodes?: { readonly models: readonly ColorModel[]; readonly alpha: boolean };
  /** Longest side `encode` can write, in pixels. */
  readonly maxEncodeSide?: number;
  /** Greatest width, where it is less than the longest side. */
  readonly maxEncodeWidth?: number;
  /** Most pixels `encode` can write. */
  readonly maxEncodePixels?: number;
}
