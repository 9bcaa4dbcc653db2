/**
 * OPTIONS: what a browser asks before a request of another origin. It needs no signature and tells
 * nothing of what is stored but the bucket's rules.
 * @module
 */

import { type Answer, emptyAnswer } from '../answer.ts';
import type { BucketCall, ObjectCall } from '../call.ts';
import { allowPreflight, CORS } from '../cors.ts';
import { findBucket } from '../lookup.ts';
import type { Service } from '../service.ts';

export async function answerPreflight(
  call: BucketCall | ObjectCall,
  service: Service,
): Promise<Answer> {
  const { settings } = await findBucket(call, service);
  return emptyAnswer(200, allowPreflight(call, settings[CORS]));
}
