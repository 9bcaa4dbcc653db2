/**
 * A reader of JPEG files for the tests: tables, scans as bytes, and the quantised coefficients of
 * baseline files. It trusts the file, and knows nothing of the encoder's own code or tables.
 * @module
 */

/** One scan with the tables in force. */
interface ReadScan {
  /** The body of the SOS segment. */
  readonly header: Uint8Array;
  /** Bodies of the Huffman tables by class and index (0x00, 0x01, 0x10, 0x11): counts, symbols. */
  readonly tables: Readonly<Record<number, Uint8Array>>;
  /** Entropy-coded bytes, with stuffing and restart markers. */
  readonly data: Uint8Array;
}

export interface ReadComponent {
  readonly horizontalSampling: number;
  readonly verticalSampling: number;
  readonly table: number;
  /** Blocks in a stored row and column: to the end of the last MCU. */
  readonly paddedAcross: number;
  readonly paddedDown: number;
  /** Quantised values in zigzag order; filled for baseline files. */
  readonly coefficients: Int16Array;
}

export interface ReadJpeg {
  readonly progressive: boolean;
  readonly width: number;
  readonly height: number;
  readonly restartInterval: number;
  /** Divisors in zigzag order. */
  readonly quantization: Readonly<Record<number, Uint8Array>>;
  readonly components: readonly ReadComponent[];
  readonly scans: readonly ReadScan[];
  /** All marker segments before the first scan: marker and body. */
  readonly segments: readonly { readonly marker: number; readonly body: Uint8Array }[];
}

/** Takes a file apart. */
export function readJpeg(bytes: Uint8Array): ReadJpeg {
  const quantization: Record<number, Uint8Array> = {};
  const tables: Record<number, Uint8Array> = {};
  const scans: ReadScan[] = [];
  const segments: { marker: number; body: Uint8Array }[] = [];
  let frame = { progressive: false, width: 0, height: 0, components: [] as ReadComponent[] };
  let restartInterval = 0;
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new Error('no SOI');
  let at = 2;
  while (bytes[at + 1] !== 0xd9) {
    if (bytes[at] !== 0xff) throw new Error(`no marker at ${at}`);
    const marker = bytes[at + 1];
    const length = bytes[at + 2] * 256 + bytes[at + 3];
    const body = bytes.subarray(at + 4, at + 2 + length);
    at += 2 + length;
    if (scans.length === 0) segments.push({ marker, body });
    if (marker === 0xdb) {
      for (let i = 0; i < body.length; i += 65) {
        quantization[body[i]] = body.subarray(i + 1, i + 65);
      }
    } else if (marker === 0xc4) {
      for (let i = 0; i < body.length;) {
        const count = body.subarray(i + 1, i + 17).reduce((sum, n) => sum + n, 0);
        tables[body[i]] = body.subarray(i + 1, i + 17 + count);
        i += 17 + count;
      }
    } else if (marker === 0xc0 || marker === 0xc2) {
      frame = readFrame(body, marker === 0xc2);
    } else if (marker === 0xdd) {
      restartInterval = body[0] * 256 + body[1];
    } else if (marker === 0xda) {
      const end = endOfScan(bytes, at);
      scans.push({ header: body, tables: { ...tables }, data: bytes.subarray(at, end) });
      at = end;
    }
  }
  if (at + 2 !== bytes.length) throw new Error('bytes after EOI');
  const jpeg = { ...frame, restartInterval, quantization, scans, segments };
  if (!frame.progressive) for (const scan of scans) readScan(jpeg, scan);
  return jpeg;
}

function readFrame(
  body: Uint8Array,
  progressive: boolean,
): { progressive: boolean; width: number; height: number; components: ReadComponent[] } {
  const height = body[1] * 256 + body[2];
  const width = body[3] * 256 + body[4];
  const raw = Array.from({ length: body[5] }, (_, i) => ({
    h: body[7 + 3 * i] >> 4,
    v: body[7 + 3 * i] & 15,
    table: body[8 + 3 * i],
  }));
  const maxH = Math.max(...raw.map((c) => c.h));
  const maxV = Math.max(...raw.map((c) => c.v));
  const components = raw.map(({ h, v, table }) => {
    const paddedAcross = Math.ceil(width / (8 * maxH)) * h;
    const paddedDown = Math.ceil(height / (8 * maxV)) * v;
    return {
      horizontalSampling: h,
      verticalSampling: v,
      table,
      paddedAcross,
      paddedDown,
      coefficients: new Int16Array(64 * paddedAcross * paddedDown),
    };
  });
  return { progressive, width, height, components };
}

function endOfScan(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const next = bytes[at + 1];
    if (bytes[at] === 0xff && next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at;
    at++;
  }
}

