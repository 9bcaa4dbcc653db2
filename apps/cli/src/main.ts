#!/usr/bin/env node
/**
 * The `safelight` program. Each command is a file in `commands/`; this one only reads the command line.
 * @module
 */

import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { createSafelight } from 'safelight';
import type { LimitProfile } from '@safelight/core';
import { pointAt } from './fault-pointer.ts';
import { isImageError } from '@safelight/core';
import { exitCodeOf, EXIT_CODES } from './exit-code.ts';
import { explain, type ExplainOptions } from './commands/explain.ts';
import { readPicture } from './commands/picture-file.ts';
import { purge, type PurgeOptions } from './commands/purge.ts';
import { processFile, type ProcessCommandOptions } from './commands/process.ts';
import type { ServeOptions } from './commands/serve.ts';
import { signUrl, type SignCommandOptions } from './commands/sign.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

const limitsOption = () =>
  new Option('--limits <profile>', "limits: 'oss' has the documented ones of the OSS service")
    .choices(['generous', 'oss'])
    .default('generous');

const keyIdOption = () =>
  new Option('--key-id <id>', 'access key id').env('SAFELIGHT_ACCESS_KEY_ID').makeOptionMandatory();

const keySecretOption = () =>
  new Option('--key-secret <secret>', 'access key secret')
    .env('SAFELIGHT_ACCESS_KEY_SECRET')
    .makeOptionMandatory();

const watermarkOption = () =>
  new Option('--watermark-dir <folder>', "where watermarks' pictures lie (beside the picture)");

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value === 0) {
    throw new InvalidArgumentError(`expected a positive whole number, got '${text}'`);
  }
  return value;
}

// Before the commands are added: they inherit it.
const program = new Command('safelight')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_CODES.usage))
  .description('An image service and engine that speaks the OSS image language.')
  .version(version)
  .showHelpAfterError('(safelight --help tells more)')
  .addHelpText(
    'after',
    `
Exit codes:
  0  done                      3  the picture is damaged or not of a kind that is read
  1  unforeseen                4  over a limit
  2  wrong command or chain    5  a file cannot be read or written`,
  );

program
  .command('serve')
  .description('serve pictures over HTTP; settings come from SAFELIGHT_* variables')
  .option('--host <address>', 'address to listen on (SAFELIGHT_HOST)')
  .option('--port <number>', 'port to listen on (SAFELIGHT_PORT)')
  .option('--data <folder>', 'folder of the embedded store (SAFELIGHT_DATA)')
  .action(async (options: ServeOptions) => {
    // The server is most of the program's code, and no other command needs it.
    const { serve } = await import('./commands/serve.ts');
    await serve(options);
  });

program
  .command('process')
  .description("apply a chain such as 'image/resize,w_300/sharpen,100' to a picture")
  .argument('<in>', 'picture to read, - for standard input')
  .argument('<out>', 'file to write, - for standard output; its ending chooses the format')
  .argument('<chain>', 'what to do')
  .addOption(limitsOption())
  .addOption(watermarkOption())
  .action(async (input: string, output: string, chain: string, options: ProcessCommandOptions) => {
    const summary = await pointing(chain, () => processFile(input, output, chain, options));
    console.error(summary);
  });

program
  .command('info')
  .description('print what a picture tells without being decoded, as JSON')
  .argument('<file>', 'picture to read, - for standard input')
  .addOption(limitsOption())
  .action(async (file: string, options: Limited) => {
    const safelight = await createSafelight({ limits: options.limits });
    const { bytes } = await safelight.render(await readPicture(file), 'image/info');
    console.log(new TextDecoder().decode(bytes));
  });

program
  .command('sign')
  .description('sign a URL, so that anyone may open it until it expires')
  .argument('<url>', 'the whole URL, x-oss-process included')
  .addOption(keyIdOption())
  .addOption(keySecretOption())
  .option('--expires <seconds>', 'validity', positiveInteger, 3600)
  .option('--method <verb>', 'what the URL is for', 'GET')
  .option('--bucket <name>', "when the URL's host is a domain of its own")
  .option('--path-style', 'the first part of the path is the bucket')
  .option('--no-path-style', 'the first label of the host is the bucket')
  .addOption(
    new Option('--signature-version <1|4>', 'signature version').choices(['1', '4']).default('1'),
  )
  .addOption(
    new Option('--region <name>', 'of version 4')
      .env('SAFELIGHT_REGION')
      .default('oss-cn-hangzhou'),
  )
  .action((url: string, options: SignCommandOptions) => {
    console.log(signUrl(url, options, Date.now()));
  });

program
  .command('purge')
  .description('make a running service forget the cached results of a bucket, object or style')
  .argument('<url>', 'where the service listens, such as http://localhost:9080')
  .requiredOption('--bucket <name>', 'the bucket')
  .option('--object <key>', 'only results of this object')
  .option('--style <name>', 'only what this style made')
  .addOption(keyIdOption())
  .addOption(keySecretOption())
  .action(async (url: string, options: PurgeOptions) => {
    console.log(`${await purge(url, options, Date.now())} results forgotten`);
  });

program
  .command('explain')
  .description(
    'print what a chain would do: actions, plan, sizes, memory; or what is wrong with it',
  )
  .argument('<chain>', 'what would be done')
  .option('--file <picture>', 'plan for this picture')
  .option('--size <WxH>', 'plan for an imagined JPEG of this size (4000x3000)')
  .addOption(limitsOption())
  .addOption(watermarkOption())
  .action(async (chain: string, options: ExplainOptions) => {
    const { text, error } = await explain(chain, options);
    console.log(text);
    if (error !== undefined) process.exitCode = exitCodeOf(error);
  });

interface Limited {
  readonly limits: LimitProfile;
}

/** Runs, and for a fault in the chain shows its place before the error ends the program. */
async function pointing<T>(chain: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (isImageError(error) && error.at !== undefined) {
      console.error(pointAt(chain, error));
      process.exit(exitCodeOf(error));
    }
    throw error;
  }
}

try {
  await program.parseAsync();
} catch (error) {
  const code = exitCodeOf(error);
  const isForeseen = code !== EXIT_CODES.internal && error instanceof Error;
  console.error(isForeseen ? `safelight: ${error.message}` : error);
  process.exit(code);
}
