/**
 * Which operation a request asks for: its level, method and sub-resource, in one table. Easily got
 * wrong: `PUT /key?live` must never become a plain upload, so a known sub-resource without a row is 501.
 * @module
 */

import { CREDENTIAL_PARAMETERS, SUBRESOURCES } from '@safelight/signing';
import type { Answer } from './answer.ts';
import type { BucketCall, Call, ObjectCall, ServiceCall } from './call.ts';
import { invalidArgument, notImplemented, ServiceError } from './service-error.ts';
import type { Service } from './service.ts';
import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from './operations/acl.ts';
import {
  deleteBucket,
  getBucketInfo,
  getBucketLocation,
  getBucketStat,
  listBuckets,
  putBucket,
} from './operations/buckets.ts';
import { appendObject } from './operations/append-object.ts';
import {
  deleteBucketCors,
  deleteBucketTagging,
  getBucketCors,
  getBucketReferer,
  getBucketTagging,
  getProcessConfiguration,
  putBucketCors,
  putBucketReferer,
  putBucketTagging,
  putProcessConfiguration,
} from './operations/bucket-documents.ts';
import { answerPreflight } from './operations/cors.ts';
import { deleteObject, deleteObjects } from './operations/delete-objects.ts';
import { getObject, getObjectMeta } from './operations/get-object.ts';
import { listObjects } from './operations/list-objects.ts';
import { listParts, listUploads } from './operations/list-uploads.ts';
import { abortUpload, completeUpload, initiateUpload, uploadPart } from './operations/multipart.ts';
import {
  deleteObjectTagging,
  getObjectTagging,
  putObjectTagging,
} from './operations/object-tagging.ts';
import { postObject } from './operations/post-object.ts';
import { processObject } from './operations/process-object.ts';
import { putObject } from './operations/put-object.ts';
import { deleteStyle, getStyles, putStyle } from './operations/styles.ts';
import { getSymlink, putSymlink } from './operations/symlinks.ts';

type Run<C extends Call> = (call: C, service: Service) => Promise<Answer>;
type Table<C extends Call> = ReadonlyMap<string, readonly [name: string, run: Run<C>]>;

/** An operation with its call, ready to run. */
export interface Operation {
  /** As the manual names it; for logs. */
  readonly name: string;
  readonly run: (service: Service) => Promise<Answer>;
}

/** Keys are the method and, after a blank, the sub-resources in the order of their names. */
const SERVICE_OPERATIONS: Table<ServiceCall> = new Map([['GET', ['ListBuckets', listBuckets]]]);

const BUCKET_OPERATIONS: Table<BucketCall> = new Map([
  ['PUT', ['PutBucket', putBucket]],
  ['GET', ['ListObjects', listObjects]],
  ['DELETE', ['DeleteBucket', deleteBucket]],
  ['GET bucketInfo', ['GetBucketInfo', getBucketInfo]],
  ['POST', ['PostObject', postObject]],
  ['OPTIONS', ['OptionObject', answerPreflight]],
  ['GET stat', ['GetBucketStat', getBucketStat]],
  ['GET uploads', ['ListMultipartUploads', listUploads]],
  ['PUT cors', ['PutBucketCors', putBucketCors]],
  ['GET cors', ['GetBucketCors', getBucketCors]],
  ['DELETE cors', ['DeleteBucketCors', deleteBucketCors]],
  ['PUT referer', ['PutBucketReferer', putBucketReferer]],
  ['GET referer', ['GetBucketReferer', getBucketReferer]],
  ['PUT tagging', ['PutBucketTags', putBucketTagging]],
  ['GET tagging', ['GetBucketTags', getBucketTagging]],
  ['DELETE tagging', ['DeleteBucketTags', deleteBucketTagging]],
  ['PUT processConfiguration', ['PutBucketProcessConfiguration', putProcessConfiguration]],
  ['GET processConfiguration', ['GetBucketProcessConfiguration', getProcessConfiguration]],
  ['GET location', ['GetBucketLocation', getBucketLocation]],
  ['GET acl', ['GetBucketAcl', getBucketAcl]],
  ['PUT acl', ['PutBucketAcl', putBucketAcl]],
  ['PUT style', ['PutStyle', putStyle]],
  ['GET style', ['GetStyle', getStyles]],
  ['DELETE style', ['DeleteStyle', deleteStyle]],
  ['POST delete', ['DeleteMultipleObjects', deleteObjects]],
]);

