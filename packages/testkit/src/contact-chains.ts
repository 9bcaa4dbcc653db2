/**
 * Chains that show every action and parameter of the language: for the contact sheet, which people
 * look at, and for the goldens, which machines do. A test compares them with the language's table.
 * @module
 */

export interface ContactSection {
  readonly action: string;
  /** Without `image/`. */
  readonly chains: readonly string[];
  /** What makes the pixels: our own integers alone, a library that draws, or one that codes. */
  readonly by: 'us' | 'a library';
  /** Which source shows it best. @default 'opaque' */
  readonly source?: ContactSource;
}

/** `webp` and `avif` are the opaque one as files of these formats. */
type ContactSource = 'opaque' | 'transparent' | 'turned' | 'webp' | 'avif';

/** Sources are 240 x 160 pixels. */
export const CONTACT_WIDTH = 240;
export const CONTACT_HEIGHT = 160;

/** UTF-8 in the language's base64. */
function encoded(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** The key of the picture that marks show: the transparent source. */
export const CONTACT_MARK_KEY = 'mark.png';

/** A mark that shows the picture, after `steps` of its own. */
function pictureMark(steps: string): string {
  return `image_${encoded(`${CONTACT_MARK_KEY}?x-oss-process=image/${steps}`)}`;
}

const SMALL_MARK = pictureMark('resize,w_60');
const HELLO = `text_${encoded('Hello 图片')}`;
const GRAVITIES = ['nw', 'north', 'ne', 'west', 'center', 'east', 'sw', 'south', 'se'] as const;
const FONTS = ['wqy-zenhei', 'wqy-microhei', 'fangzhengshusong', 'fangzhengkaiti'] as const;

export const CONTACT_SECTIONS: readonly ContactSection[] = [
  {
    action: 'resize',
    by: 'us',
    chains: [
      'resize,w_120',
      'resize,h_60',
      'resize,l_100',
      'resize,s_50',
      'resize,p_40',
      'resize,m_lfit,w_100,h_100',
      'resize,m_mfit,w_100,h_100',
      'resize,m_fill,w_100,h_100',
      'resize,m_fixed,w_100,h_100',
      'resize,m_pad,w_100,h_100',
      'resize,m_pad,w_100,h_100,color_FF8800',
      'resize,w_300,limit_0',
      'resize,w_300,limit_1',
      'resize,p_130',
    ],
  },
  {
    action: 'crop',
    by: 'us',
    chains: [
      'crop,x_60,y_40,w_120,h_80',
      'crop,w_80,h_60',
      'crop,w_200,h_200,x_150,y_90',
      ...GRAVITIES.map((gravity) => `crop,w_90,h_70,g_${gravity}`),
      'crop,w_80,h_60,g_center,p_150',
      'crop,w_80,h_60,x_10,y_10,r_12',
    ],
  },
  {
    action: 'indexcrop',
    by: 'us',
    chains: [
      'indexcrop,x_100,i_0',
      'indexcrop,x_100,i_2',
      'indexcrop,y_50,i_1',
      'indexcrop,x_90,i_9',
    ],
  },
  { action: 'circle', by: 'us', chains: ['circle,r_60', 'circle,r_200', 'circle,r_60/format,jpg'] },
  {
    action: 'rounded-corners',
    by: 'us',
    chains: ['rounded-corners,r_30', 'rounded-corners,r_80', 'rounded-corners,r_30/format,jpg'],
  },
  {
    action: 'rotate',
    by: 'us',
    chains: ['rotate,90', 'rotate,180', 'rotate,270', 'rotate,30', 'rotate,30/format,jpg'],
  },
  {
    action: 'auto-orient',
    by: 'us',
    source: 'turned',
    chains: ['auto-orient,1', 'auto-orient,0', 'resize,w_100/auto-orient,1'],
  },
  { action: 'flip', by: 'us', chains: ['flip,0', 'flip,1', 'flip,2'] },
  { action: 'blur', by: 'us', chains: ['blur,r_3,s_2', 'blur,r_10,s_5', 'blur,r_50,s_50'] },
  { action: 'bright', by: 'us', chains: ['bright,50', 'bright,-50', 'bright,100', 'bright,-100'] },
  {
    action: 'contrast',
    by: 'us',
    chains: ['contrast,50', 'contrast,-50', 'contrast,100', 'contrast,-100'],
  },
  { action: 'sharpen', by: 'us', chains: ['sharpen,50', 'sharpen,100', 'sharpen,399'] },
  {
    action: 'quality',
    by: 'us',
    chains: [
      'quality,q_10/format,jpg',
      'quality,q_50/format,jpg',
      'quality,Q_5/format,jpg',
      'quality,Q_30/format,jpg',
      'quality,Q_95/format,jpg',
    ],
  },
  {
    action: 'interlace',
    by: 'us',
    chains: [
      'interlace,1/format,jpg',
      'interlace,0/format,jpg',
      'interlace,1/format,jpg/quality,Q_5',
    ],
  },
  {
    action: 'format',
    by: 'a library',
    chains: ['jpg', 'jpeg', 'png', 'bmp', 'tiff', 'gif', 'webp', 'avif', 'heic'].map(
      (name) => `format,${name}`,
    ),
  },
  {
    action: 'alpha',
    by: 'us',
    source: 'transparent',
    chains: [
      'resize,w_120',
      'format,jpg',
      'resize,m_pad,w_200,h_200,color_FF8800',
      'rotate,30',
      'blur,r_10,s_5',
      'bright,40',
      'circle,r_60',
    ],
  },
  {
    action: 'watermark',
    by: 'a library',
    chains: [
      `watermark,${HELLO}`,
      ...FONTS.map((font) => `watermark,${HELLO},type_${encoded(font)}`),
      `watermark,${HELLO},color_FFDD00,size_24`,
      `watermark,${HELLO},color_FFFFFF,shadow_80`,
      `watermark,${HELLO},rotate_30,color_FFFFFF`,
      `watermark,${HELLO},t_40`,
      ...GRAVITIES.map((gravity) => `watermark,${HELLO},size_16,color_FFFFFF,g_${gravity}`),
      `watermark,${HELLO},size_16,g_nw,x_50,y_60,color_FFFFFF`,
      `watermark,${HELLO},size_16,g_west,voffset_50,color_FFFFFF`,
      `watermark,${HELLO},size_16,color_FFFFFF,fill_1`,
      `watermark,${HELLO},size_16,color_FFFFFF,fill_1,padx_20,pady_30,rotate_20`,
    ],
  },
  {
    action: 'picture marks',
    by: 'us',
    chains: [
      `watermark,image_${encoded(CONTACT_MARK_KEY)}`,
      `watermark,${SMALL_MARK}`,
      `watermark,${pictureMark('resize,P_50')},t_60`,
      ...GRAVITIES.map((gravity) => `watermark,${SMALL_MARK},g_${gravity}`),
      `watermark,${SMALL_MARK},g_nw,x_200,y_140`,
      `watermark,${SMALL_MARK},g_east,voffset_-40`,
      `watermark,${pictureMark('crop,w_80,h_80,g_east/rounded-corners,r_40')},g_center`,
      `watermark,${pictureMark('indexcrop,x_80,i_2/rotate,30')},g_center`,
      `watermark,${SMALL_MARK},fill_1,padx_10,pady_20`,
      `watermark,${SMALL_MARK},g_nw/watermark,${pictureMark('resize,w_30')},g_se`,
    ],
  },
  {
    action: 'mixed marks',
    by: 'a library',
    chains: [
      `watermark,${SMALL_MARK},${HELLO},size_20`,
      `watermark,${SMALL_MARK},${HELLO},size_20,order_1`,
      `watermark,${SMALL_MARK},${HELLO},size_20,order_0,interval_20`,
      ...[0, 1, 2].map((align) => `watermark,${SMALL_MARK},${HELLO},size_20,align_${align}`),
      `watermark,${SMALL_MARK},${HELLO},size_20,shadow_80,color_FFFFFF,t_70,g_nw`,
    ],
  },
  ...(['webp', 'avif'] as const).map((source) => ({
    action: `from ${source}`,
    by: 'a library' as const,
    source,
    chains: ['resize,w_120', 'crop,w_90,h_70,g_se/format,png', 'format,jpg', 'circle,r_60'],
  })),
  { action: 'info', by: 'us', chains: ['info'] },
  { action: 'average-hue', by: 'us', chains: ['average-hue'] },
  {
    action: 'chains',
    by: 'us',
    chains: [
      'resize,w_120/rotate,90/sharpen,100',
      'crop,w_160,h_160,g_center/circle,r_70/resize,w_90',
      'resize,m_fill,w_120,h_120/rounded-corners,r_30/bright,20/contrast,-20',
      'flip,1/rotate,45/resize,w_150',
    ],
  },
];
