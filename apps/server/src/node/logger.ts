/**
 * Structured logs: one JSON object a line on the standard output, written in blocks, since a write for
 * each request would cost more than a cached picture. Warnings are written at once.
 * @module
 */

import { pino } from 'pino';
import type { Logger } from '../service.ts';
import type { LogLevel } from './config.ts';

/** Some twenty requests. */
const BLOCK_BYTES = 8 * 1024;

/** How long a quiet service may keep a line. */
const FLUSH_INTERVAL_MS = 250;

export function createLogger(level: LogLevel): Logger {
  // pino writes what is left when the process ends.
  const destination = pino.destination({ dest: 1, sync: false, minLength: BLOCK_BYTES });
  const logger = pino(
    {
      level,
      // The host's name and process id are the log collector's to add.
      base: null,
      timestamp: printTimestamp,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  setInterval(() => destination.flush(), FLUSH_INTERVAL_MS).unref();
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn(fields, message) {
      logger.warn(fields, message);
      destination.flush();
    },
    error(fields, message) {
      logger.error(fields, message);
      destination.flush();
    },
  };
}

let second = -1;
let secondText = '';

/** `,"time":"2026-01-02T03:04:05.006Z"`; all but the milliseconds is made once a second. */
function printTimestamp(): string {
  const nowMs = Date.now();
  const now = Math.floor(nowMs / 1000);
  if (now !== second) {
    second = now;
    secondText = new Date(now * 1000).toISOString().slice(0, -4);
  }
  return `,"time":"${secondText}${String(nowMs - now * 1000).padStart(3, '0')}Z"`;
}
