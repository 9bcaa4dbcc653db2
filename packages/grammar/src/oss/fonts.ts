/**
 * The font names of the OSS language and the open fonts that stand for them. The first entry is the
 * language's default, and naming it is the same as naming none: the text renderer then takes its own
 * first font, which must therefore be the one named here.
 * @module
 */

import type { Fonts } from './action.ts';

export const OSS_FONTS: Fonts = {
  'wqy-zenhei': 'Noto Sans SC',
  'wqy-microhei': 'Noto Sans SC',
  fangzhengshusong: 'Noto Serif SC',
  fangzhengkaiti: 'LXGW WenKai',
  fangzhengheiti: 'Noto Sans SC',
  fangzhengfangsong: 'Noto Serif SC',
  droidsansfallback: 'Noto Sans SC',
};
