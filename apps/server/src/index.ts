/**
 * The image service's neutral door: a Hono application made of values. The Node entry is `./node`.
 * @module
 */

export { createApp } from './app.ts';
export {
  isServiceError,
  ServiceError,
  type ServiceErrorCode,
  type ServiceErrorOptions,
} from './service-error.ts';
export type { AppDeps, Logger, RenderedPicture, Renderer, RenderRequest } from './service.ts';
export { DEFAULT_SETTINGS, type ServiceSettings } from './settings.ts';
