/**
 * Values of EXIF entries and their text. Numbers and texts stand as stored; only GPS coordinates and
 * reference letters are spelled out, the way exiv2 does.
 * @module
 */

/** One entry's value: text, plain numbers, or rationals as pairs of numerator and denominator. */
export interface ExifValue {
  readonly text?: string;
  readonly numbers?: readonly number[];
  readonly rationals?: readonly (readonly [number, number])[];
}

/** Of one value, in bytes; maker notes and the like are longer and left out. */
const MAX_VALUE_BYTES = 2_048;

const BYTE = 1;
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const SIGNED_BYTE = 6;
const UNDEFINED = 7;
const SIGNED_SHORT = 8;
const SIGNED_LONG = 9;
const SIGNED_RATIONAL = 10;

/** Bytes of one element, by type (TIFF 6.0, section 2). */
const TYPE_BYTES: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8];

/** The value of the entry at `at`, or nothing when its type, length or place is not in order. */
export function readValue(
  view: DataView,
  at: number,
  littleEndian: boolean,
): ExifValue | undefined {
  const type = view.getUint16(at + 2, littleEndian);
  const count = view.getUint32(at + 4, littleEndian);
  const elementBytes = TYPE_BYTES[type] ?? 0;
  const byteLength = elementBytes * count;
  if (byteLength === 0 || byteLength > MAX_VALUE_BYTES) return undefined;
  // Up to four bytes stand in the entry itself, more stand where it points to.
  const offset = byteLength <= 4 ? at + 8 : view.getUint32(at + 8, littleEndian);
  if (offset + byteLength > view.byteLength) return undefined;
  if (type === ASCII) return { text: readText(view, offset, count) };
  if (type === RATIONAL || type === SIGNED_RATIONAL) {
    const half = type === RATIONAL ? LONG : SIGNED_LONG;
    const rationals: [number, number][] = [];
    for (let i = 0; i < count; i++) {
      const numerator = readNumber(view, offset + 8 * i, half, littleEndian);
      rationals.push([numerator, readNumber(view, offset + 8 * i + 4, half, littleEndian)]);
    }
    return { rationals };
  }
  const numbers: number[] = [];
  for (let i = 0; i < count; i++) {
    numbers.push(readNumber(view, offset + elementBytes * i, type, littleEndian));
  }
  return { numbers };
}

function readNumber(view: DataView, offset: number, type: number, littleEndian: boolean): number {
  switch (type) {
    case SHORT:
      return view.getUint16(offset, littleEndian);
    case LONG:
      return view.getUint32(offset, littleEndian);
    case SIGNED_BYTE:
      return view.getInt8(offset);
    case SIGNED_SHORT:
      return view.getInt16(offset, littleEndian);
    case SIGNED_LONG:
      return view.getInt32(offset, littleEndian);
    case BYTE:
    case UNDEFINED:
    default:
      return view.getUint8(offset);
  }
}

/** EXIF says ASCII and cameras write UTF-8; anything else becomes U+FFFD. Ends at the first NUL. */
function readText(view: DataView, offset: number, count: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, count);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

export function printValue(value: ExifValue): string {
  if (value.text !== undefined) return value.text;
  if (value.rationals !== undefined) return value.rationals.map((pair) => pair.join('/')).join(' ');
  return (value.numbers ?? []).join(' ');
}

const HEMISPHERES: Readonly<Record<string, string>> = {
  N: 'North',
  S: 'South',
  E: 'East',
  W: 'West',
};
const DIRECTIONS: Readonly<Record<string, string>> = {
  T: 'True direction',
  M: 'Magnetic direction',
};
const SPEEDS: Readonly<Record<string, string>> = { K: 'km/h', M: 'mph', N: 'knots' };
const DISTANCES: Readonly<Record<string, string>> = { K: 'Kilometers', M: 'Miles', N: 'Knots' };

/** The letters of each reference tag; other letters stand as they are. */
const REFERENCES: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  ['GPSLatitudeRef', HEMISPHERES],
  ['GPSLongitudeRef', HEMISPHERES],
  ['GPSDestLatitudeRef', HEMISPHERES],
  ['GPSDestLongitudeRef', HEMISPHERES],
  ['GPSTrackRef', DIRECTIONS],
  ['GPSImgDirectionRef', DIRECTIONS],
  ['GPSDestBearingRef', DIRECTIONS],
  ['GPSSpeedRef', SPEEDS],
  ['GPSDestDistanceRef', DISTANCES],
]);

const COORDINATES: ReadonlySet<string> = new Set([
  'GPSLatitude',
  'GPSLongitude',
  'GPSDestLatitude',
  'GPSDestLongitude',
]);

/** The text of a coordinate or of a reference letter; nothing for what is printed as it stands. */
export function printGps(name: string, value: ExifValue): string | undefined {
  if (COORDINATES.has(name)) return printCoordinate(value);
  const letters = REFERENCES.get(name);
  if (letters === undefined || value.text === undefined) return undefined;
  return Object.hasOwn(letters, value.text) ? letters[value.text] : undefined;
}

const UNITS: readonly string[] = ['deg', "'", '"'];
/** Decimals of degrees, minutes and seconds, when they are not whole. */
const DECIMALS: readonly number[] = [7, 5, 3];

/**
 * Degrees, minutes and seconds, each followed by its unit and a blank, up to the last that is not
 * zero: "0deg ", `40deg 26' 46.302" `. A zero denominator leaves the value as it is stored.
 */
function printCoordinate(value: ExifValue): string | undefined {
  const { rationals } = value;
  if (rationals?.length !== 3 || rationals.some(([, denominator]) => denominator === 0)) {
    return undefined;
  }
  let last = 2;
  while (last > 0 && rationals[last][0] === 0) last--;
  let text = '';
  for (let i = 0; i <= last; i++) {
    const [numerator, denominator] = rationals[i];
    const decimals = numerator % denominator === 0 ? 0 : DECIMALS[i];
    text += `${(numerator / denominator).toFixed(decimals)}${UNITS[i]} `;
  }
  return text;
}
