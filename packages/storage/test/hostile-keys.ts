/**
 * Object keys that are legal and must stay apart and inside the store, and keys that are refused.
 * @module
 */

/**
 * Legal. Each tries to leave a folder, to collide with another, or to be too long for a file name.
 */
export const hostileKeys: readonly string[] = [
  '.',
  '..',
  '...',
  '../',
  '../../../../../../etc/passwd',
  'a/../../../b',
  'a/./b',
  'a//b',
  'a/',
  'a',
  'a/b',
  'a/b/',
  'a/b/c',
  'A',
  'A/B',
  'a\\b',
  '..\\..\\b',
  'C:\\windows',
  'c:',
  'nul',
  'con.txt',
  '%2e%2e',
  '%2e%2e%2f',
  '%',
  '%00',
  'nul\0byte',
  '\0',
  'new\nline',
  'tab\tcarriage\r',
  '\u0001',
  '\u007f',
  ' ',
  'a ',
  'a.',
  '?style',
  '#fragment',
  '<b>"\'&',
  '-rf',
  '~root',
  '$HOME',
  '*',
  '__proto__',
  'constructor',
  'bucket.json',
  'records',
  // One letter, composed and decomposed: file systems that normalise would merge them.
  '\u00e9',
  'e\u0301',
  '\u202etxt.exe',
  '\u{1f600}',
  'x'.repeat(256),
  'x'.repeat(1023),
  'p/'.repeat(511),
  // 341 characters of 3 bytes: 1,023 bytes of UTF-8.
  '图'.repeat(341),
];

/** Refused: empty, absolute, too long, without a UTF-8 form. */
export const illegalKeys: readonly string[] = [
  '',
  '/',
  '/etc/passwd',
  '\\server\\share',
  'x'.repeat(1024),
  `${'图'.repeat(341)}x`,
  '\ud800',
  'a\udc00b',
];
