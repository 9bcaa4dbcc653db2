import { describe, expect, it } from 'vitest';
import { sniffFormat } from './sniff.ts';

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

describe('sniffFormat', () => {
  it.each([
    ['\xff\xd8\xff\xe0', 'jpeg'],
    ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'png'],
    ['GIF87a', 'gif'],
    ['GIF89a', 'gif'],
    ['RIFF\x10\0\0\0WEBPVP8 ', 'webp'],
    ['BM\x10\0\0\0', 'bmp'],
    ['II*\0\x08\0\0\0', 'tiff'],
    ['MM\0*\0\0\0\x08', 'tiff'],
    ['II+\0\x08\0\0\0', 'tiff'],
    ['\0\0\0\x1cftypavif\0\0\0\0mif1miaf', 'avif'],
    ['\0\0\0\x1cftypmif1\0\0\0\0mif1avif', 'avif'],
    ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'heic'],
    ['\0\0\0\x18ftypmif1\0\0\0\0mif1heic', 'heic'],
  ])('recognises %j as %s', (head, format) => {
    expect(sniffFormat(bytesOf(head))).toBe(format);
  });

  it.each([
    '',
    '\xff',
    '\xff\xd8',
    '\x89PNG\r\n\x1a',
    'GIF90a',
    'RIFF\x10\0\0\0WAVE',
    'B',
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '<?xml version="1.0"?><svg/>',
    '%PDF-1.7',
    '\0\0\0\x18ftypmp42\0\0\0\0mp42isom',
    // A brand beyond the end of its box.
    '\0\0\0\x10ftypmp42\0\0\0\0avif',
  ])('recognises nothing in %j', (head) => {
    expect(sniffFormat(bytesOf(head))).toBeUndefined();
  });
});
