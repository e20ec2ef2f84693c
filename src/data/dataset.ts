import type { Digest } from '../kernel/digest.ts';
import { canonicalJson, type Json } from '../kernel/json.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { TableSchema } from '../project/tables/table.ts';
import type { Blob, BlobStore } from './blob-store.ts';
import type { TableProfile } from './profile.ts';

/** A file of a dataset; names are relative and use '/'. */
export interface DatasetFile extends Blob {
  readonly name: string;
}

export interface TableDataset {
  readonly kind: 'table';
  readonly schema: TableSchema;
  readonly rows: number;
  /** Parquet. */
  readonly file: Blob;
  readonly profile: TableProfile;
}

export interface FilesDataset {
  readonly kind: 'files';
  /** In order of name. */
  readonly files: readonly DatasetFile[];
}

export interface ValueDataset {
  readonly kind: 'value';
  readonly value: Json;
}

/**
 * An immutable version of data. Its digest is that of its canonical JSON, and where it came from and when stands in the
 * result that names it, not in here: the same bytes fetched twice are one dataset.
 */
export type Dataset = TableDataset | FilesDataset | ValueDataset;

/** Raised when a manifest is written differently. */
const format = 1;

/** A dataset of files, in order of name. */
export function filesDataset(files: readonly DatasetFile[]): FilesDataset {
  return { kind: 'files', files: files.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** Stores files as a dataset. */
export async function putFiles(
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  blobs: Pick<BlobStore, 'put'>,
): Promise<FilesDataset> {
  const stored: DatasetFile[] = [];
  for (const { name, bytes } of files) stored.push({ name, ...(await blobs.put(bytes)) });
  return filesDataset(stored);
}

export async function saveDataset(dataset: Dataset, blobs: BlobStore): Promise<Digest> {
  return (await blobs.put(canonicalJson({ format, ...dataset }))).digest;
}

/** @throws PlatformError BLOB_NOT_FOUND, STATE_DAMAGED */
export async function readDataset(digest: Digest, blobs: Pick<BlobStore, 'read'>): Promise<Dataset> {
  const manifest = JSON.parse(new TextDecoder().decode(await blobs.read(digest))) as Dataset & {
    readonly format: number;
  };
  if (manifest.format === format) return manifest;
  throw new PlatformError('STATE_DAMAGED', {
    field: `dataset ${digest.slice(0, 12)}`,
    value: manifest.format,
    remedy: `This build reads dataset format ${format}; run the project again to make the data anew.`,
  });
}

/** A dataset of an earlier run; undefined if it is not stored any more. @throws PlatformError STATE_DAMAGED */
export async function findDataset(
  digest: Digest | undefined,
  blobs: Pick<BlobStore, 'has' | 'read'>,
): Promise<Dataset | undefined> {
  return digest !== undefined && (await blobs.has(digest)) ? await readDataset(digest, blobs) : undefined;
}

/** @param field for the error. @throws PlatformError INTERNAL for another kind */
export function asTable(dataset: Dataset, field: string): TableDataset {
  if (dataset.kind === 'table') return dataset;
  throw wrongKind(field, dataset, 'must be a table');
}

/** @param field for the error. @throws PlatformError INTERNAL for another kind */
export function asFiles(dataset: Dataset, field: string): FilesDataset {
  if (dataset.kind === 'files') return dataset;
  throw wrongKind(field, dataset, 'must be a set of files');
}

function wrongKind(field: string, { kind }: Dataset, remedy: string): PlatformError {
  return new PlatformError('INTERNAL', { field, value: kind, remedy });
}
