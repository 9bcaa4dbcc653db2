/**
 * Names of stored styles.
 * @module
 */

const STYLE_NAME = /^[A-Za-z0-9_.-]{1,63}$/;

/** EC id of a bad name. */
export const STYLE_NAME_EC = '0017-00000250';

/** 1 to 63 of `A-Z a-z 0-9 _ . -`. Note that `..` is such a name: stores must not take it for a path. */
export function isStyleName(name: string): boolean {
  return STYLE_NAME.test(name);
}
