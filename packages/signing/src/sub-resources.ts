/**
 * The query parameters that version 1 signs. Also the list by which a server knows that a parameter
 * names another operation: an unknown sub-resource on a write must never become a plain upload.
 * @module
 */

/** Every sub-resource that the official clients sign, beside all names that start with `x-oss-`. */
export const SUBRESOURCES: ReadonlySet<string> = new Set(
  `acl append asyncFetch bucketInfo callback callback-var cname comp continuation-token cors delete
  encryption endTime group img inventory inventoryId lifecycle link live location logging metaQuery
  objectInfo objectMeta partNumber policy position processConfiguration publicAccessBlock qos qosInfo
  referer regionList replication replicationLocation replicationProgress requestPayment resourceGroup
  response-cache-control response-content-disposition response-content-encoding
  response-content-language response-content-type response-expires restore security-token sequential
  startTime stat status style styleName symlink tagging transferAcceleration uploadId uploads versionId
  versioning versions vod website worm wormExtend wormId withHashContext`.split(/\s+/),
);

/** Whether version 1 signs the parameter of this name. Case matters. */
export function isSubresource(name: string): boolean {
  return SUBRESOURCES.has(name) || name.startsWith('x-oss-');
}
