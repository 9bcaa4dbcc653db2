/**
 * ICC profiles by their numbers, for pictures of every colour space: parts that a test names become
 * the bytes of a profile. Nothing is checked: damaged ones are made here too.
 * @module
 */

export interface ProfileParts {
  /** @default 'RGB ' */
  readonly space?: string;
  /** @default 'XYZ ' */
  readonly connection?: string;
  /** Major version. @default 2 */
  readonly version?: 2 | 4;
  /** Contents of the tags, type first. */
  readonly tags: Readonly<Record<string, Uint8Array>>;
}

/** A display's profile of these parts. */
export function makeProfile(parts: ProfileParts): Uint8Array {
  const { space = 'RGB ', connection = 'XYZ ', version = 2, tags } = parts;
  const entries = Object.entries(tags);
  const tableEnd = 132 + 12 * entries.length;
  const size = entries.reduce((sum, [, data]) => sum + padded(data.length), tableEnd);
  const profile = new Uint8Array(size);
  const view = new DataView(profile.buffer);
  view.setUint32(0, size);
  view.setUint32(8, version === 2 ? 0x0240_0000 : 0x0430_0000);
  writeText(profile, 12, space === 'CMYK' ? 'prtr' : 'mntr');
  writeText(profile, 16, space);
  writeText(profile, 20, connection);
  writeText(profile, 36, 'acsp');
  profile.set(xyzTag(0.9642, 1, 0.8249).subarray(8), 68);
  view.setUint32(128, entries.length);
  let at = tableEnd;
  for (const [index, [signature, data]] of entries.entries()) {
    writeText(profile, 132 + 12 * index, signature);
    view.setUint32(136 + 12 * index, at);
    view.setUint32(140 + 12 * index, data.length);
    profile.set(data, at);
    at += padded(data.length);
  }
  return profile;
}

/** Colorants under D50, as columns, of spaces with names. */
const COLORANTS = {
  srgb: [0.436066, 0.222488, 0.013916, 0.385147, 0.716873, 0.097076, 0.143066, 0.060608, 0.714096],
  p3: [0.515121, 0.241196, -0.001053, 0.291977, 0.692245, 0.041885, 0.157104, 0.066574, 0.784073],
  'adobe-rgb': [
    0.609741, 0.311111, 0.01947, 0.205276, 0.625671, 0.060867, 0.149185, 0.063217, 0.744568,
  ],
  prophoto: [0.797674, 0.28804, 0, 0.135193, 0.711874, 0, 0.031342, 0.000092, 0.825211],
} as const;

export type SpaceName = keyof typeof COLORANTS;

/** A matrix profile with one curve for all channels. */
export function makeMatrixProfile(
  space: SpaceName,
  curve: Uint8Array,
  version: 2 | 4 = 2,
): Uint8Array {
  const c = COLORANTS[space];
  const tags = {
    wtpt: xyzTag(0.9642, 1, 0.8249),
    rXYZ: xyzTag(c[0], c[1], c[2]),
    gXYZ: xyzTag(c[3], c[4], c[5]),
    bXYZ: xyzTag(c[6], c[7], c[8]),
    rTRC: curve,
    gTRC: curve,
    bTRC: curve,
    ...profileTexts(version),
  };
  return makeProfile({ version, tags });
}

export function makeGrayProfile(curve: Uint8Array, version: 2 | 4 = 2): Uint8Array {
  const tags = { wtpt: xyzTag(0.9642, 1, 0.8249), kTRC: curve, ...profileTexts(version) };
  return makeProfile({ space: 'GRAY', version, tags });
}

/** What other readers insist on. */
function profileTexts(version: 2 | 4): Record<string, Uint8Array> {
  const text = version === 2 ? descTag('made for a test') : mlucTag('made for a test');
  return { desc: text, cprt: version === 2 ? textTag('none') : text };
}

export function xyzTag(x: number, y: number, z: number): Uint8Array {
  return tagOf('XYZ ', 12, (view) => {
    for (const [i, value] of [x, y, z].entries()) setFixed(view, 8 + 4 * i, value);
  });
}

/** `curv` of one gamma. */
export function gammaTag(gamma: number): Uint8Array {
  return tagOf('curv', 6, (view) => {
    view.setUint32(8, 1);
    view.setUint16(12, Math.round(gamma * 256));
  });
}

/** `curv` of `count` samples of a function of 0...1. */
export function sampledTag(count: number, curve: (value: number) => number): Uint8Array {
  return tagOf('curv', 4 + 2 * count, (view) => {
    view.setUint32(8, count);
    for (let i = 0; i < count; i++) {
      view.setUint16(12 + 2 * i, Math.round(65_535 * curve(i / (count - 1))));
    }
  });
}

/** `para` of a function type and its parameters. */
export function parametricTag(type: number, parameters: readonly number[]): Uint8Array {
  return tagOf('para', 4 + 4 * parameters.length, (view) => {
    view.setUint16(8, type);
    for (const [i, value] of parameters.entries()) setFixed(view, 12 + 4 * i, value);
  });
}

