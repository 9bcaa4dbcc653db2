/**
 * What `ipco` says of pictures (ISO/IEC 23008-12, 6.5): sizes, depths, colours, turns, and the
 * configuration of their codec. Each is read once, however many pictures it belongs to.
 * @module
 */

import type { ColorCodes } from '../coded-colors.ts';
import { type Box, type BoxReader, walkBoxes } from './boxes.ts';

/** A fraction of `clap`. */
export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

export type HeifProperty =
  | { readonly kind: 'size'; readonly width: number; readonly height: number }
  | { readonly kind: 'depth'; readonly bits: readonly number[] }
  | {
      readonly kind: 'colors';
      /** As it stands: `nclx` and what follows. */
      readonly contents: Uint8Array;
      readonly codes: ColorCodes;
    }
  | { readonly kind: 'icc'; readonly profile: Uint8Array }
  /** Quarter turns against the clock. */
  | { readonly kind: 'turn'; readonly quarters: number }
  | { readonly kind: 'mirror'; readonly swaps: 'top-bottom' | 'left-right' }
  | {
      readonly kind: 'crop';
      readonly width: Fraction;
      readonly height: Fraction;
      /** From the middle to the middle. */
      readonly across: Fraction;
      readonly down: Fraction;
    }
  | { readonly kind: 'auxiliary'; readonly urn: string }
  /** Configuration of the codec, `av1C` or `hvcC`. */
  | { readonly kind: 'config'; readonly name: string; readonly contents: Uint8Array }
  /** Which layer or operating point is meant: handed on to the codec. */
  | { readonly kind: 'choice'; readonly name: string; readonly contents: Uint8Array }
  | { readonly kind: 'unknown'; readonly name: string };

/** More than any writer makes; ids have 15 bits. */
const MAX_PROPERTIES = 4096;
const CROP_BYTES = 32;

/** In the order in which `ipma` counts them, from 1. */
export function readProperties(source: BoxReader, container: Box): readonly HeifProperty[] {
  const properties: HeifProperty[] = [];
  for (const box of walkBoxes(source, container.start, container.end)) {
    if (properties.length === MAX_PROPERTIES) {
      throw source.damaged(`expected at most ${MAX_PROPERTIES} properties, got more`);
    }
    properties.push(readProperty(source, box));
  }
  return properties;
}

function readProperty(source: BoxReader, box: Box): HeifProperty {
  const { name, start } = box;
  const contents = source.bytes.subarray(start, box.end);
  const need = (byteLength: number): void => {
    if (contents.length < byteLength) throw source.truncated(`the property ${name} ends early`);
  };
  switch (name) {
    case 'ispe':
      need(12);
      return { kind: 'size', width: source.uint32(start + 4), height: source.uint32(start + 8) };
    case 'pixi':
      need(5);
      need(5 + contents[4]);
      return { kind: 'depth', bits: [...contents.subarray(5, 5 + contents[4])] };
    case 'colr':
      need(4);
      return readColors(source.name(start), contents);
    case 'irot':
      need(1);
      return { kind: 'turn', quarters: contents[0] & 3 };
    case 'imir':
      need(1);
      return { kind: 'mirror', swaps: (contents[0] & 1) === 0 ? 'top-bottom' : 'left-right' };
    case 'clap':
      need(CROP_BYTES);
      return readCrop(source, start);
    case 'auxC':
      return { kind: 'auxiliary', urn: readText(contents.subarray(4)) };
    case 'av1C':
    case 'hvcC':
      return { kind: 'config', name, contents };
    case 'a1op':
    case 'a1lx':
    case 'lsel':
      return { kind: 'choice', name, contents };
    default:
      return { kind: 'unknown', name };
  }
}

/** `nclx` and three numbers of 16 bits, and a flag. */
const NCLX_BYTES = 11;

function readColors(kind: string, contents: Uint8Array): HeifProperty {
  if (kind === 'nclx' && contents.length >= NCLX_BYTES) {
    const view = new DataView(contents.buffer, contents.byteOffset, NCLX_BYTES);
    const codes = { primaries: view.getUint16(4), transfer: view.getUint16(6) };
    return { kind: 'colors', contents: contents.subarray(0, NCLX_BYTES), codes };
  }
  if (kind === 'prof' || kind === 'rICC') return { kind: 'icc', profile: contents.subarray(4) };
  return { kind: 'unknown', name: 'colr' };
}

function readCrop(source: BoxReader, at: number): HeifProperty {
  const fraction = (index: number): Fraction => ({
    numerator: source.int32(at + 8 * index),
    denominator: source.uint32(at + 8 * index + 4),
  });
  return {
    kind: 'crop',
    width: fraction(0),
    height: fraction(1),
    across: fraction(2),
    down: fraction(3),
  };
}

/** Names of auxiliary pictures have some forty characters. */
const MAX_TEXT = 128;

function readText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const text = bytes.subarray(0, Math.min(MAX_TEXT, end < 0 ? bytes.length : end));
  return String.fromCharCode(...text);
}
