/**
 * The font names of the OSS language and the text renderer's names of the open fonts that stand for them. The first entry is the
 * language's default, and naming it is the same as naming none: the text renderer then takes its own
 * first font, which must therefore be the one named here.
 * @module
 */

import type { Fonts } from './action.ts';

export const OSS_FONTS: Fonts = {
  'wqy-zenhei': 'sans',
  'wqy-microhei': 'sans',
  fangzhengshusong: 'serif',
  fangzhengkaiti: 'kai',
  fangzhengheiti: 'sans',
  fangzhengfangsong: 'serif',
  droidsansfallback: 'sans',
};
