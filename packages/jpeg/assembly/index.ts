/**
 * The decoder's WebAssembly module: what TypeScript calls. It allocates nothing, imports nothing but
 * the memory, and writes only into its own region and the planes and coefficients it is given.
 * @module
 */

export { buildDcSkip, buildSkip, buildTable } from './huffman';
export { giveInput, inputTaken, segmentEnded, marker } from './bit-source';
export { advance, setBand, setSize, startScan, writeComponent } from './scan';
