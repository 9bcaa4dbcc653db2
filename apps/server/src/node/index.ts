/**
 * The Node door: the service with its settings, worker threads and listeners.
 * @module
 */

export {
  type AccessKeyPair,
  type CacheConfig,
  ConfigError,
  type LogLevel,
  readConfig,
  type ServerConfig,
  type TlsConfig,
} from './config.ts';
export { demoUrls, printGreeting } from './greeting.ts';
export { runProgram } from './program.ts';
export { type RunningServer, startServer } from './server.ts';
