/**
 * A report as Markdown: the targets in one table, then every case with all its engines.
 * @module
 */

import { median } from './measurement.ts';
import {
  type Decibels,
  type EngineRow,
  type Entry,
  judge,
  type LoadEntry,
  type LoadRow,
  type MissingRow,
  type PictureEntry,
  type Report,
  type Verdict,
} from './report.ts';

export function printReport(report: Report): string {
  const { machine, versions, entries } = report;
  const compared = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    '# Benchmark results',
    '',
    `${machine.cores} cores of ${machine.cpu}, ${machine.memoryGb} GB, ${machine.platform}, ` +
      `Node ${machine.node}. ${compared.join(', ')}.`,
    'How they are measured, and what the columns mean: [README](../README.md).',
    '',
    '## Targets',
    '',
    ...printTable(
      ['', 'job', 'picture', 'measure', 'target', 'measured', 'rounds from-to', 'verdict'],
      entries.flatMap(targetRows),
    ),
    '',
    ...entries.flatMap(printEntry),
  ].join('\n');
}

function targetRows(entry: Entry): string[][] {
  const name = entry.kind === 'picture' ? entry.picture.name : `${entry.connections} connections`;
  const verdicts = entry.kind === 'load' ? entry.verdicts : entry.verdict ? [entry.verdict] : [];
  return verdicts.map((verdict) => [
    entry.id,
    entry.title,
    name,
    verdict.text,
    `${verdict.sense === 'at-most' ? '≤' : '≥'} ${printBound(verdict)}`,
    printValue(verdict.measured, verdict.unit),
    verdict.spread?.map((value) => printValue(value, verdict.unit)).join(' - ') ?? '',
    judge(verdict),
  ]);
}

function printBound({ bound, unit }: Verdict): string {
  return unit === 'MB' ? `${bound} MB` : String(bound);
}

function printValue(value: number | undefined, unit: Verdict['unit']): string {
  if (value === undefined) return '-';
  return unit === 'MB' ? `${value.toFixed(0)} MB` : value.toFixed(value < 0.1 ? 3 : 2);
}

function printEntry(entry: Entry): string[] {
  const { id, title, date, commit, command, rounds } = entry;
  return [
    `## ${id} ${title}`,
    '',
    ...(entry.kind === 'picture' ? printPictureEntry(entry) : printLoadEntry(entry)),
    '',
    `${date}, commit ${commit}, ${rounds} rounds, \`${command}\``,
    '',
  ];
}

function printPictureEntry({ picture, rows }: PictureEntry): string[] {
  const { name, width, height, bytes } = picture;
  const megapixels = (width * height) / 1e6;
  const ours = rows[0];
  return [
    `Picture: ${name}, ${megapixels.toFixed(1)} MP, ${bytes} bytes.`,
    '',
    ...printTable(
      [
        'engine',
        'ms',
        'Safelight / it',
        'ms/MP',
        'CPU ms',
        'peak MB',
        'bytes',
        'PSNR dB',
        'before encoding',
        'SSIM',
      ],
      rows.map((row) =>
        row.kind === 'measured' ? engineCells(row, ours, megapixels) : missingCells(row),
      ),
    ),
  ];
}

function engineCells(
  row: EngineRow,
  ours: EngineRow | MissingRow | undefined,
  megapixels: number,
): string[] {
  const wallMs = median(row.timings.map((timing) => timing.wallMs));
  const ratios =
    ours?.kind === 'measured'
      ? ours.timings.map((timing, i) => timing.wallMs / (row.timings[i]?.wallMs ?? NaN))
      : [];
  return [
    row.label,
    wallMs.toFixed(1),
    ratios.length === 0 ? '-' : median(ratios).toFixed(2),
    (wallMs / megapixels).toFixed(2),
    median(row.timings.map(({ cpuMs }) => cpuMs)).toFixed(1),
    row.peakMb.toFixed(0),
    String(row.bytes),
    printDecibels(row.psnrDb),
    printDecibels(row.losslessPsnrDb),
    row.ssim?.toFixed(4) ?? '-',
  ];
}

function printLoadEntry({ rows }: LoadEntry): string[] {
  return printTable(
    ['server', 'requests/s', 'p50 ms', 'p99 ms', 'CPU ms/request', 'peak MB', 'bytes', 'PSNR dB'],
    rows.map((row) => (row.kind === 'measured' ? loadCells(row) : missingCells(row))),
  );
}

function loadCells(row: LoadRow): string[] {
  return [
    row.label,
    median(row.requestsPerSec).toFixed(1),
    row.p50Ms.toFixed(1),
    row.p99Ms.toFixed(1),
    row.cpuMsPerRequest?.toFixed(1) ?? '-',
    row.peakMb?.toFixed(0) ?? '-',
    String(row.bytes),
    row.psnrDb === undefined ? '-' : printDecibels(row.psnrDb),
  ];
}

function missingCells({ label, reason }: MissingRow): string[] {
  return [label, `not available: ${reason.replaceAll('|', '/')}`];
}

function printDecibels(value: Decibels): string {
  return value === 'exact' ? 'exact' : value.toFixed(1);
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${head.map((_, i) => cells[i] ?? '').join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
