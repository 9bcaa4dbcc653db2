/**
 * The demo's picture, painted by arithmetic: a sunset over hills and a lake, with what a resizer can
 * do wrong in it: smooth gradients, fine texture, hard edges, saturated colours. The text on it is
 * drawn by the engine's own watermark.
 * @module
 */

/** Width of the picture. */
export const DEMO_WIDTH = 1920;
export const DEMO_HEIGHT = 1280;

/** Where the lake begins, as a part of the height. */
const HORIZON = 0.62;

/** Where the sun stands, just over the farthest hills. */
const SUN_HEIGHT = 0.34;

/** Red, green, blue in 0..255. */
type Rgb = readonly [number, number, number];

/** Three bytes a pixel, row by row. */
export function paintDemo(width: number = DEMO_WIDTH, height: number = DEMO_HEIGHT): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const [red, green, blue] = colorAt(x, y, width, height);
      rgb[at] = clamp(red);
      rgb[at + 1] = clamp(green);
      rgb[at + 2] = clamp(blue);
    }
  }
  return rgb;
}

function colorAt(x: number, y: number, width: number, height: number): Rgb {
  const u = x / width;
  const v = y / height;
  const balloon = balloonAt(x - width * 0.68, y - height * 0.24, height * 0.11);
  if (balloon !== undefined) return balloon;
  const grain = (noise(x, y) - 0.5) * 14;
  if (v > HORIZON) return add(waterAt(x, y, u, v), grain);
  for (const hill of HILLS) {
    if (v > ridge(hill, u)) return add(hillAt(hill, x, y, u, v), grain);
  }
  return add(skyAt(u, v), grain * 0.25);
}

/** Blue above, orange at the horizon, and the sun. */
function skyAt(u: number, v: number): Rgb {
  const low = Math.min(1, v / HORIZON) ** 1.6;
  const distance = Math.hypot((u - 0.3) * 1.5, v - SUN_HEIGHT);
  const glow = Math.exp(-distance * 7);
  const disc = distance < 0.045 ? 1 : 0;
  return [
    30 + 215 * low + 90 * glow + 60 * disc,
    60 + 90 * low + 110 * glow + 90 * disc,
    150 - 60 * low + 20 * glow + 60 * disc,
  ];
}

interface Hill {
  readonly base: number;
  readonly size: number;
  readonly frequency: number;
  readonly color: Rgb;
}

/** From front to back. */
const HILLS: readonly Hill[] = [
  { base: 0.57, size: 0.05, frequency: 5.1, color: [24, 62, 30] },
  { base: 0.51, size: 0.07, frequency: 3.3, color: [48, 92, 58] },
  { base: 0.45, size: 0.09, frequency: 2.1, color: [92, 104, 128] },
];

function ridge({ base, size, frequency }: Hill, u: number): number {
  const phase = frequency * 1.7;
  return (
    base -
    size * (0.5 + 0.5 * Math.sin(u * frequency * 3 + phase)) -
    0.012 * Math.sin(u * 41 + phase)
  );
}

/** Trees are noise of a few pixels; light falls off from the ridge. */
function hillAt(hill: Hill, x: number, y: number, u: number, v: number): Rgb {
  const depth = Math.min(1, (v - ridge(hill, u)) * 6);
  const leaf = noise(x >> 1, y >> 1) * 0.6 + noise(x >> 3, y >> 3) * 0.4;
  const light = 0.55 + 0.7 * leaf * (1 - depth * 0.5);
  const [red, green, blue] = hill.color;
  return [red * light, green * light, blue * light];
}

/** The sky upside down, broken by ripples that get finer with distance. */
function waterAt(x: number, y: number, u: number, v: number): Rgb {
  const depth = (v - HORIZON) / (1 - HORIZON);
  const swell = Math.sin(x * 0.011 + 2.3 * Math.sin(y * 0.047)) + Math.sin(x * 0.031 - y * 0.09);
  const ripple = Math.sin(y * (0.9 - 0.7 * depth) + 2 * swell + noise(x >> 1, y) * 0.8);
  const [red, green, blue] = skyAt(u + ripple * 0.01, HORIZON * (1 - depth * 0.9));
  const shade = 0.72 + 0.1 * ripple - 0.25 * depth;
  return [red * shade, green * shade, blue * shade + 18];
}

/** Gores in pure colours, the hardest thing for subsampled chroma. */
function balloonAt(x: number, y: number, radius: number): Rgb | undefined {
  const basket = Math.abs(x) < radius * 0.13 && y > radius * 1.35 && y < radius * 1.6;
  if (basket) return [92, 58, 24];
  const isRope =
    y > radius * 0.9 && y < radius * 1.35 && Math.abs(Math.abs(x) - radius * 0.1) < 1.2;
  if (isRope) return [40, 32, 28];
  const squeeze = y > 0 ? 1 + 0.25 * (y / radius) : 1;
  const distance = Math.hypot(x * squeeze, y) / radius;
  if (distance > 1) return undefined;
  const gore = Math.floor(
    (Math.asin(Math.max(-1, Math.min(1, (x * squeeze) / radius))) / Math.PI) * 12,
  );
  const light = 1 - 0.45 * distance ** 2 - 0.12 * (x / radius);
  const [red, green, blue] = GORES[((gore % GORES.length) + GORES.length) % GORES.length] ?? WHITE;
  return [red * light, green * light, blue * light];
}

const WHITE: Rgb = [250, 250, 245];
const GORES: readonly Rgb[] = [[230, 20, 40], WHITE, [20, 70, 220], [255, 200, 0]];

/** 0..1, the same for the same place: an integer hash of two coordinates. */
function noise(x: number, y: number): number {
  let hash = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0xffffffff;
}

function add([red, green, blue]: Rgb, amount: number): Rgb {
  return [red + amount, green + amount, blue + amount];
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value + 0.5;
}
