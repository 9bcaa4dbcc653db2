/**
 * Where the decoder's WebAssembly module keeps what it owns: one fixed region of the shared memory,
 * never inside an arena. Read by TypeScript and by AssemblyScript, so every line is a plain literal;
 * `memory-map.test.ts` proves that nothing overlaps.
 * @module
 */

/** First byte of the region; the 64 KiB below stay free for whoever owns the memory. */
export const REGION_START = 65536;
/** One past the last byte: 1 MiB in all. Memory from here on is the caller's. */
export const REGION_END = 1114112;

/**
 * For DC alone, what the at most 64 blocks of an MCU need: the addresses of the skipping entries of
 * their tables, DC and AC, their component, and where their sample goes.
 */
export const MCU_BLOCKS = 65536;
export const MCU_BLOCK_BYTES = 16;
export const BLOCK_DC_ENTRIES = 0;
export const BLOCK_AC_ENTRIES = 4;
export const BLOCK_COMPONENT = 8;
export const BLOCK_OUTPUT = 12;

/** Four descriptors of the scan's components, `COMPONENT_BYTES` each; fields below, all 32 bits. */
export const COMPONENTS = 66560;
export const COMPONENT_BYTES = 64;
/** Blocks across and down in one MCU of this scan; 1 and 1 when the scan has one component. */
export const ACROSS = 0;
export const DOWN = 4;
/** Addresses of the slots of the Huffman tables. */
export const DC_TABLE = 8;
export const AC_TABLE = 12;
/** Address of 64 16-bit divisors in block layout. */
export const QUANTIZATION = 16;
/** Address and row stride of the sample that the first wanted block begins with. */
export const OUTPUT = 20;
export const STRIDE = 24;
/** The wanted blocks, in blocks of the component: from left, top to right, bottom (exclusive). */
export const LEFT = 28;
export const TOP = 32;
export const RIGHT = 36;
export const BOTTOM = 40;
/** Progressive: address of the coefficients, and the component's size in blocks. */
export const COEFFICIENTS = 44;
export const BLOCKS_ACROSS = 48;
export const BLOCKS_DOWN = 52;
/** The last DC value; reset by the module. */
export const PREDICTION = 56;

/** Byte offset in a block of each zigzag index, 256 entries of one byte: for all 64 coefficients. */
export const POSITIONS = 67584;
/** The same, but coefficients outside the lowest 4 x 4 go to the dummy. */
export const LOW_POSITIONS = 67840;
/** Where in a block's memory what belongs to no coefficient is written. */
export const DUMMY_POSITION = 128;
/** For each output size N: 4 vectors of weights and two roundings; see block-layout.ts. */
export const WEIGHTS = 68096;
export const WEIGHTS_BYTES = 96;
/** The block being read: 64 coefficients of 16 bits and the dummy. */
export const BLOCK = 69120;
/** Four tables of 64 divisors. */
export const QUANTIZATION_TABLES = 69632;
export const QUANTIZATION_TABLE_BYTES = 128;
/** 16 counts and up to 256 symbols, as in a DHT segment. */
export const TABLE_INPUT = 70144;

/** A piece of the file; 64 bytes of slack are read past its end, never used. */
export const INPUT = 70656;
export const INPUT_BYTES = 65536;
/**
 * Entropy-coded bytes without stuffing, in descending order: bit 0 is the highest bit of the byte
 * at `BITS_TOP - 1`. A little-endian load of 8 bytes then holds 56 further bits in reading order.
 */
export const BITS_BOTTOM = 136320;
export const BITS_TOP = 288064;
/** More than the 64 blocks of the greatest MCU can consume: 64 x 64 x (16 + 15) bits are 15,872 bytes. */
export const MARGIN_BYTES = 16384;

/** Built Huffman tables: a bounded cache. 8 can be in use by one scan. */
export const SLOTS = 288256;
export const SLOT_COUNT = 16;
export const SLOT_BYTES = 41472;
/** Bits that one lookup consumes. */
export const LOOKUP_BITS = 12;
/** Bits that a skipping lookup looks at, not fewer. */
export const SKIP_BITS = 13;
/** Parts of a slot: entries with run, value and length; entries that skip; symbols; long codes. */
export const MAIN = 0;
export const SKIP = 16384;
export const SYMBOLS = 32768;
export const LONG_CODES = 40960;

/** Kinds of Huffman tables. */
export const KIND_DC = 0;
export const KIND_AC = 1;
export const KIND_PROGRESSIVE_AC = 2;

/** Kinds of scans. */
export const SCAN_SEQUENTIAL = 0;
export const SCAN_DC_FIRST = 1;
export const SCAN_DC_REFINE = 2;
export const SCAN_AC_FIRST = 3;
export const SCAN_AC_REFINE = 4;

/** What the module answers. */
export const DONE = 0;
export const NEEDS_INPUT = 1;
export const PAUSED = 2;
export const BAD_CODE = -1;
export const BAD_RUN = -2;
export const BAD_RESTART = -3;
export const OUT_OF_DATA = -4;
export const BAD_TABLE = -5;
