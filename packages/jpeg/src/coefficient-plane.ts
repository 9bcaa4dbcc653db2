/**
 * From planes of samples to quantised coefficients, block by block. Two sizes live side by side:
 * the blocks a component really has, and the padded grid that whole MCUs cover; scans of a single
 * component use the first, interleaved scans the second.
 * @module
 */
import { forwardDct } from './forward-dct.ts';
import type { JpegComponent } from './options.ts';
import { createDivisors, quantizeBlock } from './quantization.ts';
import type { Divisors, QuantizationTables } from './quantization.ts';

/** The quantised coefficients of one component. */
export interface CoefficientPlane {
  readonly horizontalSampling: number;
  readonly verticalSampling: number;
  /** Which quantisation and Huffman tables it uses: 0 for luma and grey, 1 for chroma. */
  readonly tableIndex: 0 | 1;
  /** Blocks that cover the component's samples. */
  readonly blocksAcross: number;
  readonly blocksDown: number;
  /** Blocks in a stored row: up to the end of the last MCU. */
  readonly paddedAcross: number;
  readonly paddedDown: number;
  /** 64 values a block, in zigzag order; block (x, y) is number `y * paddedAcross + x`. */
  readonly coefficients: Int16Array;
  /** Two words a block that tell which of its coefficients are not zero; see `quantizeBlock`. */
  readonly masks: Int32Array;
}

/** A picture ready for entropy coding. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly mcusAcross: number;
  readonly mcusDown: number;
  readonly components: readonly CoefficientPlane[];
}

/** A component's place in the frame, before it has coefficients. */
type PlaneLayout = Omit<CoefficientPlane, 'coefficients' | 'masks'>;

export interface FrameLayout extends Omit<Frame, 'components'> {
  readonly components: readonly PlaneLayout[];
}

/** What decides about the number of blocks. */
export interface FramePicture {
  readonly width: number;
  readonly height: number;
  readonly components: readonly Pick<JpegComponent, 'horizontalSampling' | 'verticalSampling'>[];
}

/** Transforms and quantises every component of a picture. The options have been checked. */
export function quantizeFrame(
  picture: FramePicture & { readonly components: readonly JpegComponent[] },
  tables: QuantizationTables,
): Frame {
  const layout = layOutFrame(picture);
  const divisors = [createDivisors(tables.luma), createDivisors(tables.chroma)];
  const components = layout.components.map((component, index): CoefficientPlane => {
    const blocks = component.paddedAcross * component.paddedDown;
    const plane: CoefficientPlane = {
      ...component,
      coefficients: new Int16Array(64 * blocks),
      masks: new Int32Array(2 * blocks),
    };
    fillBlocks(picture.components[index], divisors[plane.tableIndex], plane);
    padBlocks(plane);
    return plane;
  });
  return { ...layout, components };
}

/** The blocks of every component of a picture. */
export function layOutFrame({ width, height, components }: FramePicture): FrameLayout {
  // Sampling is a ratio between components: alone, a component is always 1 x 1.
  const alone = components.length === 1;
  const across = components.map((c) => (alone ? 1 : c.horizontalSampling));
  const down = components.map((c) => (alone ? 1 : c.verticalSampling));
  const maxAcross = Math.max(...across);
  const maxDown = Math.max(...down);
  const mcusAcross = Math.ceil(width / (8 * maxAcross));
  const mcusDown = Math.ceil(height / (8 * maxDown));
  const planes = components.map((_, index): PlaneLayout => ({
    horizontalSampling: across[index],
    verticalSampling: down[index],
    tableIndex: index === 0 ? 0 : 1,
    blocksAcross: Math.ceil((width * across[index]) / (8 * maxAcross)),
    blocksDown: Math.ceil((height * down[index]) / (8 * maxDown)),
    paddedAcross: mcusAcross * across[index],
    paddedDown: mcusDown * down[index],
  }));
  return { width, height, mcusAcross, mcusDown, components: planes };
}

/** Computes the blocks that hold samples. */
function fillBlocks(source: JpegComponent, divisors: Divisors, target: CoefficientPlane): void {
  const { data, stride } = source;
  const { coefficients, masks } = target;
  const workspace = new Int32Array(64);
  const edge = new Uint8Array(64);
  for (let y = 0; y < target.blocksDown; y++) {
    const wholeRow = 8 * y + 8 <= source.height;
    for (let x = 0; x < target.blocksAcross; x++) {
      if (wholeRow && 8 * x + 8 <= source.width) {
        forwardDct(data, 8 * y * stride + 8 * x, stride, workspace);
      } else {
        copyEdgeBlock(source, 8 * x, 8 * y, edge);
        forwardDct(edge, 0, 8, workspace);
      }
      const block = y * target.paddedAcross + x;
      quantizeBlock(workspace, divisors, coefficients, 64 * block, masks, 2 * block);
    }
  }
}

/** Copies the 8 x 8 samples at (left, top), repeating the plane's last column and row beyond it. */
function copyEdgeBlock(source: JpegComponent, left: number, top: number, target: Uint8Array): void {
  const lastColumn = source.width - 1;
  const lastRow = source.height - 1;
  for (let y = 0; y < 8; y++) {
    const row = Math.min(top + y, lastRow) * source.stride;
    for (let x = 0; x < 8; x++) {
      target[8 * y + x] = source.data[row + Math.min(left + x, lastColumn)];
    }
  }
}

/**
 * Gives the blocks that only fill up an MCU the DC value of the block coded before them in that MCU
 * and nothing else, so that they cost a zero difference and an end of block each, as in libjpeg.
 */
function padBlocks(plane: CoefficientPlane): void {
  const { paddedAcross, blocksAcross, blocksDown, horizontalSampling } = plane;
  for (let y = 0; y < blocksDown; y++) {
    for (let x = blocksAcross; x < paddedAcross; x++) {
      copyDc(plane, y * paddedAcross + x - 1, y * paddedAcross + x);
    }
  }
  for (let y = blocksDown; y < plane.paddedDown; y++) {
    for (let x = 0; x < paddedAcross; x++) {
      // The last block of the row above within the same MCU: that is what was coded last.
      const lastOfMcu = x - (x % horizontalSampling) + horizontalSampling - 1;
      copyDc(plane, (y - 1) * paddedAcross + lastOfMcu, y * paddedAcross + x);
    }
  }
}

function copyDc({ coefficients, masks }: CoefficientPlane, from: number, to: number): void {
  coefficients[64 * to] = coefficients[64 * from];
  masks[2 * to] = masks[2 * from] & (1 << 31);
}
