/**
 * What a JPEG file tells before it is decoded. The model and sampling named here are those of the
 * planes that `decode` delivers: a plan computes its memory from them.
 * @module
 */

import {
  assert,
  type ColorModel,
  type ImageHeader,
  type Limits,
  type Metadata,
  type Sampling,
} from '@safelight/core';
import { jpegColorModel } from '@safelight/jpeg';
import { type Exif, readExif } from '../exif/exif.ts';
import { blockGrid, type DecoderKind, type JpegFrame, planeSampling } from './frame.ts';
import { type JpegStructure, readStructure } from './structure.ts';

/** Reads and checks the whole structure; throws `ImageError` for what cannot be decoded right. */
export function readJpegHeader(
  bytes: Uint8Array,
  limits: Limits,
  decoder: DecoderKind,
): ImageHeader {
  const structure = readStructure(bytes, limits, decoder);
  const { frame } = structure;
  const isPortable = decoder === 'portable';
  const model = deliveredModel(structure, decoder);
  const { exif, icc, density, qualityPercent } = readMetadata(structure);
  return {
    format: 'jpeg',
    width: frame.width,
    height: frame.height,
    frames: 1,
    model,
    hasAlpha: false,
    bitDepth: frame.precision,
    orientation: exif?.orientation ?? 1,
    ...((model === 'ycbcr' || !isPortable) && { sampling: deliveredSampling(frame, isPortable) }),
    progressive: frame.progressive,
    scans: structure.scanCount,
    ...(qualityPercent !== undefined && { qualityPercent }),
    ...(density !== undefined && { density }),
    hasIcc: icc !== undefined,
    ...(model === 'ycbcr' && icc !== undefined && { icc }),
    ...(exif !== undefined && { exif: exif.tags }),
    // Our own takes its scratch from the arena, where the plan counts it.
    decoderBytes: isPortable ? decoderBytes(frame, bytes.length) : 0,
  };
}

function deliveredSampling(frame: JpegFrame, isPortable: boolean): readonly Sampling[] {
  if (isPortable) return planeSampling(frame);
  return frame.components.map(({ horizontal, vertical }) => ({ horizontal, vertical }));
}

/** As much of a file as is known without a walk over its scans. */
export type DescribedJpeg = Pick<JpegStructure, 'layout' | 'metadata'>;

/** What the structure tells beside the pixels. */
export function metadataOf(structure: DescribedJpeg, decoder: DecoderKind): Metadata {
  const { exif, icc, density, qualityPercent } = readMetadata(structure);
  // The profile of a CMYK picture does not describe the RGB that jpeg-js makes of it.
  const isDescribed = decoder === 'wasm' || structure.layout.components.length !== 4;
  return {
    orientation: exif?.orientation ?? 1,
    ...(qualityPercent !== undefined && { qualityPercent }),
    ...(icc !== undefined && isDescribed && { icc }),
    ...(density !== undefined && { density }),
  };
}

/** The file's metadata with its EXIF read, whose density serves where JFIF has none. */
function readMetadata({ metadata }: DescribedJpeg): Omit<JpegStructure['metadata'], 'exif'> & {
  readonly exif: Exif | undefined;
} {
  const exif = metadata.exif === undefined ? undefined : readExif(metadata.exif);
  return { ...metadata, exif, density: metadata.density ?? exif?.density };
}

/** The model of the planes: inks come as CMYK from our own decoder, as RGB from jpeg-js. */
export function deliveredModel(
  { layout }: Pick<JpegStructure, 'layout'>,
  decoder: DecoderKind,
): ColorModel {
  const model = jpegColorModel(layout);
  assert(model !== 'unknown', 'one, three or four components');
  if (model === 'cmyk' || model === 'ycck') return decoder === 'wasm' ? 'cmyk' : 'rgb';
  return model;
}

/**
 * What jpeg-js takes for one block of 64 coefficients: an Int32Array of 256 bytes and its object,
 * buffer and store around it. Fits the resident size of
 * decoding 12.5 MP of 4:2:0 and 9.8 MP of 4:4:4 on Node 20.20, x64.
 */
const BLOCK_BYTES = 640;

/** Peak of jpeg-js: blocks, lines, interleaved samples twice, and the stream, twice as well. */
export function decoderBytes(frame: JpegFrame, fileBytes: number): number {
  let blocks = 0;
  for (const component of frame.components) {
    const { paddedColumns, paddedRows } = blockGrid(frame, component);
    blocks += paddedColumns * paddedRows;
  }
  const pixels = frame.width * frame.height;
  return blocks * (BLOCK_BYTES + 64) + pixels * (frame.components.length + 3) + 2 * fileBytes;
}
