/**
 * How far two colours look apart: CIEDE2000 (CIE 142; Sharma, Wu and Dalal, 2005, whose test values the
 * test beside this file holds it to). 1 is about the least difference that an eye finds.
 * @module
 */

/** Lightness, red against green, yellow against blue. */
export type Lab = readonly [lightness: number, a: number, b: number];

/** Mean difference of two pictures of interleaved sRGB, three levels a pixel. */
export function meanDeltaE(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length || one.length === 0) {
    throw new Error(
      `deltaE: expected two pictures of one size, got ${one.length}, ${other.length}`,
    );
  }
  let sum = 0;
  for (let at = 0; at < one.length; at += 3) sum += deltaE(labAt(one, at), labAt(other, at));
  return (3 * sum) / one.length;
}

/** CIEDE2000 with all weights 1. */
export function deltaE(one: Lab, other: Lab): number {
  const meanChroma = (Math.hypot(one[1], one[2]) + Math.hypot(other[1], other[2])) / 2;
  const stretch = 1.5 - 0.5 * Math.sqrt(seventh(meanChroma));
  const [l1, c1, h1] = polar(one, stretch);
  const [l2, c2, h2] = polar(other, stretch);
  const isGray = c1 * c2 === 0;
  const turn = isGray ? 0 : wrap(h2 - h1);
  const lightness = (l1 + l2) / 2 - 50;
  const chroma = (c1 + c2) / 2;
  const hue = isGray ? h1 + h2 : meanHue(h1, h2);
  const t =
    1 -
    0.17 * cosDeg(hue - 30) +
    0.24 * cosDeg(2 * hue) +
    0.32 * cosDeg(3 * hue + 6) -
    0.2 * cosDeg(4 * hue - 63);
  const dl = (l2 - l1) / (1 + (0.015 * lightness ** 2) / Math.sqrt(20 + lightness ** 2));
  const dc = (c2 - c1) / (1 + 0.045 * chroma);
  const dh = (2 * Math.sqrt(c1 * c2) * sinDeg(turn / 2)) / (1 + 0.015 * chroma * t);
  const spread = 30 * Math.exp(-(((hue - 275) / 25) ** 2));
  const rotation = -sinDeg(2 * spread) * 2 * Math.sqrt(seventh(chroma));
  return Math.sqrt(dl ** 2 + dc ** 2 + dh ** 2 + rotation * dc * dh);
}

function seventh(chroma: number): number {
  return chroma ** 7 / (chroma ** 7 + 25 ** 7);
}

function polar([lightness, a, b]: Lab, stretch: number): Lab {
  const hueDeg = (Math.atan2(b, a * stretch) * 180) / Math.PI;
  return [lightness, Math.hypot(a * stretch, b), hueDeg < 0 ? hueDeg + 360 : hueDeg];
}

/** To -180...180. */
function wrap(angleDeg: number): number {
  if (angleDeg > 180) return angleDeg - 360;
  return angleDeg < -180 ? angleDeg + 360 : angleDeg;
}

function meanHue(one: number, other: number): number {
  const mean = (one + other) / 2;
  if (Math.abs(one - other) <= 180) return mean;
  return one + other < 360 ? mean + 180 : mean - 180;
}

function cosDeg(angleDeg: number): number {
  return Math.cos((angleDeg * Math.PI) / 180);
}

function sinDeg(angleDeg: number): number {
  return Math.sin((angleDeg * Math.PI) / 180);
}

/** sRGB to Lab under its own white, D65. */
function labAt(levels: ArrayLike<number>, at: number): Lab {
  const [r, g, b] = [0, 1, 2].map((i) => lightOf((levels[at + i] as number) / 255)) as [
    number,
    number,
    number,
  ];
  const x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function lightOf(value: number): number {
  return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function root(value: number): number {
  return value > (6 / 29) ** 3 ? Math.cbrt(value) : value / (3 * (6 / 29) ** 2) + 4 / 29;
}
