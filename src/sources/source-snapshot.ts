import type { DatasetFile } from '../data/dataset.ts';
import { asJson, type JsonObject } from '../kernel/json.ts';
import type { Origin } from '../project/origin.ts';
import {
  type QueryOrigin,
  type Snapshot,
  type SnapshotFacts,
  type SnapshotOptions,
  takeSnapshot,
} from './operations.ts';

/** What is stored of each origin, so that its next fetch asks only for something newer. */
export interface PartFacts extends SnapshotFacts {
  readonly list: readonly DatasetFile[];
}

/** A page of an `http()` origin. */
export interface PageFacts {
  /** The name of its file. */
  readonly name: string;
  /** Without secrets. */
  readonly address: string;
  readonly fetchedAt: number;
}

export type SourceFacts = Omit<SnapshotFacts, 'seen'> & {
  readonly parts: readonly PartFacts[];
  readonly pages: readonly PageFacts[];
};

export interface SourceSnapshot {
  readonly files: readonly DatasetFile[];
  readonly facts: SourceFacts;
}

export interface SourceSnapshotOptions extends Omit<SnapshotOptions, 'from' | 'previous'> {
  readonly origins: readonly (Origin | QueryOrigin)[];
  /** Whether files of earlier fetches stay: rows have a key, and newer ones replace older ones. */
  readonly isKept: boolean;
  /** The last snapshot, with its facts as stored. */
  readonly previous?: { readonly files: readonly DatasetFile[]; readonly facts: JsonObject } | undefined;
}

/** Fetches all origins of a source, one after another. @throws PlatformError as `takeSnapshot` */
export async function snapshotSource(options: SourceSnapshotOptions): Promise<SourceSnapshot> {
  const { origins, previous, isKept, ...rest } = options;
  const before = (previous?.facts['parts'] ?? []) as unknown as readonly PartFacts[];
  const snapshots: Snapshot[] = [];
  for (const [index, from] of origins.entries()) {
    const part = before[index];
    const last = part && { files: part.list, facts: asJson(part) };
    snapshots.push(await takeSnapshot({ ...rest, from, previous: last }));
  }
  const fetched = snapshots.flatMap(({ files, facts, addresses }) =>
    files.map((file, index) => ({ file, address: addresses?.[index], fetchedAt: facts.fetchedAt })),
  );
  const stored = isKept ? (previous?.files ?? []) : [];
  const added = fetched.slice(
    repeated(
      stored,
      fetched.map(({ file }) => file),
    ),
  );
  const isNumbered = isKept || hasDuplicates(fetched.map(({ file }) => file.name));
  const numbered = added.map(({ file, ...page }, index) => ({
    ...page,
    file: isNumbered ? { ...file, name: numberedName(stored.length + index, file.name) } : file,
  }));
  const files = [...stored, ...numbered.map(({ file }) => file)];
  const pagesBefore = isKept ? ((previous?.facts['pages'] ?? []) as unknown as readonly PageFacts[]) : [];
  const pages = numbered.flatMap(({ file, address, fetchedAt }) =>
    address === undefined ? [] : [{ name: file.name, address, fetchedAt }],
  );
  return {
    files,
    facts: {
      ...factsOf(snapshots, files),
      parts: snapshots.map(({ files: list, facts }) => ({ ...facts, list })),
      pages: [...pagesBefore, ...pages],
    },
  };
}

/** How many of the fetched files, from the first, are the last stored ones once more: they would change no row. */
function repeated(stored: readonly DatasetFile[], fetched: readonly DatasetFile[]): number {
  for (let count = Math.min(stored.length, fetched.length); count > 0; count--)
    if (fetched.slice(0, count).every(({ digest }, index) => digest === stored.at(index - count)?.digest))
      return count;
  return 0;
}

function hasDuplicates(names: readonly string[]): boolean {
  return new Set(names).size < names.length;
}

/** Files are read in order of name. */
function numberedName(index: number, name: string): string {
  return `${String(index + 1).padStart(6, '0')}-${name.replaceAll('/', '-')}`;
}

function factsOf(snapshots: readonly Snapshot[], files: readonly DatasetFile[]): Omit<SnapshotFacts, 'seen'> {
  const all = snapshots.map(({ facts }) => facts);
  const [first, ...others] = all;
  return {
    from: others.length === 0 ? (first?.from ?? '') : `${first?.from} and ${others.length} more`,
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    fetchedAt: Math.max(...all.map(({ fetchedAt }) => fetchedAt)),
    checkedAt: Math.max(...all.map(({ checkedAt }) => checkedAt)),
    etag: others.length === 0 ? (first?.etag ?? null) : null,
    lastModified: others.length === 0 ? (first?.lastModified ?? null) : null,
    simulated: all.some(({ simulated }) => simulated),
  };
}
