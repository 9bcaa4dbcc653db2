/**
 * HEIF files of any structure, right or wrong: items, properties and references as they are given.
 * @module
 */

import { printBox } from '../src/isobmff/boxes.ts';

export interface WrittenItem {
  readonly type: string;
  readonly data: Uint8Array;
  /** From 1; negative ones must be understood. */
  readonly properties?: readonly number[];
}

export interface WrittenHeif {
  readonly brand?: string;
  /** Item n has the id n + 1; the first is the primary one. */
  readonly items: readonly WrittenItem[];
  readonly properties: readonly Uint8Array[];
  readonly references?: readonly (readonly [kind: string, from: number, to: readonly number[]])[];
  /** More boxes in `meta`. */
  readonly extra?: readonly Uint8Array[];
  /** Puts data into `idat`. */
  readonly isInside?: boolean;
}

export function uint16(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [(value >> 8) & 0xff, value & 0xff]));
}

export function uint32(...values: readonly number[]): Uint8Array {
  return uint16(...values.flatMap((value) => [(value >>> 16) & 0xffff, value & 0xffff]));
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

export function fullBox(
  name: string,
  version: number,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  return printBox(name, Uint8Array.of(version, 0, 0, 0), ...parts);
}

export function sizeProperty(width: number, height: number): Uint8Array {
  return fullBox('ispe', 0, uint32(width, height));
}

/** Contents of a grid of tiles. */
export function gridData(rows: number, columns: number, width: number, height: number): Uint8Array {
  return Uint8Array.of(0, 0, rows - 1, columns - 1, ...uint16(width, height));
}

export function writeHeif(file: WrittenHeif): Uint8Array {
  const { brand = 'avif', items, isInside = false } = file;
  const head = printBox('ftyp', ascii(brand), uint32(0), ascii(brand), ascii('mif1'));
  const payload = Buffer.concat(items.map(({ data }) => data));
  const first = isInside ? 0 : head.length + meta(file, 0, payload).length + 8;
  return Buffer.concat([head, meta(file, first, payload), printBox('mdat', payload)]);
}

function meta(file: WrittenHeif, first: number, payload: Uint8Array): Uint8Array {
  const { items, properties, references = [], extra = [], isInside = false } = file;
  let offset = first;
  const locations = items.map(({ data }, index) => {
    const entry = [...uint16(index + 1, isInside ? 1 : 0, 0, 1), ...uint32(offset, data.length)];
    offset += data.length;
    return Uint8Array.from(entry);
  });
  const infos = items.map(({ type }, index) =>
    fullBox('infe', 2, uint16(index + 1, 0), ascii(type), new Uint8Array(1)),
  );
  const associations = items.map(({ properties: own = [] }, index) =>
    Uint8Array.from([
      ...uint16(index + 1),
      own.length,
      ...own.map((number) => (number < 0 ? 0x80 - number : number)),
    ]),
  );
  return fullBox(
    'meta',
    0,
    fullBox('hdlr', 0, uint32(0), ascii('pict'), new Uint8Array(13)),
    fullBox('pitm', 0, uint16(1)),
    fullBox('iloc', 1, uint16(0x4400, items.length), ...locations),
    fullBox('iinf', 0, uint16(items.length), ...infos),
    fullBox(
      'iref',
      0,
      ...references.map(([kind, from, to]) => printBox(kind, uint16(from, to.length, ...to))),
    ),
    printBox(
      'iprp',
      printBox('ipco', ...properties),
      fullBox('ipma', 0, uint32(items.length), ...associations),
    ),
    ...(isInside ? [printBox('idat', payload)] : []),
    ...extra,
  );
}
