/**
 * What the service answers to a wrong process: status, Code and EC, from the language's reference,
 * sections 1.3, 8.2 and 11b, under the documented limits. EC ids are shortened as there: 312 stands
 * for 0040-00000312.
 * @module
 */

export interface ErrorRow {
  readonly process: string;
  readonly ec: number | string | undefined;
  /** @default 400 */
  readonly status?: number;
  /** @default 'InvalidArgument' */
  readonly code?: string;
  readonly message?: string;
}

const row = (process: string, ec: ErrorRow['ec'], more: Partial<ErrorRow> = {}): ErrorRow => ({
  process,
  ec,
  ...more,
});

const invalid = (value: string, parameter: string): Partial<ErrorRow> => ({
  message: `The value: ${value} of parameter: ${parameter} is invalid.`,
});

const notBase64 = { code: 'BadRequest', message: 'Input is not base64 decoding.' };
const unbuilt = { status: 501, code: 'NotImplemented' };
const HELLO = 'image/watermark,text_SGVsbG8gV29ybGQ';

export const ERRORS: readonly ErrorRow[] = [
  // The text.
  row('image/', 212),
  row('image', 212),
  row('image/slim,1', 213),
  row('image/Resize,w_100', 213),
  row(`image/${'resize,w_1/'.repeat(200)}`, '0017-00000288'),
  row('style/nosuch', undefined, { status: 404, code: 'NoSuchStyle' }),
  row('style/no*such', '0017-00000250', invalid('no*such', 'stylename')),
  // resize
  row('image/resize', 322),
  row('image/resize,w_0', 312, invalid('0', 'w')),
  row('image/resize,w_0,h_0', 321),
  row('image/resize,w_abc', 312, invalid('abc', 'w')),
  row('image/resize,w_16385', 312, invalid('16385', 'w')),
  row('image/resize,w_99999999', 312, invalid('99999999', 'w')),
  row('image/resize,w_-1', 312),
  row('image/resize,w_1.5', 312),
  row('image/resize,w_100px', 312),
  row('image/resize,w_', 312),
  row('image/resize,h_16385', 313),
  row('image/resize,l_16385', 314),
  row('image/resize,s_0', 315, invalid('0', 's')),
  row('image/resize,w_100,m_abc', 311, invalid('abc', 'm')),
  row('image/resize,w_100,m_LFIT', 311),
  row('image/resize,w_100,limit_3', 319, invalid('3', 'limit')),
  row('image/resize,p_0', 317, invalid('0', 'p')),
  row('image/resize,p_1001', 317),
  row('image/resize,w_100,m_pad,color_AABBCCDD', 318, invalid('AABBCCDD', 'color')),
  row('image/resize,w_100,m_pad,color_red', 318),
  row('image/resize,m_fixed,w_5000,h_5000', 7, { code: 'ImageTooLarge' }),
  row('image/resize,m_fixed,w_5000,h_5000,limit_0', 7, { code: 'ImageTooLarge' }),
  // crop
  row('image/crop,x_500', undefined, {
    code: 'BadRequest',
    message: "Advance cut's position is out of image.",
  }),
  row('image/crop,x_100,y_50,w_-1,h_100', 225, invalid('-1', 'w')),
  row('image/crop,x_100,y_50,w_100,h_-1', 226, invalid('-1', 'h')),
  row('image/crop,w_500,h_500,g_fac', 209, invalid('fac', 'g')),
  // indexcrop
  row('image/indexcrop', 230),
  row('image/indexcrop,i_0', 230),
  row('image/indexcrop,x_0,i_0', 230, invalid('0', 'x')),
  row('image/indexcrop,y_0,i_0', 230, invalid('0', 'y')),
  row('image/indexcrop,x_-1', 230, invalid('-1', 'x')),
  row('image/indexcrop,y_abc,i_0', 224, invalid('abc', 'y')),
  row('image/indexcrop,x_abc,i_0', 223, invalid('abc', 'x')),
  row('image/indexcrop,x_100,i_abc', 229, invalid('abc', 'i')),
  row('image/indexcrop,x_100,i_-1', 229, invalid('-1', 'i')),
  // circle, rounded-corners
  row('image/circle', 233),
  row('image/circle,r_0', 233, invalid('0', 'r')),
  row('image/circle,r_4097', 233, invalid('4097', 'r')),
  row('image/circle,r_abc', 233, invalid('abc', 'r')),
  row('image/circle,100', 233),
  row('image/rounded-corners', 237),
  row('image/rounded-corners,r_0', 237, invalid('0', 'r')),
  row('image/rounded-corners,r_4097', 237, invalid('4097', 'r')),
  row('image/rounded-corners,r_25p', 237, invalid('25p', 'r')),
  // rotate, auto-orient
  row('image/rotate', 216),
  row('image/rotate,400', 217, invalid('400', 'rotate')),
  row('image/rotate,-90', 217),
  row('image/rotate,a_90', 217),
  row('image/rotate,90,200,300', 203),
  row('image/auto-orient,10', 215),
  row('image/auto-orient,abc', 215),
  row('image/auto-orient,1,0', 203),
  // format, quality, interlace
  row('image/format', 207),
  row('image/format,f_png', 206, invalid('f', 'f')),
  row('image/format,JPG', 206),
  row('image/format,jpg,png', 203),
  row('image/quality', 307),
  row('image/quality,200', 310),
  row('image/quality,q_101', 309),
  row('image/quality,q_0', 309),
  row('image/quality,Q_abc', 308),
  row('image/interlace', 281),
  row('image/interlace,2', 282),
  row('image/interlace,1,1', 203),
  // bright, contrast
  row('image/bright', 245),
  row('image/bright,101', 246, invalid('101', 'bright')),
  row('image/bright,-101', 246, invalid('-101', 'bright')),
  row('image/bright,b_50', 246),
  row('image/bright,50,50', 203),
  row('image/contrast', 247),
  row('image/contrast,101', 248, invalid('101', 'contrast')),
  row('image/contrast,-101', 248, invalid('-101', 'contrast')),
  row('image/contrast,c_50', 248),
  row('image/contrast,50,50', 203),
  // info, average-hue
  row('image/info,1', 203),
  row('image/average-hue,1', 203),
  row('image/info/resize,w_1', undefined, {
    code: 'BadRequest',
    message: 'info must be the only action.',
  }),
  row('image/resize,w_1/average-hue', undefined, {
    code: 'BadRequest',
    message: 'average-hue must be the only action.',
  }),
  // sharpen, blur
  row('image/sharpen', 279),
  row('image/sharpen,49', 280),
  row('image/sharpen,400', 280),
  row('image/sharpen,100,100', 203),
  row('image/blur,r_51,s_2', 241),
  row('image/blur,r_3,s_51', 242),
  // watermark
  row('image/watermark', 278),
  row('image/watermark,text', 258),
  row('image/watermark,text_', 258),
  row('image/watermark,text_notbase64', 257, notBase64),
  row(`image/watermark,text_${'QUFB'.repeat(22)}`, 259),
  row(`${HELLO},size_2000`, 256, invalid('2000', 'size')),
  row(`${HELLO},t_200`, 263, invalid('200', 't')),
  row(`${HELLO},voffset_2000`, 268, invalid('2000', 'voffset')),
  row(`${HELLO},fill_2`, 274, invalid('2', 'fill')),
  row(`${HELLO},order_2`, 269, invalid('2', 'order')),
  row(`${HELLO},interval_2000`, 270, invalid('2000', 'interval')),
  row(`${HELLO},type_bm90c3VwcG9ydAo`, 251),
  row(`${HELLO},type_notbase64`, 250, notBase64),
  row(`${HELLO},color_GGGGGG`, 254),
  row(`${HELLO},shadow_101`, 255),
  row(`${HELLO},rotate_361`, 272),
  row(`${HELLO},g_middle`, 260),
  row(`${HELLO},x_4097`, 262),
  row(`${HELLO},y_4097`, 264),
  row(`${HELLO},align_3`, 271),
  row(`${HELLO},padx_4097`, 276),
  row(`${HELLO},pady_4097`, 277),
  row('image/watermark,image_notbase64', 265, notBase64),
  // Known to the language, not built yet: answered by name.
  row('image/blindwatermark,content_SGVsbG8gV29ybGQ', undefined, unbuilt),
  row('image/blindwatermark,content_SGVsbG8gV29ybGQ,s_low,q_90', undefined, unbuilt),
  row('image/crop,w_100,h_100,g_face', undefined, unbuilt),
  row('image/crop,w_100,h_100,g_auto', undefined, unbuilt),
  row('image/crop,w_100,h_100,g_face,p_200', undefined, unbuilt),
  row('image/blur,r_3,s_2,g_face', undefined, unbuilt),
  row('image/blur,r_3,s_2,g_faces,p_200', undefined, unbuilt),
  row('image/format,heic', undefined, unbuilt),
];
