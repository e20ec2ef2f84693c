import { extname } from 'node:path/posix';
import type { Digest } from '../../kernel/digest.ts';
import type { ByteRange } from '../../tracking/artifacts/store.ts';

/** Served as text, whatever their ending means elsewhere, as in MLflow. */
const textEndings: ReadonlySet<string> = new Set(
  `txt log err cfg conf cnf cf ini properties prop hocon toml yaml yml xml json js py py3 csv tsv md rst MLmodel
  MLproject mlproject`.split(/\s+/),
);

const mimeTypes: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  bmp: 'image/bmp',
  css: 'text/css',
  gif: 'image/gif',
  gz: 'application/gzip',
  htm: 'text/html',
  html: 'text/html',
  ipynb: 'application/x-ipynb+json',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  mp4: 'video/mp4',
  parquet: 'application/vnd.apache.parquet',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  wasm: 'application/wasm',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
  zip: 'application/zip',
};

/** The media type for a file name, without a charset: text for readable files, bytes for unknown ones. */
export function mediaType(name: string): string {
  const ending = extname(name).slice(1);
  if (textEndings.has(ending || name)) return 'text/plain';
  return mimeTypes[ending.toLowerCase()] ?? 'application/octet-stream';
}

/**
 * The byte range of a `Range` header; the full file without a header, for an invalid one, and for several ranges,
 * which RFC 9110 §14.2 allows. 'none' if the range begins after the end of the file.
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | 'whole' | 'none' {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const start = Math.max(0, size - Number(last));
    return Number(last) === 0 || size === 0 ? 'none' : { start, end: size };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return 'whole';
  const end = last === '' ? size : Math.min(size, Number(last) + 1);
  return start < size ? { start, end } : 'none';
}

/** The SHA-256 in a `Content-Digest` (RFC 9530); undefined without one. */
export function promisedDigest(header: string | readonly string[] | undefined): Digest | undefined {
  const [, encoded = ''] = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/.exec(String(header ?? '')) ?? [];
  return encoded === '' ? undefined : (Buffer.from(encoded, 'base64').toString('hex') as Digest);
}
