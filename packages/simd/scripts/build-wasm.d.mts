/** The text of the generated file. */
export function buildSimd(): Promise<string>;
