/**
 * What a JPEG file tells before it is decoded. The model and sampling named here are those of the
 * planes that `decodeJpeg` delivers: a plan computes its memory from them.
 * @module
 */

import type { ColorModel, ImageHeader, Limits, Metadata, Sampling } from '@safelight/core';
import { estimateQuality } from '@safelight/jpeg';
import { readExif } from '../exif/exif.ts';
import { blockGrid, decoderFor, type DecoderKind, type JpegFrame, planeSampling } from './frame.ts';
import { type JpegStructure, readStructure } from './structure.ts';

/** Reads and checks the whole structure; throws `ImageError` for what cannot be decoded right. */
export function readJpegHeader(
  bytes: Uint8Array,
  limits: Limits,
  wanted: DecoderKind,
): ImageHeader {
  const structure = readStructure(bytes, limits, wanted);
  const { frame } = structure;
  const isPortable = decoderFor(frame, wanted) === 'portable';
  const model = deliveredModel(structure);
  const exif = structure.exif === undefined ? undefined : readExif(structure.exif);
  const density = structure.density ?? exif?.density;
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
    scans: structure.scans.length,
    qualityPercent: sourceQuality(structure),
    ...(density !== undefined && { density }),
    hasIcc: structure.icc !== undefined,
    ...(model === 'ycbcr' && structure.icc !== undefined && { icc: structure.icc }),
    ...(exif !== undefined && { exif: exif.tags }),
    // Our own takes its scratch from the arena, where the plan counts it.
    decoderBytes: isPortable ? decoderBytes(frame, bytes.length) : 0,
  };
}

function deliveredSampling(frame: JpegFrame, isPortable: boolean): readonly Sampling[] {
  if (isPortable) return planeSampling(frame);
  return frame.components.map(({ horizontal, vertical }) => ({ horizontal, vertical }));
}

/** What the structure tells beside the pixels. */
export function metadataOf(structure: JpegStructure): Metadata {
  const exif = structure.exif === undefined ? undefined : readExif(structure.exif);
  const density = structure.density ?? exif?.density;
  // The profile of a CMYK picture does not describe the RGB that comes out of it.
  const isConverted =
    structure.frame.components.length === 4 && deliveredModel(structure) !== 'cmyk';
  const icc = isConverted ? undefined : structure.icc;
  return {
    orientation: exif?.orientation ?? 1,
    qualityPercent: sourceQuality(structure),
    ...(icc !== undefined && { icc }),
    ...(density !== undefined && { density }),
  };
}

/**
 * The model of the planes. JFIF means YCbCr; without it Adobe's transform decides, then the
 * component ids, as libjpeg does. Four components come as RGB, see `decodeJpeg`.
 */
export function deliveredModel(structure: JpegStructure): ColorModel {
  const { components } = structure.frame;
  if (components.length === 1) return 'gray';
  if (components.length === 4) return 'rgb';
  if (structure.hasJfif) return 'ycbcr';
  if (structure.adobeTransform !== undefined) {
    return structure.adobeTransform === 0 ? 'rgb' : 'ycbcr';
  }
  return String.fromCharCode(...components.map(({ id }) => id)) === 'RGB' ? 'rgb' : 'ycbcr';
}

/** Quality, 1 to 100, whose tables come nearest to the file's. */
function sourceQuality({ frame, quantizationTables }: JpegStructure): number {
  const luma = quantizationTables[frame.components[0].table];
  const chroma = frame.components.length < 3 ? undefined : frame.components[1].table;
  return estimateQuality({
    luma: luma ?? new Uint16Array(64),
    chroma: chroma === undefined ? undefined : quantizationTables[chroma],
  });
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
