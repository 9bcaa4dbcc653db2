/**
 * What tests share: requirements, random numbers, generated pictures, slow references, suites.
 * @module
 */

export { checkerboard, flat, paint, photoLike, type Picture } from './pictures.ts';
export { randomFrom } from './random.ts';
export { corpusFolder, programPath } from './requirements.ts';
