/**
 * Our own routes under `/-/`, which no bucket name can start with. None of them needs a signature, so
 * none may tell anything about what is stored.
 * @module
 */

import type { Answer } from './answer.ts';
import { ServiceError } from './service-error.ts';

/** @throws ServiceError `NoSuchKey`, `MethodNotAllowed` */
export function answerInternal(method: string, path: string): Answer {
  if (path !== '/-/health') {
    throw new ServiceError('NoSuchKey', 'The service has no such route.', {
      details: { Key: path.slice(0, 256) },
    });
  }
  if (method !== 'GET' && method !== 'HEAD') {
    throw new ServiceError('MethodNotAllowed', 'The specified method is not allowed here.');
  }
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: '{"status":"ok"}\n',
  };
}