/** The curve of sRGB. */
export const SRGB_CURVE: Uint8Array = parametricTag(3, [
  2.4,
  1 / 1.055,
  0.055 / 1.055,
  1 / 12.92,
  0.04045,
]);

/** Connection values, 0...1, of device samples. */
export type DeviceFunction = (device: readonly number[]) => readonly number[];

/** `mft1` or `mft2` with straight curves and `nodes` a channel. */
export function tableTag(
  type: 'mft1' | 'mft2',
  inputs: number,
  nodes: number,
  colorOf: DeviceFunction,
): Uint8Array {
  const isNarrow = type === 'mft1';
  const bytes = isNarrow ? 1 : 2;
  const entries = isNarrow ? 256 : 2;
  const start = isNarrow ? 48 : 52;
  const samples = (inputs + 3) * entries + 3 * nodes ** inputs;
  return tagOf(type, start - 8 + samples * bytes, (view) => {
    view.setUint8(8, inputs);
    view.setUint8(9, 3);
    view.setUint8(10, nodes);
    for (const at of [12, 28, 44]) setFixed(view, at, 1);
    if (!isNarrow) {
      view.setUint16(48, entries);
      view.setUint16(50, entries);
    }
    let at = start;
    const put = (value: number): void => {
      if (isNarrow) view.setUint8(at, Math.round(255 * value));
      else view.setUint16(at, Math.round(65_535 * value));
      at += bytes;
    };
    const straight = (): void => {
      for (let i = 0; i < entries; i++) put(i / (entries - 1));
    };
    for (let i = 0; i < inputs; i++) straight();
    for (const value of gridValues(inputs, nodes, colorOf)) put(value);
    for (let i = 0; i < 3; i++) straight();
  });
}

/** `mAB ` with A, M and B curves, a grid of 16 bits and a matrix that changes nothing. */
export function stagesTag(
  inputs: number,
  nodes: number,
  colorOf: DeviceFunction,
  curve: Uint8Array = gammaTag(1),
): Uint8Array {
  const values = gridValues(inputs, nodes, colorOf);
  const curveBytes = padded(curve.length);
  const straight = parametricTag(0, [1]);
  const b = 32;
  const matrix = b + 3 * straight.length;
  const m = matrix + 48;
  const grid = m + 3 * straight.length;
  const a = padded(grid + 20 + 2 * values.length);
  const tag = tagOf('mAB ', a + inputs * curveBytes - 8, (view) => {
    view.setUint8(8, inputs);
    view.setUint8(9, 3);
    for (const [i, at] of [b, matrix, m, grid, a].entries()) view.setUint32(12 + 4 * i, at);
    for (const at of [0, 16, 32]) setFixed(view, matrix + at, 1);
    for (let i = 0; i < inputs; i++) view.setUint8(grid + i, nodes);
    view.setUint8(grid + 16, 2);
    for (const [i, value] of values.entries()) {
      view.setUint16(grid + 20 + 2 * i, Math.round(65_535 * value));
    }
  });
  for (let i = 0; i < 3; i++) tag.set(straight, b + i * straight.length);
  for (let i = 0; i < 3; i++) tag.set(straight, m + i * straight.length);
  for (let i = 0; i < inputs; i++) tag.set(curve, a + i * curveBytes);
  return tag;
}

/** The last channel varies fastest. */
function gridValues(inputs: number, nodes: number, colorOf: DeviceFunction): number[] {
  const values: number[] = [];
  for (let index = 0; index < nodes ** inputs; index++) {
    const device = Array.from(
      { length: inputs },
      (_, i) => (Math.floor(index / nodes ** (inputs - 1 - i)) % nodes) / (nodes - 1),
    );
    for (const value of colorOf(device)) values.push(Math.min(1, Math.max(0, value)));
  }
  return values;
}

function textTag(text: string): Uint8Array {
  const tag = tagOf('text', text.length + 1, () => undefined);
  writeText(tag, 8, text);
  return tag;
}

function descTag(text: string): Uint8Array {
  const tag = tagOf('desc', 4 + text.length + 1 + 78, (view) => {
    view.setUint32(8, text.length + 1);
  });
  writeText(tag, 12, text);
  return tag;
}

function mlucTag(text: string): Uint8Array {
  const tag = tagOf('mluc', 20 + 2 * text.length, (view) => {
    view.setUint32(8, 1);
    view.setUint32(12, 12);
    view.setUint32(20, 2 * text.length);
    view.setUint32(24, 28);
    for (let i = 0; i < text.length; i++) view.setUint16(28 + 2 * i, text.charCodeAt(i));
  });
  writeText(tag, 16, 'enUS');
  return tag;
}

function tagOf(type: string, contentBytes: number, write: (view: DataView) => void): Uint8Array {
  const tag = new Uint8Array(8 + contentBytes);
  writeText(tag, 0, type);
  write(new DataView(tag.buffer));
  return tag;
}

function setFixed(view: DataView, at: number, value: number): void {
  view.setInt32(at, Math.round(value * 65_536));
}

function writeText(target: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) target[at + i] = text.charCodeAt(i);
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
