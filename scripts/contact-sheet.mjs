/**
 * Makes the contact sheet: every action and parameter of the language on one page of pictures with
 * their chains, as HTML and as one PNG, in `.out/contact-sheet`. Run by `pnpm contact-sheet`. What is on
 * it comes from the testkit's list; pictures, texts and the sheet itself are made by our own library.
 * @module
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './pnpm.mjs';

const { createPlanarPngCodec, nodeDeflater } = await import('../packages/codecs/dist/index.js');
const { createArena, createBudget, GENEROUS_LIMITS, isImageError } =
  await import('../packages/core/dist/index.js');
const { createCanvasTextRasterizer } = await import('../packages/core/dist/text/index.js');
const { createSafelight } = await import('../packages/safelight/dist/index.js');
const { CONTACT_HEIGHT, CONTACT_MARK_KEY, CONTACT_SECTIONS, CONTACT_WIDTH } =
  await import('../packages/testkit/dist/index.js');
const { paintDemo } = await import('../apps/server/dist/node/demo-picture.js');

const folder = join(root, '.out', 'contact-sheet');
const limits = GENEROUS_LIMITS;
const png = createPlanarPngCodec({ deflater: nodeDeflater });
const safelight = await createSafelight();
const writer = createCanvasTextRasterizer();

/** Of the sheet, in pixels. */
const COLUMNS = 5;
const TILE_WIDTH = 322;
const MAX_PICTURE_HEIGHT = 260;
const LINE_HEIGHT = 14;
const LABEL_LINES = 3;
const LABEL_HEIGHT = LABEL_LINES * LINE_HEIGHT + 16;
const HEADING_HEIGHT = 34;
const FONT = 'Noto Sans SC';

function contextOf() {
  return { arena: createArena(), budget: createBudget(limits.maxMemoryBytes), limits };
}

async function decodePng(bytes) {
  const context = contextOf();
  context.arena.reserve(1 << 24);
  return png.decode(bytes, png.readHeader(bytes, limits), {}, context);
}

function encodePng(raster) {
  return png.encode(raster, { qualityPercent: 90, progressive: false }, contextOf());
}

function planeOf(width, height, valueAt) {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[y * width + x] = valueAt(x, y);
  }
  return { data, width, height, stride: width, extent: { left: 0, top: 0, width, height } };
}

/** The demo's picture, opaque, fading to the right, lying with a tag that says so, and in two more formats. */
async function makeSources() {
  const [width, height] = [CONTACT_WIDTH, CONTACT_HEIGHT];
  const rgb = paintDemo(width, height);
  const planes = [0, 1, 2].map((c) =>
    planeOf(width, height, (x, y) => rgb[3 * (y * width + x) + c]),
  );
  const raster = { width, height, model: 'rgb', planes, metadata: {} };
  const alpha = planeOf(width, height, (x) => Math.round((255 * x) / (width - 1)));
  const opaque = await encodePng(raster);
  const lying = await safelight.render(opaque, 'image/rotate,270/format,jpg/quality,Q_90');
  return {
    opaque,
    transparent: await encodePng({ ...raster, alpha }),
    turned: withOrientation(lying.bytes, 6),
    webp: (await safelight.render(opaque, 'image/format,webp')).bytes,
    avif: (await safelight.render(opaque, 'image/format,avif')).bytes,
  };
}

/** An EXIF segment with nothing but the orientation, right behind SOI. */
function withOrientation(jpeg, orientation) {
  const exif = Buffer.from(
    'ffe100224578696600004d4d002a00000008000101120003000000010000000000000000',
    'hex',
  );
  exif[29] = orientation;
  return Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
}

function readMark(key) {
  return key === CONTACT_MARK_KEY ? sources.transparent : undefined;
}

/** What became of a chain: a picture that browsers show, or a text. */
async function renderTile(source, chain) {
  try {
    const result = await safelight.render(source, `image/${chain}`, { readMark });
    if (result.format === 'json') return { text: new TextDecoder().decode(result.bytes) };
    const shown = await safelight.render(result.bytes, 'image/format,png');
    const note = `${result.format} ${result.width} x ${result.height}, ${result.bytes.length} bytes`;
    return { bytes: shown.bytes, raster: await decodePng(shown.bytes), note };
  } catch (error) {
    if (!isImageError(error)) throw error;
    return { text: `refused: ${error.message}` };
  }
}

/** Paper to lay pictures and lines on. */
function createPaper(width, height) {
  const planes = [0, 1, 2].map(() => planeOf(width, height, () => 255));
  const blend = (x, y, colors, share) => {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    const at = y * width + x;
    for (const [i, { data }] of planes.entries()) {
      data[at] = Math.round((data[at] * (255 - share) + colors[i] * share) / 255);
    }
  };
  return { raster: { width, height, model: 'rgb', planes, metadata: {} }, blend };
}

/** On squares of two greys where it is transparent, and within what a tile has room for. */
function layPicture({ blend }, { raster }, left, top) {
  const { planes, alpha } = raster;
  const [red, green = red, blue = red] = planes;
  for (let y = 0; y < Math.min(raster.height, MAX_PICTURE_HEIGHT); y++) {
    for (let x = 0; x < Math.min(raster.width, TILE_WIDTH - 10); x++) {
      const square = ((x >> 3) + (y >> 3)) % 2 === 0 ? 200 : 235;
      blend(left + x, top + y, [square, square, square], 255);
      const colors = [red, green, blue].map(({ data, stride }) => data[y * stride + x]);
      blend(left + x, top + y, colors, alpha?.data[y * alpha.stride + x] ?? 255);
    }
  }
}

