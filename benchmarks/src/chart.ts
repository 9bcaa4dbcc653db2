/**
 * The chart of the README, drawn from a report: time of Safelight beside each case's peer, with the
 * target. Plain SVG that follows the reader's light or dark colours.
 * @module
 */

import { judge, type PictureEntry, type Report } from './report.ts';

const WIDTH = 760;
const ROW_HEIGHT = 34;
const TOP = 56;
const BOTTOM = 40;
const LABEL_WIDTH = 330;
/** Room for the number behind a bar. */
const VALUE_WIDTH = 60;
const BAR_WIDTH = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
const BAR_HEIGHT = 14;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .note { font-size: 11px; fill: #57606a; }
  .title { font-size: 15px; font-weight: 600; }
  .bar { fill: #2da44e; }
  .bar.over { fill: #bf8700; }
  .peer { stroke: #57606a; stroke-width: 1; }
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
  const scale = BAR_WIDTH / Math.max(1.1, ...unique.map(({ ratio }) => ratio));
  const height = TOP + unique.length * ROW_HEIGHT + BOTTOM;
  const peerX = LABEL_WIDTH + scale;
  const bottom = height - BOTTOM;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" ` +
      `height="${height}" role="img" aria-label="Time of Safelight beside other engines">`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="8" y="22">Time of Safelight, in times of the peer's: shorter is faster</text>`,
    `<text class="note" x="${round(peerX)}" y="${TOP - 10}" text-anchor="middle">as fast</text>`,
    ...unique.flatMap((bar, row) => drawBar(bar, TOP + row * ROW_HEIGHT, scale)),
    `<line class="peer" x1="${round(peerX)}" x2="${round(peerX)}" y1="${TOP - 6}" y2="${bottom}"/>`,
    `<text class="note" x="8" y="${height - 14}">Red tick: target. Whole jobs, file to file, on ` +
      `${escapeXml(`${machine.cores} cores of ${machine.cpu}, Node ${machine.node}`)}.</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function barsOf(entry: PictureEntry): Bar[] {
  const { id, title, verdict } = entry;
  if (verdict?.measured === undefined || !verdict.text.startsWith('time beside ')) return [];
  return [
    {
      label: `${id} ${title}`,
      note: verdict.text.replace('time beside ', 'peer: '),
      ratio: verdict.measured,
      bound: verdict.bound,
      isMet: judge(verdict) === 'met',
    },
  ];
}

function drawBar({ label, note, ratio, bound, isMet }: Bar, top: number, scale: number): string[] {
  const width = Math.max(1, ratio * scale);
  const targetX = round(LABEL_WIDTH + bound * scale);
  const barTop = top + (ROW_HEIGHT - BAR_HEIGHT) / 2;
  return [
    `<text x="8" y="${top + 15}">${escapeXml(shorten(label))}</text>`,
    `<text class="note" x="8" y="${top + 28}">${escapeXml(note)}</text>`,
    `<rect class="bar${isMet ? '' : ' over'}" x="${LABEL_WIDTH}" y="${barTop}" ` +
      `width="${round(width)}" height="${BAR_HEIGHT}" rx="2"/>`,
    `<line class="target" x1="${targetX}" x2="${targetX}" y1="${barTop - 3}" ` +
      `y2="${barTop + BAR_HEIGHT + 3}"/>`,
    `<text x="${round(LABEL_WIDTH + width + 6)}" y="${barTop + 11}">${ratio.toFixed(2)}</text>`,
  ];
}

/** What fits in front of the bars at 13 px. */
const LABEL_CHARS = 48;

function shorten(label: string): string {
  return label.length <= LABEL_CHARS ? label : `${label.slice(0, LABEL_CHARS - 1)}…`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
