/**
 * Whether the stored orientation is applied. It is, before all else, unless this says no.
 * @module
 */

export interface AutoOrientOptions {
  readonly enabled: boolean;
}

export interface AutoOrientAction extends AutoOrientOptions {
  readonly name: 'auto-orient';
}

export function autoOrient(options: AutoOrientOptions): AutoOrientAction {
  return { name: 'auto-orient', ...options };
}
