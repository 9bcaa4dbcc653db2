/**
 * The encoder's WebAssembly module: what TypeScript calls. It allocates nothing, imports nothing but
 * the memory, and writes only into its own region and the scratch it is given.
 * @module
 */

export { transformPlane, padBlocks } from './plane';
export { startScan, makeProgressive, countScan, codeScan, windowLength } from './scan';
