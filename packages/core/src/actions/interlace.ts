/**
 * Whether a JPEG result is progressive. Encoder state; other formats ignore it.
 * @module
 */

export interface InterlaceOptions {
  readonly progressive: boolean;
}

export interface InterlaceAction extends InterlaceOptions {
  readonly name: 'interlace';
}

export function interlace(options: InterlaceOptions): InterlaceAction {
  return { name: 'interlace', ...options };
}
