/**
 * The chart of the README, drawn from a report: time of Safelight beside each case's peer, with the
 * target. Plain SVG that follows the reader's light or dark colours.
 * @module
 */

import {
  type EngineRow,
  judge,
  type MissingRow,
  type PictureEntry,
  type Report,
} from './report.ts';

const WIDTH = 760;
const ROW_HEIGHT = 40;
const TOP = 64;
const BOTTOM = 32;
const MARGIN = 8;
/** Room for the number behind the bars. */
const VALUE_WIDTH = 60;
const BAR_WIDTH = WIDTH - 2 * MARGIN - VALUE_WIDTH;
const BAR_HEIGHT = 12;
/** The bar's top below that of its row; the title stands above it. */
const BAR_OFFSET = 20;
/**
 * Longer bars are cut off here, so that one slow case does not squeeze the others; the number
 * tells.
 */
const MAX_SHOWN = 1.5;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .note { font-size: 11px; fill: #57606a; }
  .title { font-size: 15px; font-weight: 600; }
  .bar { fill: #2da44e; }
  .bar.over { fill: #bf8700; }
  .value { font-weight: 600; }
  .track { fill: #57606a; fill-opacity: 0.12; }
  .peer { stroke: #57606a; stroke-width: 2; }
  .target { stroke: #cf222e; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .note { fill: #8d96a0; }
    .bar { fill: #3fb950; }
    .bar.over { fill: #d29922; }
    .peer { stroke: #8d96a0; }
    .target { stroke: #f85149; }
  }
`;

interface Bar {
  readonly label: string;
  readonly note: string;
  readonly ratio: number;
  readonly bound: number;
  readonly isMet: boolean;
}

/** The first picture of every case whose target is a ratio of times. */
export function drawChart({ machine, entries }: Report): string {
  const bars = entries.flatMap((entry) => (entry.kind === 'picture' ? barsOf(entry) : []));
  const unique = bars.filter((bar, i) => bars.findIndex(({ label }) => label === bar.label) === i);
  const scale = BAR_WIDTH / Math.min(MAX_SHOWN, Math.max(1.1, ...unique.map(({ ratio }) => ratio)));
  const height = TOP + unique.length * ROW_HEIGHT + BOTTOM;
  const peerX = round(MARGIN + scale);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" ` +
      `height="${height}" role="img" aria-label="Time of Safelight beside other engines">`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="${MARGIN}" y="22">Time of Safelight, in times of the peer's</text>`,
    `<text class="note" x="${MARGIN}" y="40">Shorter is faster. Red: target. ` +
      `dB: luma PSNR of the pixels before encoding.</text>`,
    `<text class="note" x="${peerX}" y="${TOP - 6}" text-anchor="middle">` +
      `as fast as the peer</text>`,
    ...unique.flatMap((bar, row) => drawBar(bar, TOP + row * ROW_HEIGHT, scale)),
    `<text class="note" x="${MARGIN}" y="${height - 10}">Whole jobs, file to file, on ` +
      `${escapeXml(`${machine.cores} cores of ${machine.cpu}, Node ${machine.node}`)}.</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function barsOf(entry: PictureEntry): Bar[] {
  const { id, title, rows, verdict } = entry;
  if (verdict?.measured === undefined || !verdict.text.startsWith('time beside ')) return [];
  const peer = verdict.text.replace('time beside ', '');
  const worth = [rows[0], rows.find(({ label }) => label === peer)].map(printWorth);
  return [
    {
      label: `${id} ${title}`,
      note: `${worth[0]}; ${peer}: ${worth[1]}`,
      ratio: verdict.measured,
      bound: verdict.bound,
      isMet: judge(verdict) === 'met',
    },
  ];
}

/** What a time must never stand without. */
function printWorth(row: EngineRow | MissingRow | undefined): string {
  if (row?.kind !== 'measured') return 'not available';
  const quality = row.losslessPsnrDb === 'exact' ? 'exact' : `${row.losslessPsnrDb.toFixed(0)} dB`;
  return `${quality}, ${(row.bytes / 1000).toFixed(1)} kB`;
}

function drawBar({ label, note, ratio, bound, isMet }: Bar, top: number, scale: number): string[] {
  const barTop = top + BAR_OFFSET;
  const rectangle = (name: string, width: number): string =>
    `<rect class="${name}" x="${MARGIN}" y="${barTop}" width="${round(width)}" ` +
    `height="${BAR_HEIGHT}" rx="2"/>`;
  const tick = (name: string, value: number): string => {
    const x = round(MARGIN + value * scale);
    const bottom = barTop + BAR_HEIGHT + 2;
    return `<line class="${name}" x1="${x}" x2="${x}" y1="${barTop - 2}" y2="${bottom}"/>`;
  };
  return [
    `<text x="${MARGIN}" y="${top + 14}">${escapeXml(label)} ` +
      `<tspan class="note" dx="6">${escapeXml(note)}</tspan></text>`,
    rectangle('track', BAR_WIDTH),
    rectangle(isMet ? 'bar' : 'bar over', Math.max(1, Math.min(BAR_WIDTH, ratio * scale))),
    tick('peer', 1),
    tick('target', bound),
    `<text class="value" x="${WIDTH - MARGIN}" y="${barTop + 11}" text-anchor="end">` +
      `${ratio.toFixed(2)}</text>`,
  ];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
