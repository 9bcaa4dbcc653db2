/**
 * What the header tells, instead of a picture. Stands alone in a chain.
 * @module
 */

export interface InfoAction {
  readonly name: 'info';
}

export function info(): InfoAction {
  return { name: 'info' };
}
