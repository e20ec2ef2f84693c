import { contentKind, isTar, isText } from './content-kind.ts';

/** Ways to compress one stream of bytes. */
export type Compression = 'gzip' | 'xz' | 'bzip2' | 'zstd';

/** How files are packed into one. */
export interface Packing {
  /** 'file' for a single one. */
  readonly container: 'zip' | 'tar' | 'file';
  readonly compression?: Compression | undefined;
}

const compressions: ReadonlyMap<string, Compression> = new Map([
  ['gz', 'gzip'],
  ['xz', 'xz'],
  ['bz2', 'bzip2'],
  ['zst', 'zstd'],
]);
const tarCompressions: ReadonlyMap<string, Compression> = new Map([
  ['tgz', 'gzip'],
  ['txz', 'xz'],
  ['tbz', 'bzip2'],
  ['tbz2', 'bzip2'],
  ['tzst', 'zstd'],
]);
const textName = /(?:\.(?:csv|tsv|txt)|(?:^|\/)[^./]+)$/i;

/**
 * Whether a file of this name can be packed. Files that are named neither as an archive nor as text, such as workbooks, are for
 * readers of their own.
 */
export function canBePacked(name: string): boolean {
  return namedPacking(name) !== undefined || textName.test(name);
}

/**
 * How a file is packed; undefined for one that is itself. The name says whether it is an archive; the first bytes say how it is
 * compressed, because files are renamed, and some servers unpack what they send.
 * @param head the first bytes of the file, `contentHead` of them if it has so many
 */
export function packingOf(name: string, head: Uint8Array): Packing | undefined {
  const named = namedPacking(name);
  const compression = compressionOf(head);
  if (named?.compression)
    return {
      ...named,
      compression: compression ?? (isUnpacked(named, head) ? undefined : named.compression),
    };
  if (named || !textName.test(name)) return named;
  if (compression) return { container: 'file', compression };
  return contentKind(head) === 'zip' ? { container: 'zip' } : undefined;
}

/** The name of the file in a compressed file. */
export function unpackedName(name: string): string {
  return name.replace(/\.(?:gz|xz|bz2|zst)$/i, '');
}

function namedPacking(name: string): Packing | undefined {
  const [last = '', inner] = name.toLowerCase().split('.').slice(1).toReversed();
  if (last === 'zip' || last === 'tar') return { container: last };
  const compression = compressions.get(last);
  if (compression) return { container: inner === 'tar' ? 'tar' : 'file', compression };
  const ofTar = tarCompressions.get(last);
  return ofTar && { container: 'tar', compression: ofTar };
}

function compressionOf(head: Uint8Array): Compression | undefined {
  const kind = contentKind(head);
  return [...compressions.values()].find((compression) => compression === kind);
}

function isUnpacked({ container }: Packing, head: Uint8Array): boolean {
  return container === 'tar' ? isTar(head) : head.length > 0 && isText(head);
}
