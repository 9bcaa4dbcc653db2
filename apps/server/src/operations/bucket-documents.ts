/**
 * Configuration documents of a bucket: CORS rules, referer list, tags, process configuration. Only
 * documents that take effect (or are labels) are stored: a policy that nobody enforces would be a lie.
 * @module
 */

import { checkOwner } from '../access.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { bodyText, type BucketCall } from '../call.ts';
import { CORS, readCorsDocument } from '../cors.ts';
import { findBucket } from '../lookup.ts';
import { readTagDocument, tagDocument } from '../object-tags.ts';
import {
  PROCESS_CONFIGURATION,
  processConfigurationDocument,
  processConfigurationOf,
  readProcessConfiguration,
} from '../process-configuration.ts';
import { readRefererDocument, REFERER } from '../referer.ts';
import { ServiceError } from '../service-error.ts';
import type { Service } from '../service.ts';
import { printXml, type XmlNode } from '../xml.ts';

const MAX_DOCUMENT_BYTES = 256 * 1024;

const TAGGING = 'tagging';

type Run = (call: BucketCall, service: Service) => Promise<Answer>;

/** Stores the document once it is known to be one. */
function storeDocument(name: string, read: (body: string) => unknown): Run {
  return async (call, service) => {
    checkOwner(call.caller);
    await findBucket(call, service);
    const body = await bodyText(call, MAX_DOCUMENT_BYTES);
    read(body);
    await service.store.updateBucket(call.address.bucket, { settings: { [name]: body } });
    return emptyAnswer(200);
  };
}

/** Gives the document back as it was stored. */
function giveDocument(name: string, absent: () => XmlNode): Run {
  return async (call, service) => {
    checkOwner(call.caller);
    const { settings } = await findBucket(call, service);
    const body = settings[name] ?? printXml(absent());
    return { status: 200, headers: { 'content-type': 'application/xml' }, body };
  };
}

function removeDocument(name: string): Run {
  return async (call, service) => {
    checkOwner(call.caller);
    await findBucket(call, service);
    await service.store.updateBucket(call.address.bucket, { settings: { [name]: undefined } });
    return emptyAnswer(204);
  };
}

export const putBucketCors: Run = storeDocument(CORS, readCorsDocument);
export const getBucketCors: Run = giveDocument(CORS, () => {
  throw new ServiceError('NoSuchCORSConfiguration', 'The CORS Configuration does not exist.');
});
export const deleteBucketCors: Run = removeDocument(CORS);

export const putBucketReferer: Run = storeDocument(REFERER, readRefererDocument);
export const getBucketReferer: Run = giveDocument(REFERER, () => [
  'RefererConfiguration',
  [
    ['AllowEmptyReferer', true],
    ['RefererList', []],
  ],
]);

export const putBucketTagging: Run = storeDocument(TAGGING, readTagDocument);
export const getBucketTagging: Run = giveDocument(TAGGING, () => tagDocument([]));
export const deleteBucketTagging: Run = removeDocument(TAGGING);

export const putProcessConfiguration: Run = storeDocument(
  PROCESS_CONFIGURATION,
  readProcessConfiguration,
);

export async function getProcessConfiguration(call: BucketCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  const bucket = await findBucket(call, service);
  return xmlAnswer(processConfigurationDocument(processConfigurationOf(bucket)));
}
