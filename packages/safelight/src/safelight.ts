/**
 * The engine with everything it needs for the runtime at hand: codecs, kernels, fonts and the OSS
 * language. Canvas and fonts load with the first text mark, never before.
 * @module
 */

import type { PngEffort } from '@safelight/codecs/png-planar';
import type { WasmLoader } from '@safelight/codecs/wasm-loader';
import {
  type Chain,
  type Codec,
  createEngine,
  type Engine,
  ImageError,
  type ImageHeader,
  type InfoMembers,
  isImageError,
  LIMIT_PROFILES,
  type LimitProfile,
  type Limits,
  type Rendered,
  type RenderOptions,
  type TextRasterizer,
} from '@safelight/core';
import {
  OSS_FONTS,
  type ParsedImage,
  parseProcess,
  placeError,
  printAverageHue,
  printInfo,
} from '@safelight/grammar';
import { chooseParts, type KernelSet, type Platform } from './parts.ts';

export interface SafelightOptions {
  /** `portable` forces plain TypeScript and portable codecs. @default 'auto', the fastest here */
  readonly kernels?: 'auto' | 'portable';
  /** A profile by name, or limits of one's own. @default 'generous' */
  readonly limits?: LimitProfile | Limits;
  /**
   * What writing PNG spends time on: `small` looks for repetitions everywhere and takes up to
   * twenty times as long for up to 20 %. The portable set has one effort of its own. @default 'fast'
   */
  readonly pngEffort?: PngEffort;
  /**
   * What compresses PNG and TIFF, but for photographs: the runtime's own deflate, or plain JavaScript that
   * gives the same bytes in every runtime and takes four times as long. Pixels are the same. @default 'runtime'
   */
  readonly deflate?: 'runtime' | 'portable';
  /**
   * Where the WebAssembly of WebP, AVIF and HEIC comes from, as `createFetchLoader` of URLs.
   * @default on Node the installed packages; in browsers the assets that the bundler made of them
   */
  readonly loadWasm?: WasmLoader;
  /** Codecs of one's own, asked before those that come along. @default [] */
  readonly codecs?: readonly Codec[];
  /** Refuses unknown keys inside a known action instead of ignoring them. @default false */
  readonly strict?: boolean;
  /** Font names of the language, each with the rasteriser's font that stands for it. @default OSS_FONTS */
  readonly fonts?: Readonly<Record<string, string>>;
  /** Draws text marks. @default the canvas: fonts come along on Node, are the page's elsewhere */
  readonly text?: () => TextRasterizer | Promise<TextRasterizer>;
  /** The text of a style, or nothing when there is none of this name. @default styles are refused */
  readonly styles?: (name: string) => string | undefined | Promise<string | undefined>;
}

export interface Safelight {
  /** What renders chains; also plans them, and reads headers. */
  readonly engine: Engine;
  /** Which pixel loops were chosen: `portable` also where the runtime has no WebAssembly SIMD. */
  readonly kernelSet: KernelSet;
  /**
   * Renders one picture by a text of the OSS language (`image/…`, or `style/…` where styles are
   * known) or by typed actions.
   * @throws ImageError (as a rejection); faults of a text carry their place in `at`
   */
  render(bytes: Uint8Array, process: string | Chain, options?: RenderOptions): Promise<Rendered>;
  /** The typed actions of a text. @throws ImageError (as a rejection) */
  parse(process: string, limits?: Limits): Promise<Chain>;
}

export async function createSafelightOn(
  platform: Platform,
  options: SafelightOptions,
): Promise<Safelight> {
  const { limits = 'generous' } = options;
  const parts = await chooseParts(platform, {
    kernels: options.kernels ?? 'auto',
    pngEffort: options.pngEffort ?? 'fast',
    deflate: options.deflate ?? 'runtime',
    loadWasm: options.loadWasm,
  });
  const engine = createEngine({
    kernels: parts.kernels,
    codecs: [...(options.codecs ?? []), ...parts.codecs],
    limits: typeof limits === 'string' ? LIMIT_PROFILES[limits] : limits,
    text: once(options.text ?? loadCanvasText),
    printInfo: printOssInfo,
    printAverageHue,
  });
  return {
    engine,
    kernelSet: parts.kernelSet,
    async parse(process, within = engine.limits) {
      return (await parseText(process, within, options)).chain;
    },
    async render(bytes, process, renderOptions) {
      if (typeof process !== 'string') return engine.render(bytes, process, renderOptions);
      const parsed = await parseText(process, renderOptions?.limits ?? engine.limits, options);
      try {
        return await engine.render(bytes, parsed.chain, renderOptions);
      } catch (error) {
        throw isImageError(error) ? placeError(error, parsed.steps) : error;
      }
    },
  };
}

/** The text's actions, or those of the style it names: places then are places in the style's text. */
async function parseText(
  process: string,
  limits: Limits,
  options: SafelightOptions,
): Promise<ParsedImage> {
  const { strict = false, fonts = OSS_FONTS } = options;
  const parsed = parseProcess(process, { limits, strict, fonts });
  if (parsed.kind === 'image') return parsed;
  const { name, at } = parsed;
  const text = await options.styles?.(name);
  const style = text === undefined ? undefined : parseProcess(text, { limits, strict, fonts });
  if (style?.kind === 'image') return style;
  const got = style === undefined ? 'one that is not' : 'a style of a style';
  throw new ImageError(
    'InvalidArgument',
    'unknown-action',
    `style: expected a known one, got ${got}`,
    {
      fault: { action: 'style', parameter: 'stylename', value: name },
      at,
    },
  );
}

function printOssInfo(header: ImageHeader, sourceBytes: number, members: InfoMembers): string {
  return printInfo({ ...header, fileBytes: sourceBytes }, members);
}

async function loadCanvasText(): Promise<TextRasterizer> {
  const { createCanvasTextRasterizer } = await import('@safelight/core/text');
  return createCanvasTextRasterizer();
}

/** Calls `make` when first asked, and again only when that failed. */
function once<T>(make: () => T | Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= Promise.resolve()
      .then(make)
      .catch((error: unknown) => {
        made = undefined;
        throw error;
      });
    return made;
  };
}