const OBJECT_OPERATIONS: Table<ObjectCall> = new Map([
  ['PUT', ['PutObject', putObject]],
  ['GET', ['GetObject', getObject]],
  ['HEAD', ['HeadObject', getObject]],
  ['DELETE', ['DeleteObject', deleteObject]],
  ['GET acl', ['GetObjectAcl', getObjectAcl]],
  ['PUT acl', ['PutObjectAcl', putObjectAcl]],
  ['HEAD objectMeta', ['GetObjectMeta', getObjectMeta]],
  ['GET objectMeta', ['GetObjectMeta', getObjectMeta]],
  ['OPTIONS', ['OptionObject', answerPreflight]],
  ['POST append&position', ['AppendObject', appendObject]],
  ['POST uploads', ['InitiateMultipartUpload', initiateUpload]],
  ['PUT partNumber&uploadId', ['UploadPart', uploadPart]],
  ['POST uploadId', ['CompleteMultipartUpload', completeUpload]],
  ['DELETE uploadId', ['AbortMultipartUpload', abortUpload]],
  ['GET uploadId', ['ListParts', listParts]],
  ['PUT symlink', ['PutSymlink', putSymlink]],
  ['GET symlink', ['GetSymlink', getSymlink]],
  ['PUT tagging', ['PutObjectTagging', putObjectTagging]],
  ['GET tagging', ['GetObjectTagging', getObjectTagging]],
  ['DELETE tagging', ['DeleteObjectTagging', deleteObjectTagging]],
  ['POST x-oss-process', ['ProcessObject', processObject]],
]);

/** @throws ServiceError `NotImplemented`, `MethodNotAllowed`, `InvalidArgument` */
export function chooseOperation(call: Call): Operation {
  switch (call.address.level) {
    case 'service':
      return bind(SERVICE_OPERATIONS, call as ServiceCall);
    case 'bucket':
      return bind(BUCKET_OPERATIONS, call as BucketCall);
    case 'object':
      return bind(OBJECT_OPERATIONS, call as ObjectCall);
    case 'internal':
      throw new ServiceError('MethodNotAllowed', 'This route is not an operation on objects.');
  }
}

function bind<C extends Call>(table: Table<C>, call: C): Operation {
  const named = findSubresources(call);
  const keyOf = (name: string): string => `${call.method} ${name}`;
  const isPlain = named.length === 0 || call.method === 'OPTIONS';
  const found = table.get(isPlain ? call.method : keyOf(named.join('&')));
  if (found !== undefined) {
    const [name, run] = found;
    return { name, run: (service) => run(call, service) };
  }
  if (named.length > 1 && named.some((name) => table.has(keyOf(name)))) {
    throw invalidArgument('sub-resource', named.join(', '), 'those of one operation');
  }
  if (named.length > 0 || call.method === 'POST' || call.method === 'OPTIONS') {
    throw notImplemented(`${call.method} ?${named.join('&')} on this level`);
  }
  throw new ServiceError(
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    { details: { Method: call.method, ResourceType: call.address.level } },
  );
}

/**
 * Whether a signed parameter only changes how an operation works, not which one it is. It must be one
 * that the operation knows: a style's name on an upload means that the client asks for something else.
 */
function isModifier(name: string, call: Call, isRead: boolean): boolean {
  if (CREDENTIAL_PARAMETERS.has(name) || name === 'x-oss-traffic-limit') return true;
  if (name.startsWith('response-')) return isRead;
  if (name === 'continuation-token') return isRead && call.address.level === 'bucket';
  return name === 'styleName' && call.parsed.query.some((other) => other.name === 'style');
}

const WRITES: ReadonlySet<string> = new Set(['PUT', 'POST', 'DELETE']);

/**
 * The sub-resources that name the operation, sorted; most calls have at most one. Parameters that
 * start with `x-oss-` count, unless they are known to change nothing, and on an otherwise plain write
 * all that are unknown.
 */
function findSubresources(call: Call): readonly string[] {
  const isRead = call.method === 'GET' || call.method === 'HEAD';
  const { query } = call.parsed;
  const hasProcess = isRead && query.some(({ name }) => name === 'x-oss-process');
  const named = new Set<string>();
  for (const { name } of query) {
    if (isModifier(name, call, isRead)) continue;
    if (SUBRESOURCES.has(name)) named.add(name);
    else if (name.startsWith('x-oss-') && !(isRead && name !== 'x-oss-async-process')) {
      named.add(name);
    }
  }
  // A write that nothing known names may be meant as anything: it must not become a plain one.
  if (named.size === 0 && WRITES.has(call.method)) {
    for (const { name } of query) {
      if (name !== '' && !isModifier(name, call, isRead)) named.add(name);
    }
  }
  // A process always works on the newest version (language reference, 1.1).
  if (hasProcess) named.delete('versionId');
  return [...named].toSorted();
}
