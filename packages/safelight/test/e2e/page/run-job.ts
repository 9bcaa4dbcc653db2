/**
 * Renders as a user of the package in a browser does, in the page and in the worker alike.
 * @module
 */

import type { TextRasterizer } from '@safelight/core';
import { createSafelight, isImageError, type Safelight } from 'safelight';
import type { Answer, Job } from './job.ts';

/** By options: what an engine has loaded once is there for all its renders. */
const engines = new Map<string, Promise<Safelight>>();

export async function runJob({ source, chain, ...options }: Job): Promise<Answer> {
  const key = JSON.stringify(options);
  const made = engines.get(key) ?? makeEngine(options);
  engines.set(key, made);
  try {
    const { bytes } = await (await made).render(await read(source), chain, { readMark: read });
    return { bytes };
  } catch (error) {
    return { failure: isImageError(error) ? `${error.code} ${error.reason}` : String(error) };
  }
}

function makeEngine({ font, ...options }: Omit<Job, 'source' | 'chain'>): Promise<Safelight> {
  return createSafelight({
    ...options,
    ...(font !== undefined && { text: () => loadText(font) }),
  });
}

async function loadText(font: string): Promise<TextRasterizer> {
  const { createCanvasTextRasterizer, loadFonts } = await import('@safelight/core/web-text');
  return createCanvasTextRasterizer(await loadFonts({ sans: `/files/${font}` }));
}

async function read(name: string): Promise<Uint8Array> {
  const response = await fetch(`/files/${name}`);
  if (!response.ok) throw new Error(`${name}: expected 200, got ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
