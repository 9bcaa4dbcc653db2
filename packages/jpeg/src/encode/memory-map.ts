/**
 * Where the encoder's WebAssembly module keeps what it owns: one fixed region of the shared memory,
 * behind the decoder's and never inside an arena. Read by TypeScript and by AssemblyScript, so every
 * line is a plain literal; `module.test.ts` proves that nothing overlaps.
 * @module
 */

/** First byte of the region: 1.25 MiB. */
export const REGION_START = 1310720;
/** One past the last byte: 320 KiB further on. */
export const REGION_END = 1638400;

/** Descriptors of the scan's components, `COMPONENT_BYTES` each; fields below, all 32 bits. */
export const COMPONENTS = 1310976;
export const COMPONENT_BYTES = 64;
/** Addresses of 64 16-bit coefficients a block, and of 8 bytes of mask a block. */
export const COEFFICIENTS = 0;
export const MASKS = 4;
/** Blocks in a stored row. */
export const PADDED_ACROSS = 8;
/** Blocks across and down in one MCU of this scan; 1 and 1 when the scan has one component. */
export const ACROSS = 12;
export const DOWN = 16;
/** Addresses of the codes, and of the counts: of DC symbols, or of those of a progressive band. */
export const DC_CODES = 20;
export const AC_CODES = 24;
export const COUNTS = 28;
/** The last DC value; reset by the module. */
export const PREDICTION = 32;
/** Address of 16 bits a block: its DC value once more, so that counting reads no other. */
export const DC_VALUES = 36;

/**
 * How often symbols occur, 256 32-bit counts each: DC by table, AC by component of the picture. A
 * progressive scan of a band has its counts in the first of the latter.
 */
export const DC_FREQUENCIES = 1311744;
export const AC_FREQUENCIES = 1313792;
export const FREQUENCY_BYTES = 1024;
/**
 * DC luma, DC chroma, AC luma, AC chroma: 256 32-bit entries each. An entry is the code, shifted by
 * the bits that follow it, from bit 5 on, and the length of both in the 5 bits below (at most 27).
 */
export const CODES = 1316864;
export const CODES_BYTES = 1024;
export const LENGTH_BITS = 5;
/** Two tables of divisors; eight rows of 3 vectors: see `divisorVectors`. */
export const DIVISORS = 1320960;
export const DIVISORS_BYTES = 384;
/** Weights of the cosine transform, 10 vectors. */
export const WEIGHTS = 1321728;
/** The block at hand, 64 16-bit values, and the samples of one that reaches over an edge. */
export const BLOCK = 1321984;
export const EDGE = 1322112;
/**
 * Correction bits that a refining scan holds back, a byte each, with room for another block's; libjpeg's
 * number, for its bytes.
 */
export const CORRECTIONS = 1322240;
export const MAX_CORRECTIONS = 1000;

/** The coded bytes until TypeScript takes them: a piece that stays in the cache. */
export const WINDOW = 1376256;
export const WINDOW_BYTES = 262144;
/**
 * An MCU of 10 blocks is at most 10 x 64 x 27 bits; stuffing may double them. With a restart
 * marker and a word in flight: below 4,352 bytes. A block of a progressive scan is less, with all
 * corrections that were held back.
 */
export const MARGIN_BYTES = 8192;

/** How a scan codes its blocks: whole, DC values from coarse to fine, or a band of AC values. */
export const BASELINE = 0;
export const DC_FIRST = 1;
export const DC_FURTHER = 2;
export const BAND = 3;

/** What `codeScan` answers. */
export const DONE = 0;
export const WINDOW_FULL = 1;
