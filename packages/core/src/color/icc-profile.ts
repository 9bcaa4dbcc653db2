/**
 * An ICC profile's header and tag table (ICC.1:2022, 7). Offsets and sizes are the file's claims: a
 * tag that does not lie inside the profile is as good as absent.
 * @module
 */

export interface IccProfile {
  /** Which samples it describes. */
  readonly space: 'GRAY' | 'RGB ' | 'CMYK';
  /** What it leads to. */
  readonly connection: 'XYZ ' | 'Lab ';
  /** Contents of a tag, its type first. */
  tag(signature: string): DataView | undefined;
}

const HEADER_BYTES = 128;
const TAG_BYTES = 12;
/** Real profiles have 9 to 40. */
const MAX_TAGS = 200;

const SPACES: ReadonlySet<string> = new Set<IccProfile['space']>(['GRAY', 'RGB ', 'CMYK']);
const CONNECTIONS: ReadonlySet<string> = new Set<IccProfile['connection']>(['XYZ ', 'Lab ']);
/** Links between devices, abstract and named colours lead nowhere from a picture's samples. */
const CLASSES: ReadonlySet<string> = new Set(['scnr', 'mntr', 'prtr', 'spac']);

/** Nothing for what is no profile, or one of another kind than pictures have. */
export function parseProfile(bytes: Uint8Array): IccProfile | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < HEADER_BYTES + 4) return undefined;
  const space = signatureAt(view, 16);
  const connection = signatureAt(view, 20);
  if (signatureAt(view, 36) !== 'acsp' || !CLASSES.has(signatureAt(view, 12))) return undefined;
  if (!isSpace(space) || !isConnection(connection)) return undefined;
  const count = Math.min(
    view.getUint32(HEADER_BYTES),
    MAX_TAGS,
    Math.floor((view.byteLength - HEADER_BYTES - 4) / TAG_BYTES),
  );
  const tags = new Map<string, DataView>();
  for (let i = 0; i < count; i++) {
    const at = HEADER_BYTES + 4 + i * TAG_BYTES;
    const start = view.getUint32(at + 4);
    const size = view.getUint32(at + 8);
    if (size < 8 || start + size > view.byteLength) continue;
    tags.set(signatureAt(view, at), new DataView(bytes.buffer, bytes.byteOffset + start, size));
  }
  return { space, connection, tag: (signature) => tags.get(signature) };
}

/** Four characters, as names of tags, types and spaces are. */
export function signatureAt(view: DataView, at: number): string {
  const codes = [0, 1, 2, 3].map((i) => view.getUint8(at + i));
  return String.fromCharCode(...codes);
}

/** A number of 16.16 bits with a sign (ICC.1, 4.6). */
export function fixedAt(view: DataView, at: number): number {
  return view.getInt32(at) / 65_536;
}

/** The first triple of an `XYZ ` tag. */
export function tripleOf(tag: DataView | undefined): readonly [number, number, number] | undefined {
  if (tag === undefined || tag.byteLength < 20 || signatureAt(tag, 0) !== 'XYZ ') return undefined;
  return [fixedAt(tag, 8), fixedAt(tag, 12), fixedAt(tag, 16)];
}

function isSpace(text: string): text is IccProfile['space'] {
  return SPACES.has(text);
}

function isConnection(text: string): text is IccProfile['connection'] {
  return CONNECTIONS.has(text);
}
