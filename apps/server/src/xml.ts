/**
 * XML of answers and requests. Easily got wrong: `\t \n \r` go out as references, but all other control
 * characters raw, since sax (ali-oss) takes the raw byte and refuses the reference (protocol, 4).
 * @module
 */

import { XMLParser } from 'fast-xml-parser';
import { ServiceError } from './service-error.ts';

/** An element: its name and its text or children. */
export type XmlNode = readonly [
  name: string,
  content: string | number | boolean | readonly XmlNode[],
];

/** A document with its header line. */
export function printXml(root: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${printNode(root)}`;
}

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** What no XML 1.0 document may hold, in any spelling (XML 1.0, 2.2). */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** `text` as any XML can hold it: what it cannot becomes U+FFFD. For errors, whose texts are shown. */
export function toXmlText(text: string): string {
  return text.replaceAll(NOT_XML, '\uFFFD');
}

export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"'\t\n\r]/g, (char) => REFERENCES[char] ?? char);
}

function printNode([name, content]: XmlNode): string {
  const inner =
    typeof content === 'object'
      ? content.map((child) => printNode(child)).join('')
      : escapeXml(String(content));
  return `<${name}>${inner}</${name}>`;
}

/** A parsed document: text, children by name, or several of one name. */
export type XmlValue = string | readonly XmlValue[] | { readonly [name: string]: XmlValue };

/**
 * Reads a request body leniently: raw control characters pass (ali-oss sends them), attributes and
 * the header line are dropped, every value stays text. Document types are refused: they can define
 * entities.
 * @throws ServiceError `MalformedXML`
 */
export function parseXml(text: string): { readonly [name: string]: XmlValue } {
  if (/<!DOCTYPE/i.test(text)) throw malformed();
  try {
    const parser = new XMLParser({
      ignoreAttributes: true,
      ignoreDeclaration: true,
      parseTagValue: false,
      trimValues: false,
      // Also what decodes numeric references, in which clients write line breaks.
      htmlEntities: true,
      processEntities: true,
      numberParseOptions: { hex: false, leadingZeros: false },
    });
    const value: unknown = parser.parse(text, true);
    if (typeof value !== 'object' || value === null) throw malformed();
    return value as { readonly [name: string]: XmlValue };
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw malformed(error);
  }
}

/** The text of the child `name`, trimmed; undefined when it is absent or has children. */
export function childText(value: XmlValue | undefined, name: string): string | undefined {
  const child = childOf(value, name);
  return typeof child === 'string' ? child : undefined;
}

/** The child `name` of an element. */
export function childOf(value: XmlValue | undefined, name: string): XmlValue | undefined {
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const children = value as { readonly [name: string]: XmlValue };
  return Object.hasOwn(children, name) ? children[name] : undefined;
}

/** The children `name` of an element: none, one or several. */
export function childrenOf(value: XmlValue | undefined, name: string): readonly XmlValue[] {
  const child = childOf(value, name);
  if (child === undefined) return [];
  return Array.isArray(child) ? (child as readonly XmlValue[]) : [child];
}

function malformed(cause?: unknown): ServiceError {
  return new ServiceError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema.',
    { cause },
  );
}
