/**
 * A HEIF file with one picture, put together anew from a checked tile: all that a library gets to
 * see. No grid, no alpha, no turn, no metadata.
 * @module
 */

import { printBox } from './boxes.ts';
import type { HeifTile } from './picture.ts';

export interface StillDialect {
  readonly brands: readonly string[];
  /** Name of the configuration box. */
  readonly config: string;
  /** Bits of each channel, as `pixi` tells them. */
  readonly depths: readonly number[];
}

/** The file of one tile. */
export function printStillFile(tile: HeifTile, dialect: StillDialect): Uint8Array {
  const names = new TextEncoder();
  const [major = ''] = dialect.brands;
  const head = printBox(
    'ftyp',
    names.encode(major),
    uint32(0),
    ...dialect.brands.map((brand) => names.encode(brand)),
  );
  // Its length does not depend on the offset, which is only known with it.
  const offset = head.length + metaBox(tile, dialect, 0).length + 8;
  return joined([head, metaBox(tile, dialect, offset), printBox('mdat', tile.data)]);
}

function metaBox(tile: HeifTile, dialect: StillDialect, offset: number): Uint8Array {
  const names = new TextEncoder();
  return fullBox(
    'meta',
    0,
    fullBox('hdlr', 0, uint32(0), names.encode('pict'), new Uint8Array(13)),
    fullBox('pitm', 0, uint16(1)),
    // Numbers of four bytes; one item of one extent.
    fullBox(
      'iloc',
      0,
      uint16(0x4400),
      uint16(1),
      uint16(1),
      uint16(0),
      uint16(1),
      uint32(offset),
      uint32(tile.data.length),
    ),
    fullBox(
      'iinf',
      0,
      uint16(1),
      fullBox('infe', 2, uint16(1), uint16(0), names.encode(tile.type), new Uint8Array(1)),
    ),
    propertyBoxes(tile, dialect),
  );
}

/** The codec's configuration and its choices must be understood; 0x80 says so. */
const ESSENTIAL = 0x80;
const ESSENTIAL_CHOICES: ReadonlySet<string> = new Set(['a1op', 'lsel']);

function propertyBoxes(tile: HeifTile, { config, depths }: StillDialect): Uint8Array {
  const boxes: (readonly [Uint8Array, number])[] = [
    [fullBox('ispe', 0, uint32(tile.width), uint32(tile.height)), 0],
    [fullBox('pixi', 0, Uint8Array.of(depths.length, ...depths)), 0],
    [printBox(config, tile.config), ESSENTIAL],
    ...tile.boxes.map(
      ([name, contents]) =>
        [printBox(name, contents), ESSENTIAL_CHOICES.has(name) ? ESSENTIAL : 0] as const,
    ),
  ];
  const associations = Uint8Array.from(boxes, ([, essential], index) => essential | (index + 1));
  return printBox(
    'iprp',
    printBox('ipco', ...boxes.map(([box]) => box)),
    fullBox('ipma', 0, uint32(1), uint16(1), Uint8Array.of(associations.length), associations),
  );
}

function fullBox(name: string, version: number, ...contents: readonly Uint8Array[]): Uint8Array {
  return printBox(name, Uint8Array.of(version, 0, 0, 0), ...contents);
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
