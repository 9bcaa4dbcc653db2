/**
 * The service as a program: reads the settings, starts, greets, and stops gracefully on SIGTERM and
 * SIGINT. A wrong setting ends it with status 2 and one line that names the variable.
 * @module
 */

import { ConfigError, readConfig } from './config.ts';
import { printGreeting } from './greeting.ts';
import { createLogger } from './logger.ts';
import { startServer } from './server.ts';

const BAD_SETTING_STATUS = 2;

/** Runs until a signal stops it; never rejects: what goes wrong is printed and set as exit status. */
export async function runProgram(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  try {
    await serveUntilSignal(environment);
  } catch (error) {
    const isSetting = error instanceof ConfigError;
    const text = isSetting ? error.message : String((error as Error).stack ?? error);
    process.stderr.write(`${text}\n`);
    process.exitCode = isSetting ? BAD_SETTING_STATUS : 1;
  }
}

async function serveUntilSignal(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const config = readConfig(environment);
  const logger = createLogger(config.logLevel);
  const server = await startServer(config, { logger });
  process.stdout.write(printGreeting(server, Date.now()));
  const stop = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, 'stopping');
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
