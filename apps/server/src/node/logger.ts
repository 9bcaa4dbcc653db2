/**
 * Structured logs: one JSON object a line on the standard output.
 * @module
 */

import { pino } from 'pino';
import type { Logger } from '../service.ts';
import type { LogLevel } from './config.ts';

export function createLogger(level: LogLevel): Logger {
  const logger = pino({
    level,
    // The host's name and process id are the log collector's to add.
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
