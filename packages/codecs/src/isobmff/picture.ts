/**
 * The picture that a HEIF file shows, resolved from its items: coded tiles of colour and alpha, where
 * they go, and metadata. Everything that can be refused is refused here, before a codec runs.
 * @module
 */

import type { ImageFormat, Limits } from '@safelight/core';
import type { ColorCodes } from '../coded-colors.ts';
import { checkByteLength, checkSize, unsupported } from '../refusal.ts';
import { BoxReader } from './boxes.ts';
import { type HeifItem, type HeifItems, itemBytes, readItems } from './items.ts';
import { type Placement, placePicture } from './placement.ts';
import type { HeifProperty } from './properties.ts';

/** One picture as its codec has it. */
export interface HeifTile {
  readonly width: number;
  readonly height: number;
  /** `av01` or `hvc1`. */
  readonly type: string;
  /** Contents of `av1C` or `hvcC`. */
  readonly config: Uint8Array;
  /** Further boxes that the codec's library is to see: `colr` of numbers, choices of layers. */
  readonly boxes: readonly (readonly [name: string, contents: Uint8Array])[];
  readonly data: Uint8Array;
}

/** Tiles from left to right, then from top to bottom; one for a plain picture. */
export interface HeifLayer {
  readonly columns: number;
  readonly tiles: readonly HeifTile[];
}

export interface HeifPicture {
  readonly color: HeifLayer;
  readonly alpha: HeifLayer | undefined;
  /** Whether colours are stored multiplied by alpha. */
  readonly isPremultiplied: boolean;
  readonly placement: Placement;
  /** As it stands; it may not fit the samples. */
  readonly icc: Uint8Array | undefined;
  /** What is told by numbers. */
  readonly colors: ColorCodes | undefined;
  /** A TIFF stream. */
  readonly exif: Uint8Array | undefined;
}

/** What a format makes of the container. */
export interface HeifDialect {
  readonly format: ImageFormat;
  /** Type of coded items and name of the configuration they must have. */
  readonly item: string;
  readonly config: string;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const ALPHA_URNS: ReadonlySet<string> = new Set([
  'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha',
  'urn:mpeg:hevc:2015:auxid:1',
]);

/** Resolves the primary picture; throws `ImageError`. */
export function readHeif(bytes: Uint8Array, limits: Limits, dialect: HeifDialect): HeifPicture {
  const { format } = dialect;
  checkByteLength(format, bytes.length, limits);
  const source = new BoxReader(bytes, format);
  const items = readItems(source);
  if (items === undefined) throw unsupported(format, 'a sequence without a still picture');
  return new PictureWalk(source, items, limits, dialect).run();
}

class PictureWalk {
  readonly #source: BoxReader;
  readonly #items: HeifItems;
  readonly #limits: Limits;
  readonly #dialect: HeifDialect;

  constructor(source: BoxReader, items: HeifItems, limits: Limits, dialect: HeifDialect) {
    this.#source = source;
    this.#items = items;
    this.#limits = limits;
    this.#dialect = dialect;
  }

