/**
 * The door of the library, with real codecs and fonts.
 * @module
 */

import {
  createRawCodec,
  decodeRaw,
  encodeRaw,
  flat,
  photoLike,
  psnr,
  rgbRaster,
} from '@safelight/testkit';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  createSafelight,
  detectKernelSet,
  ImageError,
  isImageError,
  OSS_LIMITS,
  resize,
  rotate,
} from './index.ts';

const picture = photoLike(401, 267);
const raw = { width: 401, height: 267, channels: 3 } as const;
const jpeg = sharp(picture.rgb, { raw }).jpeg({ quality: 90 }).toBuffer();

const STYLES: Readonly<Record<string, string>> = { small: 'image/resize,w_50' };

async function rejection(work: Promise<unknown>): Promise<ImageError> {
  try {
    await work;
  } catch (error) {
    if (isImageError(error)) return error;
    throw error;
  }
  throw new Error('expected a rejection');
}

describe('createSafelight', () => {
  it('renders texts and actions to the same bytes', async () => {
    const safelight = await createSafelight();
    const source = await jpeg;
    const one = await safelight.render(source, 'image/resize,w_100/rotate,90');
    const chain = [resize({ mode: 'fit', width: 100 }), rotate({ angleDeg: 90 })];
    const other = await safelight.render(source, chain);
    expect(one).toMatchObject({ format: 'jpeg', mediaType: 'image/jpeg', width: 67, height: 100 });
    expect(other.bytes).toEqual(one.bytes);
    const decoded = await sharp(one.bytes).metadata();
    expect([decoded.width, decoded.height, decoded.chromaSubsampling]).toEqual([67, 100, '4:2:0']);
  });

  it('tells which pixel loops it chose', async () => {
    const chosen = await createSafelight();
    expect(chosen.kernelSet).toBe(detectKernelSet());
    const portable = await createSafelight({ kernels: 'portable' });
    expect(portable.kernelSet).toBe('portable');
  });

  it('makes the picture that another library makes', async () => {
    const safelight = await createSafelight({ kernels: 'portable' });
    const source = await jpeg;
    const ours = await safelight.render(source, 'image/resize,m_fixed,w_120,h_80/format,png');
    const actual = await sharp(ours.bytes).removeAlpha().raw().toBuffer();
    const theirs = await sharp(source)
      .resize(120, 80, { fit: 'fill', kernel: 'lanczos3', fastShrinkOnLoad: false })
      .raw()
      .toBuffer();
    expect(psnr(actual, theirs)).toBeGreaterThan(38);
  });

  it.each([
    'image/resize,w_100/rotate,90',
    'image/resize,m_pad,w_90,h_90,color_336699/sharpen,150',
    'image/crop,x_7,y_5,w_201,h_133/blur,r_5,s_4',
    'image/rotate,33/resize,w_700,limit_0',
    'image/watermark,text_SGVsbG8gV29ybGQ,color_FF8800,shadow_40,rotate_15/flip,2',
  ])('gives the same pixels by plain TypeScript and by WebAssembly: %s', async (chain) => {
    const source = await sharp(picture.rgb, { raw }).png().toBuffer();
    const portable = await createSafelight({ kernels: 'portable' });
    const fastest = await createSafelight();
    const expected = await sharp((await portable.render(source, chain)).bytes)
      .raw()
      .toBuffer();
    const actual = await sharp((await fastest.render(source, chain)).bytes)
      .raw()
      .toBuffer();
    expect(Buffer.compare(actual, expected)).toBe(0);
  });

  it.each([
    'panda.png?x-oss-process=image/resize,P_40/rotate,20',
    'panda.jpg?x-oss-process=image/rounded-corners,r_9',
  ])('paints the same picture marks by plain TypeScript and by WebAssembly: %s', async (mark) => {
    const logo = sharp(photoLike(90, 61).rgb, { raw: { width: 90, height: 61, channels: 3 } });
    const files = new Map<string, Uint8Array>([
      ['panda.png', await logo.clone().ensureAlpha(0.6).png().toBuffer()],
      ['panda.jpg', await logo.clone().jpeg().toBuffer()],
    ]);
    const readMark = (key: string): Uint8Array | undefined => files.get(key);
    const text = 'text_SGVsbG8gV29ybGQ,color_FF8800,shadow_40,t_70';
    const image = `image_${Buffer.from(mark).toString('base64url')}`;
    const chain = `image/watermark,${image}/watermark,${image},${text},fill_1,padx_7,pady_9`;
    const portable = await createSafelight({ kernels: 'portable' });
    const fastest = await createSafelight();
    for (const source of [await sharp(picture.rgb, { raw }).png().toBuffer(), await jpeg]) {
      const expected = await portable.render(source, `${chain}/format,png`, { readMark });
      const actual = await fastest.render(source, `${chain}/format,png`, { readMark });
      const [one, other] = await Promise.all(
        [expected, actual].map(({ bytes }) => sharp(bytes).removeAlpha().raw().toBuffer()),
      );
      // The two JPEG decoders differ by a level or two.
      expect(psnr(one!, other!)).toBeGreaterThan(45);
    }
  });

  it('marks every frame of an animation', async () => {
    const [width, height, frames] = [40, 30, 3];
    const { rgb } = photoLike(width, height * frames);
    const gif = await sharp(rgb, {
      raw: { width, height: height * frames, channels: 3, pageHeight: height },
    })
      .gif({ delay: [50, 70, 90] })
      .toBuffer();
    const red = { create: { width: 9, height: 7, channels: 3 as const, background: '#ff0000' } };
    const logo = await sharp(red).png().toBuffer();
    const mark = 'image_bG9nby5wbmc,g_nw,x_0,y_0,text_YQ,size_9,order_0';
    const safelight = await createSafelight();
    const { bytes } = await safelight.render(gif, `image/watermark,${mark}`, {
      readMark: (key) => (key === 'logo.png' ? logo : undefined),
    });
    const drawn = sharp(bytes, { animated: true });
    expect(await drawn.metadata()).toMatchObject({ pages: frames, delay: [50, 70, 90] });
    const { data, info } = await drawn.raw().toBuffer({ resolveWithObject: true });
    for (let frame = 0; frame < frames; frame++) {
      const at = info.channels * ((frame * height + 12) * width + 4);
      const [r = 0, g = 255, b = 255] = data.subarray(at);
      expect([r > 240, g < 16, b < 16]).toEqual([true, true, true]);
    }
  });

  it('refuses a picture mark without a reader for it', async () => {
    const safelight = await createSafelight();
    const render = safelight.render(await jpeg, 'image/watermark,image_cGFuZGEucG5n');
    await expect(render).rejects.toMatchObject({ code: 'NotImplemented', at: 6 });
  });

  it.each([3, 50, 71, 100, 133, 201, 399])(
    'decodes no less of a JPEG than %i pixels need',
    async (width) => {
      const source = await jpeg;
      const chain = `image/resize,w_${width}/format,png`;
      const portable = await createSafelight({ kernels: 'portable' });
      const fastest = await createSafelight();
      const whole = await portable.render(source, chain);
      const scaled = await fastest.render(source, chain);
      expect([scaled.width, scaled.height]).toEqual([whole.width, whole.height]);
      const expected = await sharp(whole.bytes).removeAlpha().raw().toBuffer();
      const actual = await sharp(scaled.bytes).removeAlpha().raw().toBuffer();
      expect(psnr(actual, expected)).toBeGreaterThan(40);
    },
  );

  it('describes a picture as the service does', async () => {
    const safelight = await createSafelight();
    const source = await jpeg;
    const { bytes, format, mediaType } = await safelight.render(source, 'image/info');
    const told = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    expect([format, mediaType]).toEqual(['json', 'application/json']);
    expect(told).toMatchObject({
      FileSize: { value: String(source.length) },
      ImageWidth: { value: '401' },
      Format: { value: 'jpg' },
    });
  });

  it('writes text with fonts of its own', async () => {
    const safelight = await createSafelight();
    const rgb = flat(240, 80, [255, 255, 255]).rgb;
    const source = await sharp(rgb, { raw: { width: 240, height: 80, channels: 3 } })
      .png()
      .toBuffer();
    const text = 'SGVsbG8g5Zu-54mH5pyN5YqhIQ';
    const process = `image/watermark,text_${text},size_20,color_FF0000,g_center`;
    const { bytes } = await safelight.render(source, process);
    const { channels } = await sharp(bytes).stats();
    expect(channels[0]!.min).toBeGreaterThan(240);
    expect(channels[1]!.min).toBe(0);
    expect(channels[1]!.mean).toBeGreaterThan(200);
  });

  it('passes faults of the text on, with their place', async () => {
    const safelight = await createSafelight({ limits: 'oss' });
    const error = await rejection(safelight.render(await jpeg, 'image/resize,w_0'));
    // The place is that of the argument, `w_0`.
    expect([error.code, error.reason, error.at]).toEqual(['InvalidArgument', 'out-of-range', 13]);
    const large = safelight.render(await jpeg, 'image/resize,m_fixed,w_5000,h_5000');
    expect(await rejection(large)).toMatchObject({ reason: 'output-too-large', at: 6 });
    const outside = await rejection(safelight.render(await jpeg, 'image/rotate,90/crop,x_500'));
    // Found when the picture is known; still the place of the argument, `x_500`.
    expect([outside.fault?.parameter, outside.at]).toEqual(['x', 21]);
  });

  it('refuses styles unless it is told where they are', async () => {
    const source = await jpeg;
    const plain = await createSafelight();
    expect((await rejection(plain.render(source, 'style/small'))).fault?.value).toBe('small');
    const knowing = await createSafelight({ styles: (name) => STYLES[name] });
    expect(await knowing.render(source, 'style/small')).toMatchObject({ width: 50, height: 33 });
    expect((await rejection(knowing.render(source, 'style/other'))).at).toBe(6);
  });

  it('asks codecs of its user before its own', async () => {
    const safelight = await createSafelight({ codecs: [createRawCodec({ format: 'gif' })] });
    const source = encodeRaw(rgbRaster(flat(4, 2, [9, 99, 200])), 'gif');
    const { bytes, format } = await safelight.render(source, 'image/crop,w_3,h_2');
    expect(format).toBe('gif');
    expect(decodeRaw(bytes)).toMatchObject({ width: 3, height: 2, model: 'rgb' });
  });

  it('takes limits of its own for one render', async () => {
    const safelight = await createSafelight();
    const limits = { ...OSS_LIMITS, maxSourceBytes: 100 };
    const error = await rejection(safelight.render(await jpeg, 'image/rotate,90', { limits }));
    expect(error.reason).toBe('too-many-bytes');
  });
});
