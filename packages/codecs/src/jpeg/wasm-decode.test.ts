/**
 * What the engine gets from our own decoder: planes as predicted, every kind of colour, odd samplings
 * brought to the full grid. The samples themselves are tested in @safelight/jpeg.
 * @module
 */
import {
  createArena,
  createBudget,
  type DecodeRequest,
  GENEROUS_LIMITS,
  type Raster,
} from '@safelight/core';
import {
  decodeJpeg,
  encodeJpeg,
  JPEG_ENCODER_REGION_END,
  type JpegComponent,
} from '@safelight/jpeg';
import { photoLike, planeSamples } from '@safelight/testkit';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createJpegCodec } from './codec.ts';

const codec = createJpegCodec({ decoder: 'wasm' });
const WIDTH = 61;
const HEIGHT = 43;

/** Decodes in an arena of exactly what was planned; anything more fails. */
function decode(bytes: Uint8Array, request: DecodeRequest = {}): Raster {
  const header = codec.readHeader(bytes, GENEROUS_LIMITS);
  const shape = codec.planDecode?.(header, request);
  if (shape === undefined) throw new Error('expected a plan');
  const arena = createArena({ wasm: true, moduleBytes: JPEG_ENCODER_REGION_END });
  arena.reserve(shape.planeBytes + shape.scratchBytes);
  const budget = createBudget(GENEROUS_LIMITS.maxMemoryBytes);
  const context = { arena, budget, limits: GENEROUS_LIMITS };
  const raster = codec.decode?.(bytes, header, request, context);
  if (raster === undefined || raster instanceof Promise) throw new Error('expected a raster');
  expect(arena.usedBytes).toBe(shape.planeBytes);
  expect(arena.highWaterBytes).toBe(shape.planeBytes + shape.scratchBytes);
  expect(raster.planes.map(({ width, height, extent }) => ({ width, height, extent }))).toEqual(
    shape.planes,
  );
  expect([raster.width, raster.height, raster.model]).toEqual([
    header.width,
    header.height,
    header.model,
  ]);
  return raster;
}

type Factor = JpegComponent['horizontalSampling'];

function fileWith(samplings: readonly (readonly [Factor, Factor])[], progressive = false) {
  const data = new Uint8Array(photoLike(WIDTH, HEIGHT).rgb);
  const components = samplings.map(([horizontalSampling, verticalSampling], i) => ({
    data: data.subarray(11 * i),
    width: WIDTH - 8,
    height: HEIGHT - 8,
    stride: WIDTH,
    horizontalSampling,
    verticalSampling,
  }));
  return encodeJpeg({ width: WIDTH, height: HEIGHT, components, qualityPercent: 80, progressive });
}

const cmyk = await sharp(photoLike(WIDTH, HEIGHT).rgb, {
  raw: { width: WIDTH, height: HEIGHT, channels: 3 },
})
  .toColourspace('cmyk')
  .jpeg({ chromaSubsampling: '4:2:0' })
  .toBuffer();

const FULL = { left: 0, top: 0, width: WIDTH, height: HEIGHT };

const KINDS = [
  {
    name: '4:4:4',
    bytes: fileWith([
      [1, 1],
      [1, 1],
      [1, 1],
    ]),
    stored: [0, 1, 2],
  },
  {
    name: '4:2:0',
    bytes: fileWith([
      [2, 2],
      [1, 1],
      [1, 1],
    ]),
    stored: [0, 1, 2],
  },
  {
    name: '4:2:0, progressive',
    bytes: fileWith(
      [
        [2, 2],
        [1, 1],
        [1, 1],
      ],
      true,
    ),
    stored: [0, 1, 2],
  },
  {
    name: 'chroma of 1/3',
    bytes: fileWith([
      [3, 1],
      [1, 1],
      [1, 1],
    ]),
    stored: [0, 1, 2],
  },
  {
    name: 'uneven chroma',
    bytes: fileWith([
      [2, 2],
      [2, 1],
      [1, 2],
    ]),
    stored: [0, 1, 2],
  },
  {
    name: 'subsampled luma',
    bytes: fileWith([
      [1, 1],
      [2, 2],
      [2, 2],
    ]),
    stored: [1, 2],
  },
  {
    name: 'luma of 2/3',
    bytes: fileWith(
      [
        [2, 2],
        [3, 3],
        [1, 1],
      ],
      true,
    ),
    stored: [1, 2],
  },
  { name: 'grey of 2 x 2', bytes: fileWith([[2, 2]]), stored: [0] },
  { name: 'inks', bytes: cmyk, stored: [] },
] as const;

describe.each(KINDS)('$name', ({ bytes, stored }) => {
  it('comes as planned at every scale, chroma as it is stored', () => {
    for (let scale = 1; scale <= 8; scale++) {
      const raster = decode(bytes, { scale });
      // Inks are not scaled: they become light first.
      const used = raster.model === 'cmyk' ? 8 : scale;
      const ready = decodeJpeg(bytes, { scale: used, upsample: true }).planes;
      const own = decodeJpeg(bytes, { scale: used }).planes;
      raster.planes.forEach((plane, i) => {
        const isStored = (stored as readonly number[]).includes(i);
        expect(planeSamples(plane)).toEqual(planeSamples((isStored ? own : ready)[i]));
      });
    }
  });

  it('has its luma, light or ink on the full grid', () => {
    const raster = decode(bytes);
    const isChroma = (i: number): boolean => raster.model === 'ycbcr' && i > 0;
    raster.planes.forEach((plane, i) => {
      if (isChroma(i)) return;
      expect([plane.width, plane.height, plane.extent]).toEqual([WIDTH, HEIGHT, FULL]);
    });
  });

  it('covers a region as planned, with the samples of the whole', () => {
    const region = { left: 20, top: 17, width: 13, height: 9 };
    const whole = decode(bytes);
    decode(bytes, { region }).planes.forEach((plane, i) => {
      const all = whole.planes[i];
      const pitch = all.extent.width / all.width;
      const pitchDown = all.extent.height / all.height;
      for (let y = Math.ceil(17 / pitchDown); y < Math.floor(26 / pitchDown); y++) {
        for (let x = Math.ceil(20 / pitch); x < Math.floor(33 / pitch); x++) {
          const row = y - plane.extent.top / pitchDown;
          const column = x - plane.extent.left / pitch;
          const expected = all.data[y * all.stride + x];
          expect(plane.data[row * plane.stride + column]).toBe(expected);
        }
      }
    });
  });
});

describe('inks', () => {
  it('come as amounts with their profile', async () => {
    const raster = decode(cmyk);
    expect(raster.model).toBe('cmyk');
    const expected = await sharp(cmyk, { ignoreIcc: true })
      .pipelineColourspace('cmyk')
      .toColourspace('cmyk')
      .raw()
      .toBuffer();
    raster.planes.forEach((plane, i) => {
      const samples = planeSamples(plane);
      expect(samples.every((ink, at) => ink === expected[4 * at + i])).toBe(true);
    });
    const profiled = await sharp(cmyk)
      .toColourspace('cmyk')
      .withIccProfile('cmyk')
      .jpeg()
      .toBuffer();
    const { icc = new Uint8Array(0) } = decode(profiled).metadata;
    expect(String.fromCharCode(...icc.subarray(16, 20))).toBe('CMYK');
  });
});
