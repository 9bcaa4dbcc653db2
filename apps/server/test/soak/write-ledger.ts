/**
 * What a store was told and what it said, so that it can be held to it after a crash: each key has its
 * acknowledged body, and those under way. Bodies say of themselves which they are and how long, so a
 * torn or mixed one shows without a ledger too.
 * @module
 */

import { createHash } from 'node:crypto';

/** The digest of a body, or that there is none. */
export type Content = string;

export const ABSENT: Content = 'absent';

export class WriteLedger {
  readonly #acknowledged = new Map<string, Content>();
  readonly #underWay = new Map<string, Set<Content>>();

  keys(): string[] {
    return [...this.#underWay.keys()];
  }

  begin(key: string, content: Content): void {
    const underWay = this.#underWay.get(key) ?? new Set();
    this.#underWay.set(key, underWay.add(content));
  }

  /** From now on the key has this content, and nothing that was begun before. */
  acknowledge(key: string, content: Content): void {
    this.#acknowledged.set(key, content);
    this.#underWay.set(key, new Set());
  }

  acknowledged(key: string): Content {
    return this.#acknowledged.get(key) ?? ABSENT;
  }

  hasUnderWay(key: string): boolean {
    return (this.#underWay.get(key)?.size ?? 0) > 0;
  }

  /** Whether what was under way when the store died may be this. */
  wasUnderWay(key: string, content: Content): boolean {
    return this.#underWay.get(key)?.has(content) === true;
  }
}

/** A body that names itself over and over. */
export function namedBody(name: string, size: number): Buffer {
  return Buffer.alloc(size, `${name} ${size};`);
}

/** Whether it is one body from its first byte to its last. */
export function isNamedBody(body: Buffer): boolean {
  const [head = ''] = body.subarray(0, 100).toString('latin1').split(';');
  const size = Number(head.split(' ').at(-1));
  return body.byteLength === size && body.equals(Buffer.alloc(size, `${head};`));
}

export function contentOf(body: Buffer): Content {
  return createHash('sha256').update(body).digest('hex');
}
