import { checkerboard, photoLike } from '@safelight/testkit';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { createSafelight } from '../../src/index.ts';

const safelight = await createSafelight();
const photo = photoLike(120, 80, 11);
const board = checkerboard(64, 48, 8);

function imageOf({ width, height, rgb }: typeof photo): Sharp {
  return sharp(Buffer.from(rgb), { raw: { width, height, channels: 3 } });
}

/** `bits` and kind of what a chain writes, and its levels by another decoder. */
async function written(source: Uint8Array, chain: string) {
  const { bytes } = await safelight.render(source, chain);
  const { format, isPalette, channels, depth, hasProfile = false } = await sharp(bytes).metadata();
  return { format, isPalette, channels, depth, hasProfile, bytes };
}

/** PNG, 11.2.1: where IHDR has its colour type and bit depth. */
function headOf(bytes: Uint8Array): { readonly bitDepth: number; readonly colorType: number } {
  return { bitDepth: bytes[24], colorType: bytes[25] };
}

describe('a PNG of a picture with a palette', () => {
  const sources = {
    png: imageOf(board).png({ palette: true }),
    gif: imageOf(board).gif(),
  };

  it.each(Object.keys(sources) as (keyof typeof sources)[])(
    'keeps one through what leaves few colours, from %s',
    async (kind) => {
      const source = await sources[kind].toBuffer();
      const whole = await written(source, 'image/format,png');
      expect(whole).toMatchObject({ format: 'png', isPalette: true });
      expect(headOf(whole.bytes)).toEqual({ bitDepth: 1, colorType: 3 });
      for (const chain of ['crop,x_3,y_5,w_30,h_20', 'rotate,90', 'flip,1', 'bright,20']) {
        const { isPalette, bytes } = await written(source, `image/${chain}/format,png`);
        expect([chain, isPalette]).toEqual([chain, true]);
        expect(headOf(bytes).bitDepth).toBeLessThanOrEqual(2);
      }
    },
  );

  it('has none where the colours have become too many', async () => {
    const source = await imageOf(photo).png({ palette: true, colours: 200 }).toBuffer();
    expect((await written(source, 'image/rotate,90')).isPalette).toBe(true);
    const small = await written(source, 'image/resize,w_90');
    expect(headOf(small.bytes)).toEqual({ bitDepth: 8, colorType: 2 });
  });

  it('shows the same pixels as without one', async () => {
    const source = await imageOf(photo).png({ palette: true, colours: 64 }).toBuffer();
    const plain = await sharp(source).toColourspace('srgb').png({ palette: false }).toBuffer();
    const chain = 'image/crop,x_7,y_9,w_50,h_40/rotate,270';
    const levels = await Promise.all(
      [source, plain].map(async (bytes) => {
        const result = await safelight.render(bytes, chain);
        return sharp(result.bytes).removeAlpha().toColourspace('srgb').raw().toBuffer();
      }),
    );
    expect(levels[0].equals(levels[1])).toBe(true);
  });
});

describe('a PNG of another picture', () => {
  it('has no palette, however few its colours', async () => {
    const source = await imageOf(board).png({ palette: false }).toBuffer();
    expect(headOf((await written(source, 'image/rotate,90')).bytes)).toEqual({
      bitDepth: 8,
      colorType: 2,
    });
  });

  it('is grey where the source was, with alpha or without', async () => {
    const gray = imageOf(photo).toColourspace('b-w');
    for (const source of [
      await gray.clone().png().toBuffer(),
      await gray.clone().jpeg().toBuffer(),
    ]) {
      const { bytes } = await written(source, 'image/resize,w_40/format,png');
      expect(headOf(bytes)).toEqual({ bitDepth: 8, colorType: 0 });
    }
    const clear = await sharp({
      create: { width: 8, height: 8, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0.5 } },
    })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect(headOf((await written(clear, 'image/flip,1')).bytes).colorType).toBe(4);
  });

  it('carries neither a profile nor an orientation, and stands upright', async () => {
    const source = await imageOf(photo)
      .withIccProfile('p3')
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    for (const format of ['png', 'jpg', 'tiff', 'bmp']) {
      const { bytes, width, height } = await safelight.render(source, `image/format,${format}`);
      expect([width, height]).toEqual([80, 120]);
      if (format === 'bmp') continue;
      const { icc, orientation = 1, exif } = await sharp(bytes).metadata();
      expect([icc, exif, orientation]).toEqual([undefined, undefined, 1]);
    }
  });
});

describe('alpha', () => {
  it('is flattened on white where the output has none, of 16 bits as of 8', async () => {
    const samples = Uint16Array.of(0, 0, 0, 32_768, 65_535, 0, 0, 0, 1_000, 2_000, 3_000, 65_535);
    const raw = { width: 3, height: 1, channels: 4 as const };
    const deep = await sharp(samples, { raw }).toColourspace('rgb16').png().toBuffer();
    const { bytes: png } = await safelight.render(deep, 'image/format,png');
    expect((await sharp(png).metadata()).channels).toBe(4);
    const jpeg = await safelight.render(deep, 'image/format,jpg/quality,Q_100');
    const levels = await sharp(jpeg.bytes).raw().toBuffer();
    // Half of black on white; nothing of red on white; 2000 / 65535 of white is level 8.
    expect(Math.abs(levels[0] - 127)).toBeLessThanOrEqual(4);
    expect(await sharp(png).raw().toBuffer()).toEqual(
      Buffer.of(0, 0, 0, 128, 255, 0, 0, 0, 4, 8, 12, 255),
    );
  });
});

describe('a PNG with colours of its own, made much smaller', () => {
  /** The file with a chunk before its pixels. */
  function withChunk(file: Buffer, type: string, payload: Uint8Array): Buffer {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), payload]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(payload.length);
    sum.writeUInt32BE(crc32(body));
    const at = file.indexOf('IDAT') - 4;
    return Buffer.concat([file.subarray(0, at), length, body, sum, file.subarray(at)]);
  }

  // Pixels were once left interleaved for the reduction, but taken apart before it to be converted.
  it.each(['a profile', 'a gamma'])('has the memory that was planned: %s', async (kind) => {
    const source = imageOf(photo).resize(1200, 800).ensureAlpha(0.5);
    const file =
      kind === 'a profile'
        ? await source.withIccProfile('p3').png().toBuffer()
        : withChunk(await source.png().toBuffer(), 'gAMA', Uint8Array.of(0, 1, 0x86, 0xa0));
    const { width, height, hasAlpha } = await sharp(
      (await safelight.render(file, 'image/resize,w_120')).bytes,
    ).metadata();
    expect({ width, height, hasAlpha }).toEqual({ width: 120, height: 80, hasAlpha: true });
  });
});