function layText({ blend }, text, left, top, size, color = [0, 0, 0]) {
  const { coverage, width, height } = writer.rasterize({
    text,
    font: writer.fonts[0] ?? FONT,
    size,
  });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) blend(left + x, top + y, color, coverage[y * width + x]);
  }
}

/** Cut where the tile ends: by pixels, since letters differ in width. */
function linesOf(text, size, most) {
  const lines = [''];
  for (const letter of text) {
    const longer = lines.at(-1) + letter;
    const { width } = writer.measure({ text: longer, font: writer.fonts[0] ?? FONT, size });
    if (width <= TILE_WIDTH - 14) lines[lines.length - 1] = longer;
    else lines.push(letter);
  }
  return lines.slice(0, most);
}

function layTile(paper, { chain, tile }, left, top, pictureHeight) {
  if (tile.raster) layPicture(paper, tile, left, top);
  else {
    for (const [i, line] of linesOf(tile.text, 11, 12).entries()) {
      layText(paper, line, left, top + i * LINE_HEIGHT, 11, [150, 0, 0]);
    }
  }
  const label = [...linesOf(chain, 11, LABEL_LINES - 1), ...(tile.note ? [tile.note] : [])];
  for (const [i, line] of label.entries()) {
    const color = i === label.length - 1 && tile.note ? [120, 120, 120] : [0, 0, 0];
    layText(paper, line, left, top + pictureHeight + 4 + i * LINE_HEIGHT, 11, color);
  }
}

/** As high as its highest picture. */
function rowsOf(tiles) {
  const rows = [];
  for (let i = 0; i < tiles.length; i += COLUMNS) {
    const row = tiles.slice(i, i + COLUMNS);
    const heights = row.map(({ tile }) => tile.raster?.height ?? 8 * LINE_HEIGHT);
    rows.push({ row, pictureHeight: Math.min(MAX_PICTURE_HEIGHT, Math.max(...heights)) });
  }
  return rows;
}

/** All sections below one another. */
function laySheet(sections) {
  const laid = sections.map(({ action, tiles }) => ({ action, rows: rowsOf(tiles) }));
  const heightOf = ({ rows }) =>
    rows.reduce((sum, { pictureHeight }) => sum + pictureHeight + LABEL_HEIGHT, HEADING_HEIGHT);
  const height = laid.reduce((sum, section) => sum + heightOf(section), 10);
  const paper = createPaper(COLUMNS * TILE_WIDTH + 10, height);
  let top = 10;
  for (const { action, rows } of laid) {
    layText(paper, action, 10, top, 20, [0, 60, 140]);
    top += HEADING_HEIGHT;
    for (const { row, pictureHeight } of rows) {
      for (const [i, entry] of row.entries()) {
        layTile(paper, entry, 10 + i * TILE_WIDTH, top, pictureHeight);
      }
      top += pictureHeight + LABEL_HEIGHT;
    }
  }
  return paper.raster;
}

function escapeHtml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function htmlOf(sections) {
  const figures = ({ tiles }) =>
    tiles.map(({ chain, tile, file }) => {
      const shown = file ? `<img src="${file}" alt="">` : `<pre>${escapeHtml(tile.text)}</pre>`;
      const caption = `<code>image/${escapeHtml(chain)}</code><br>${tile.note ?? ''}`;
      return `<figure>${shown}<figcaption>${caption}</figcaption></figure>`;
    });
  const body = sections.map(
    (section) => `<h2>${section.action}</h2>${figures(section).join('\n')}`,
  );
  const style =
    'body{font:14px sans-serif}figure{display:inline-block;vertical-align:top;width:320px;margin:8px}' +
    'figcaption,pre{overflow-wrap:anywhere;white-space:pre-wrap}img{background:repeating-conic-gradient' +
    '(#ccc 0 25%,#eee 0 50%) 0 0/16px 16px}';
  return `<!doctype html><meta charset="utf-8"><title>Contact sheet</title><style>${style}</style>${body.join('\n')}`;
}

const sources = await makeSources();
mkdirSync(folder, { recursive: true });
const sections = [];
for (const { action, chains, source = 'opaque' } of CONTACT_SECTIONS) {
  const tiles = [];
  for (const [index, chain] of chains.entries()) {
    const tile = await renderTile(sources[source], chain);
    const file = tile.bytes && `${action.replace(' ', '-')}-${index + 1}.png`;
    if (file) writeFileSync(join(folder, file), tile.bytes);
    tiles.push({ chain, tile, file });
  }
  sections.push({ action, tiles });
}
writeFileSync(join(folder, 'index.html'), htmlOf(sections));
const sheet = laySheet(sections);
writeFileSync(join(folder, 'sheet.png'), await encodePng(sheet));
const count = sections.reduce((sum, { tiles }) => sum + tiles.length, 0);
console.log(`${count} chains: ${join(folder, 'index.html')} and sheet.png`);
