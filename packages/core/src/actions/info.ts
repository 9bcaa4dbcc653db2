/**
 * What the header tells, instead of a picture. Stands alone in a chain.
 * @module
 */

import { type DefinedAction, defineAction } from '../definition.ts';

/** What is told: facts of the file, its EXIF, or both. */
export type InfoMembers = 'all' | 'file' | 'exif';

export interface InfoOptions {
  /** `exif` is an error where there is none. @default 'all' */
  readonly members?: InfoMembers;
}

export interface InfoAction extends InfoOptions {
  readonly name: 'info';
}

export function info(options: InfoOptions = {}): InfoAction {
  return { name: 'info', ...options };
}

const MEMBERS: readonly InfoMembers[] = ['all', 'file', 'exif'];

export const infoAction: DefinedAction<'info'> = defineAction({
  name: 'info',
  standsAlone: true,
  resolve: (options: InfoAction, check) =>
    check.oneOf('members', options.members ?? 'all', MEMBERS),
  defer: (members, deferred) => ({ ...deferred, describes: 'header' as const, members }),
});
