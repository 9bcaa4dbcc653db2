/**
 * Stored styles: named process texts of a bucket. A text is not checked when it is stored, only when
 * it is used, as OSS does (protocol, 5).
 * @module
 */

import { isStyleName } from '@safelight/grammar';
import type { StyleRecord } from '@safelight/storage';
import { checkOwner } from '../access.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { bodyText, parameterOf, type BucketCall } from '../call.ts';
import { findBucket } from '../lookup.ts';
import { ServiceError } from '../service-error.ts';
import type { Service } from '../service.ts';
import { printHttpTime } from '../times.ts';
import { childOf, childText, parseXml, type XmlNode } from '../xml.ts';

const MAX_DOCUMENT_BYTES = 64 * 1024;

/** EC of a style name that is none. */
const BAD_NAME_EC = '0017-00000250';

export async function putStyle(call: BucketCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  const name = readStyleName(call);
  await findBucket(call, service);
  const body = await bodyText(call, MAX_DOCUMENT_BYTES);
  const content = (childText(childOf(parseXml(body), 'Style'), 'Content') ?? '').trim();
  if (content === '') {
    throw new ServiceError('InvalidArgument', 'Style content is invalid.', {
      details: { ArgumentName: 'Content', ArgumentValue: '' },
    });
  }
  const { maxStyles } = service.settings;
  await service.store.putStyle(call.address.bucket, name, content, { maxStyles });
  return emptyAnswer(200);
}

/** One style by its name, or all of them. */
export async function getStyles(call: BucketCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  await findBucket(call, service);
  const { bucket } = call.address;
  if (parameterOf(call, 'styleName') === undefined) {
    const styles = await service.store.listStyles(bucket);
    return xmlAnswer(['StyleList', styles.map((style) => styleNode(style))]);
  }
  const name = readStyleName(call);
  const style = await service.store.getStyle(bucket, name);
  if (style === undefined) {
    throw new ServiceError('NoSuchStyle', 'The style you get is not found.', {
      details: { StyleName: name },
    });
  }
  return xmlAnswer(styleNode(style));
}

export async function deleteStyle(call: BucketCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  const name = readStyleName(call);
  await findBucket(call, service);
  await service.store.deleteStyle(call.address.bucket, name);
  return emptyAnswer(204);
}

function readStyleName(call: BucketCall): string {
  const name = parameterOf(call, 'styleName') ?? '';
  if (isStyleName(name)) return name;
  const shown = name.slice(0, 256);
  throw new ServiceError(
    'InvalidArgument',
    `The value: ${shown} of parameter: stylename is invalid.`,
    { ec: BAD_NAME_EC, details: { ArgumentName: 'stylename', ArgumentValue: shown } },
  );
}

function styleNode(style: StyleRecord): XmlNode {
  return [
    'Style',
    [
      ['Name', style.name],
      ['Content', style.content],
      ['Category', 'image'],
      ['CreateTime', printHttpTime(style.createdMs)],
      ['LastModifyTime', printHttpTime(style.modifiedMs)],
    ],
  ];
}
