/**
 * Files to attack, and seeded changes of them.
 * @module
 */
import {
  concat,
  GREY,
  makeFile,
  makeScanPerComponent,
  segmentsOf,
  YCC_420,
  YCC_444,
} from '../decode/files.ts';

/** Small files of every kind that the decoder tells apart. */
export function fuzzFiles(): readonly (readonly [name: string, file: Uint8Array])[] {
  const plain = makeFile(41, 29, { samplings: YCC_420, qualityPercent: 60 });
  return [
    ['grey', makeFile(41, 29, { samplings: GREY })],
    ['4:2:0 with restarts', makeFile(49, 35, { samplings: YCC_420, restartInterval: 3 })],
    ['progressive', makeFile(45, 37, { samplings: YCC_420, progressive: true })],
    [
      'progressive with restarts',
      makeFile(33, 33, { samplings: YCC_444, progressive: true, restartInterval: 2 }),
    ],
    ['a scan for each component', makeScanPerComponent(30, 22)],
    [
      'odd samplings',
      makeFile(37, 41, {
        samplings: [
          [3, 2],
          [1, 4],
          [2, 1],
        ],
      }),
    ],
    ['16-bit tables', withWideTables(plain)],
    ['four components', withFourth(makeFile(24, 40, { samplings: YCC_444 }))],
  ];
}

/** The same file with 16-bit quantisation tables (T.81, B.2.4.1). */
function withWideTables(file: Uint8Array): Uint8Array {
  return concat(
    segmentsOf(file).map(({ code, bytes }) => {
      if (code !== 0xdb) return bytes;
      const values = [...bytes.subarray(5)].flatMap((value) => [0, value]);
      return Uint8Array.from([0xff, 0xdb, 0, 2 + 1 + values.length, 0x10 | bytes[4], ...values]);
    }),
  );
}

/** The file with a fourth component, which a scan of another file codes. */
function withFourth(file: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  const grey = segmentsOf(makeFile(24, 40, { samplings: GREY }));
  for (const { code, bytes } of segmentsOf(file)) {
    if (code === 0xc0) parts.push(withComponent(bytes));
    else if (code !== 0xd9) parts.push(bytes);
  }
  for (const { code, bytes } of grey) {
    if (code === 0xc4) parts.push(bytes);
    if (code !== 0xda) continue;
    const scan = bytes.slice();
    // The name of the scan's only component.
    scan[5] = 4;
    parts.push(scan);
  }
  return concat([...parts, Uint8Array.of(0xff, 0xd9)]);
}

/** A frame header of three components with a fourth, its length and count raised. */
function withComponent(header: Uint8Array): Uint8Array {
  const frame = concat([header, Uint8Array.of(4, 0x11, 0)]);
  frame[3] += 3;
  frame[9] = 4;
  return frame;
}

/** One to four changes: bits, bytes, bytes left out, markers put in. */
export function mutate(file: Uint8Array, random: () => number): Uint8Array {
  let bytes = file.slice();
  const changes = 1 + Math.floor(random() * 4);
  for (let i = 0; i < changes; i++) {
    const at = 2 + Math.floor(random() * (bytes.length - 2));
    const kind = Math.floor(random() * 8);
    if (kind < 4) bytes[at] ^= 1 << Math.floor(random() * 8);
    else if (kind < 6) bytes[at] = Math.floor(random() * 256);
    else if (kind === 6) bytes = spliced(bytes, at, 1 + Math.floor(random() * 8), []);
    else bytes = spliced(bytes, at, 0, [0xff, Math.floor(random() * 256)]);
  }
  return bytes;
}

function spliced(
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
  removed: number,
  added: readonly number[],
): Uint8Array<ArrayBuffer> {
  const end = Math.min(bytes.length, at + removed);
  const result = new Uint8Array(bytes.length - (end - at) + added.length);
  result.set(bytes.subarray(0, at));
  result.set(added, at);
  result.set(bytes.subarray(end), at + added.length);
  return result;
}
