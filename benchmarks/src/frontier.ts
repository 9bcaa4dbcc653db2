/**
 * `node dist/frontier.js [FILES]`: for each scale N/8 of the JPEG decoder and several reductions, the
 * luma PSNR before encoding and the time of the whole render. The constants that choose a scale
 * (core's `decode-request.ts`) are read off this table. Without files, a generated picture.
 * @module
 */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createJpegCodec } from '@safelight/codecs';
import { lanczosReference, photoLike, psnr } from '@safelight/testkit';
import { type Codec, createSafelight, type Safelight } from 'safelight';
import sharp from 'sharp';
import { type Luma, readLuma } from './quality.ts';

const TARGET_WIDTHS = [1200, 720, 500, 320, 200, 100];
const SCALES = [8, 7, 6, 5, 4, 3, 2, 1];
const RUNS = 7;
/** Below this the picture would be enlarged again. */
const LEAST_LEFT = 1;

/** A codec that decodes at a scale of our choosing, whatever the plan asks for. */
function createForcedCodec(): { codec: Codec; force: (scale: number) => void } {
  const base = createJpegCodec({ decoder: 'wasm' });
  const { planDecode, decode } = base;
  if (planDecode === undefined || decode === undefined) throw new Error('the codec plans decodes');
  let scale = 8;
  const codec: Codec = {
    ...base,
    planDecode: (header, request) => planDecode(header, { ...request, scale }),
    decode: (bytes, header, request, context) =>
      decode(bytes, header, { ...request, scale }, context),
  };
  return {
    codec,
    force: (next) => {
      scale = next;
    },
  };
}

async function leastMs(work: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

async function printRow(
  safelight: Safelight,
  source: Uint8Array,
  full: Luma,
  target: { width: number; force: (scale: number) => void },
): Promise<void> {
  const chain = `image/auto-orient,0/resize,w_${target.width}`;
  const reduction = full.width / target.width;
  for (const scale of SCALES) {
    const left = (scale * reduction) / 8;
    if (left < LEAST_LEFT) break;
    target.force(scale);
    const { bytes } = await safelight.render(source, `${chain}/format,png`);
    const { samples, width, height } = await readLuma(bytes);
    const expected = lanczosReference(full.samples, full.width, full.height, width, height);
    const ms = await leastMs(() => safelight.render(source, chain));
    const db = psnr(expected, samples);
    const cells = [target.width, reduction.toFixed(2), `${scale}/8`, left.toFixed(2)];
    console.log(`| ${[...cells, db.toFixed(1), ms.toFixed(1)].join(' | ')} |`);
  }
}

async function generated(): Promise<Uint8Array> {
  const { rgb, width, height } = photoLike(2725, 2225, 7);
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

const { codec, force } = createForcedCodec();
const safelight = await createSafelight({ codecs: [codec] });
const files = process.argv.slice(2);
for (const file of files.length === 0 ? [undefined] : files) {
  const source = file === undefined ? await generated() : new Uint8Array(readFileSync(file));
  force(8);
  const whole = await safelight.render(source, 'image/auto-orient,0/format,png');
  const full = await readLuma(whole.bytes);
  const name = file === undefined ? 'generated' : basename(file);
  console.log(`\n${name}, ${full.width} x ${full.height}\n`);
  console.log(
    '| width | reduction | scale | left | luma dB | ms |\n| --- | --- | --- | --- | --- | --- |',
  );
  for (const width of TARGET_WIDTHS) {
    if (width < full.width) await printRow(safelight, source, full, { width, force });
  }
}