  run(): HeifPicture {
    const { primary } = this.#items;
    const size = this.#sizeOf(primary);
    const color = this.#layerOf(primary, size);
    const alphaItem = this.#alphaOf(primary);
    const alpha =
      alphaItem === undefined ? this.#alphaOfTiles(primary, color) : this.#layerOf(alphaItem, size);
    const [firstTile = primary] = this.#membersOf(primary);
    const icc = find(primary, 'icc')?.profile ?? find(firstTile, 'icc')?.profile;
    const colors = find(primary, 'colors')?.codes ?? find(firstTile, 'colors')?.codes;
    return {
      color,
      alpha,
      isPremultiplied: alphaItem !== undefined && this.#refers('prem', primary, alphaItem),
      placement: placePicture(this.#source, size.width, size.height, primary.properties),
      icc,
      colors,
      exif: this.#exifOf(primary),
    };
  }

  /** Of the coded picture. Sizes are checked against the limits before they are multiplied. */
  #sizeOf(item: HeifItem): Size {
    const size = find(item, 'size');
    if (size === undefined) throw this.#source.damaged('expected a size of the picture, got none');
    checkSize(this.#dialect.format, size.width, size.height, this.#limits);
    return size;
  }

  #layerOf(item: HeifItem, size: Size): HeifLayer {
    if (item.type === 'grid') return this.#gridOf(item, size);
    // Writers leave out the size of alpha, which is that of the picture.
    const { width, height } = find(item, 'size') ?? size;
    if (width !== size.width || height !== size.height) {
      throw this.#source.damaged(`expected alpha of ${size.width}x${size.height}`);
    }
    return { columns: 1, tiles: [this.#tileOf(item, { width, height })] };
  }

  /** ISO/IEC 23008-12, 6.6.2.3: rows, columns and the size that they are cut to. */
  #gridOf(item: HeifItem, size: Size): HeifLayer {
    const source = this.#source;
    const data = itemBytes(source, item);
    const isWide = (data[1] & 1) === 1;
    if (data.length < (isWide ? 12 : 8)) throw source.truncated('a grid ends early');
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const rows = data[2] + 1;
    const columns = data[3] + 1;
    const width = isWide ? view.getUint32(4) : view.getUint16(4);
    const height = isWide ? view.getUint32(8) : view.getUint16(6);
    if (width !== size.width || height !== size.height) {
      throw source.damaged(
        `expected a grid of ${size.width}x${size.height}, got ${width}x${height}`,
      );
    }
    const members = this.#membersOf(item);
    if (members.length !== rows * columns) {
      throw source.damaged(`expected ${rows * columns} tiles, got ${members.length}`);
    }
    const tile = members[0] === undefined ? undefined : find(members[0], 'size');
    if (tile === undefined) throw source.damaged('expected a size of the tiles, got none');
    // Tiles may be larger than what they are cut to: all of their pixels are decoded.
    checkSize(this.#dialect.format, tile.width * columns, tile.height * rows, this.#limits);
    if (tile.width * columns < width || tile.height * rows < height) {
      throw source.damaged(`expected tiles that cover ${width}x${height}`);
    }
    const tiles = members.map((member) => {
      const own = member && find(member, 'size');
      if (member === undefined || own?.width !== tile.width || own.height !== tile.height) {
        throw source.damaged('expected tiles of one size');
      }
      return this.#tileOf(member, tile, find(item, 'colors'));
    });
    return { columns, tiles };
  }

  /** Each tile of a grid may have alpha of its own; where one has none, the picture has none. */
  #alphaOfTiles(grid: HeifItem, { columns, tiles }: HeifLayer): HeifLayer | undefined {
    if (grid.type !== 'grid') return undefined;
    const alphas: HeifTile[] = [];
    for (const [index, member] of this.#membersOf(grid).entries()) {
      const item = member && this.#alphaOf(member);
      if (item === undefined) return undefined;
      alphas.push(...this.#layerOf(item, tiles[index]).tiles);
    }
    return { columns, tiles: alphas };
  }

  /** What a grid is made of, in its order. */
  #membersOf(grid: HeifItem): readonly (HeifItem | undefined)[] {
    const { references, items } = this.#items;
    const found = references.find(({ kind, from }) => kind === 'dimg' && from === grid.id);
    return (found?.to ?? []).map((id) => items.get(id));
  }

  /** Numbers of colours may be told of the grid alone. */
  #tileOf(item: HeifItem, size: Size, gridColors?: HeifProperty): HeifTile {
    const { format, item: type, config: configName } = this.#dialect;
    if (item.type !== type)
      throw unsupported(format, `a picture of type '${printable(item.type)}'`);
    if (item.isForeign) throw unsupported(format, 'a property that must be understood');
    const config = find(item, 'config');
    if (config?.name !== configName) throw this.#source.damaged(`expected ${configName}, got none`);
    const hasColors = find(item, 'colors') !== undefined;
    const properties =
      hasColors || gridColors === undefined ? item.properties : [...item.properties, gridColors];
    const boxes = properties.flatMap((property) => boxOf(property));
    const { width, height } = size;
    const data = itemBytes(this.#source, item);
    if (data.length === 0) throw this.#source.damaged('expected a coded picture, got nothing');
    return { width, height, type, config: config.contents, boxes, data };
  }

  #alphaOf(picture: HeifItem): HeifItem | undefined {
    for (const { kind, from, to } of this.#items.references) {
      if (kind !== 'auxl' || !to.includes(picture.id)) continue;
      const item = this.#items.items.get(from);
      if (item !== undefined && ALPHA_URNS.has(find(item, 'auxiliary')?.urn ?? '')) return item;
    }
    return undefined;
  }

  #refers(kind: string, from: HeifItem, to: HeifItem): boolean {
    return this.#items.references.some(
      (one) => one.kind === kind && one.from === from.id && one.to.includes(to.id),
    );
  }

  /** The stream begins as far behind a number of 32 bits as that says. */
  #exifOf(primary: HeifItem): Uint8Array | undefined {
    for (const { kind, from, to } of this.#items.references) {
      const item = this.#items.items.get(from);
      if (kind !== 'cdsc' || item?.type !== 'Exif' || !to.includes(primary.id)) continue;
      const data = itemBytes(this.#source, item);
      if (data.length < 4) return undefined;
      const offset = new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(0);
      return data.subarray(Math.min(data.length, 4 + offset));
    }
    return undefined;
  }
}

function find<Kind extends HeifProperty['kind']>(
  { properties }: HeifItem,
  kind: Kind,
): Extract<HeifProperty, { readonly kind: Kind }> | undefined {
  return properties.find(
    (property): property is Extract<HeifProperty, { readonly kind: Kind }> =>
      property.kind === kind,
  );
}

function boxOf(property: HeifProperty): (readonly [string, Uint8Array])[] {
  if (property.kind === 'colors') return [['colr', property.contents]];
  if (property.kind === 'choice') return [[property.name, property.contents]];
  return [];
}

function printable(type: string): string {
  return type.replace(/[^ -~]/g, '?');
}