/** Bits of a scan; restart markers are passed by `restart`. */
class BitReader {
  readonly #data: Uint8Array;
  #at = 0;
  #bit = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  bit(): number {
    const value = (this.#data[this.#at] >> (7 - this.#bit)) & 1;
    if (++this.#bit === 8) {
      this.#at += this.#data[this.#at] === 0xff ? 2 : 1;
      this.#bit = 0;
    }
    return value;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + this.bit();
    return value;
  }

  symbol(table: Uint8Array): number {
    let code = 0;
    let first = 0;
    let at = 16;
    for (let bits = 0; bits < 16; bits++) {
      code = code * 2 + this.bit();
      first *= 2;
      if (code - first < table[bits]) return table[at + code - first];
      at += table[bits];
      first += table[bits];
    }
    throw new Error('no such code');
  }

  /** A value of `size` bits as F.2.2.1 extends it. */
  value(size: number): number {
    const bits = this.bits(size);
    return bits < 2 ** (size - 1) ? bits - 2 ** size + 1 : bits;
  }

  restart(index: number): void {
    if (this.#bit > 0) {
      this.#at += this.#data[this.#at] === 0xff ? 2 : 1;
      this.#bit = 0;
    }
    if (this.#data[this.#at] !== 0xff || this.#data[this.#at + 1] !== 0xd0 + (index & 7)) {
      throw new Error(`no RST${index & 7}`);
    }
    this.#at += 2;
  }

  /** Whether only padding is left. */
  get done(): boolean {
    const begun = this.#bit === 0 ? 0 : this.#data[this.#at] === 0xff ? 2 : 1;
    return this.#at + begun === this.#data.length;
  }
}

function readScan(jpeg: Omit<ReadJpeg, 'scans'>, scan: ReadScan): void {
  const count = scan.header[0];
  const reader = new BitReader(scan.data);
  const lastDc = [0, 0, 0];
  let mcus = 0;
  let restarts = 0;
  const startMcu = (): void => {
    if (jpeg.restartInterval > 0 && mcus > 0 && mcus % jpeg.restartInterval === 0) {
      reader.restart(restarts++);
      lastDc.fill(0);
    }
    mcus++;
  };
  const members = Array.from({ length: count }, (_, i) => ({
    component: jpeg.components[scan.header[1 + 2 * i] - 1],
    dc: scan.tables[scan.header[2 + 2 * i] >> 4],
    ac: scan.tables[0x10 | (scan.header[2 + 2 * i] & 15)],
  }));
  const readBlock = (index: number, x: number, y: number): void => {
    const { component, dc, ac } = members[index];
    const at = 64 * (y * component.paddedAcross + x);
    lastDc[index] += reader.value(reader.symbol(dc));
    component.coefficients[at] = lastDc[index];
    for (let k = 1; k < 64; k++) {
      const symbol = reader.symbol(ac);
      if (symbol === 0) break;
      k += symbol >> 4;
      if (symbol !== 0xf0) component.coefficients[at + k] = reader.value(symbol & 15);
    }
  };
  if (count === 1) {
    const [across, down] = ownBlocks(jpeg, members[0].component);
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++) {
        startMcu();
        readBlock(0, x, y);
      }
    }
  } else {
    const { paddedAcross, paddedDown, horizontalSampling, verticalSampling } = jpeg.components[0];
    const mcusAcross = paddedAcross / horizontalSampling;
    for (let mcu = 0; mcu < mcusAcross * (paddedDown / verticalSampling); mcu++) {
      startMcu();
      const mcuX = mcu % mcusAcross;
      const mcuY = Math.floor(mcu / mcusAcross);
      members.forEach(({ component }, index) => {
        for (let v = 0; v < component.verticalSampling; v++) {
          for (let h = 0; h < component.horizontalSampling; h++) {
            const x = mcuX * component.horizontalSampling + h;
            readBlock(index, x, mcuY * component.verticalSampling + v);
          }
        }
      });
    }
  }
  if (!reader.done) throw new Error('data left over in the scan');
}

/** Blocks that cover a component's own samples. */
export function ownBlocks(
  jpeg: Pick<ReadJpeg, 'width' | 'height' | 'components'>,
  component: ReadComponent,
): [number, number] {
  const maxH = Math.max(...jpeg.components.map((c) => c.horizontalSampling));
  const maxV = Math.max(...jpeg.components.map((c) => c.verticalSampling));
  return [
    Math.ceil(Math.ceil((jpeg.width * component.horizontalSampling) / maxH) / 8),
    Math.ceil(Math.ceil((jpeg.height * component.verticalSampling) / maxV) / 8),
  ];
}
