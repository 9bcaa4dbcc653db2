/**
 * The image language's public door: text to typed actions and back. The OSS dialect is the first.
 * @module
 */

export { decodeUrlSafeBase64, encodeUrlSafeBase64 } from './base64.ts';
export { parseLegacy } from './legacy/parse.ts';
export type { Fonts, OssShape } from './oss/action.ts';
export { describeOssError, type OssError } from './oss/describe-error.ts';
export { type OssActionRow, ossActionTable, type OssParameterRow } from './oss/documentation.ts';
export { OSS_FONTS } from './oss/fonts.ts';
export {
  type ParsedImage,
  type ParsedProcess,
  type ParsedStep,
  type ParsedStyle,
  type ParseOptions,
  parseProcess,
} from './oss/parse.ts';
export { placeError } from './oss/place-error.ts';
export { printAverageHue } from './oss/print-average-hue.ts';
export { type InfoFacts, printInfo } from './oss/print-info.ts';
export { printChain, processQuery } from './oss/print.ts';
export type { ParsedArgument } from './oss/step.ts';
export { isStyleName } from './oss/style.ts';
