import { z } from 'zod';
import type { DatasetFile } from '../data/dataset.ts';
import { type Digest, isDigest } from '../kernel/digest.ts';
import type { Origin } from '../project/tables/origin.ts';
import {
  type QueryOrigin,
  type Snapshot,
  type SnapshotFacts,
  type SnapshotOptions,
  takeSnapshot,
} from './operations.ts';

const file = z.object({
  name: z.string(),
  digest: z.custom<Digest>((value) => isDigest(String(value))),
  size: z.number(),
});

const snapshotFacts = {
  from: z.string(),
  files: z.number(),
  bytes: z.number(),
  fetchedAt: z.number(),
  checkedAt: z.number(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  simulated: z.boolean(),
};

const seen = z.record(z.string(), z.tuple([z.number(), z.number(), z.number()]).readonly());

/** The facts of a source, for its next fetch. */
export const sourceFacts = z.object({
  ...snapshotFacts,
  /** What is stored of each origin, so that its next fetch asks only for something newer. */
  parts: z.array(z.object({ ...snapshotFacts, seen, list: z.array(file).readonly() })).default([]),
  /** Pages of `http()` origins: the file's name, and the address without secrets. */
  pages: z.array(z.object({ name: z.string(), address: z.string(), fetchedAt: z.number() })).default([]),
});

export type SourceFacts = z.output<typeof sourceFacts>;

export interface SourceSnapshot {
  readonly files: readonly DatasetFile[];
  readonly facts: SourceFacts;
}

export interface SourceSnapshotOptions extends Omit<SnapshotOptions, 'from' | 'previous'> {
  readonly origins: readonly (Origin | QueryOrigin)[];
  /** Whether files of earlier fetches stay: rows have a key, and newer ones replace older ones. */
  readonly isKept: boolean;
  readonly previous?: SourceSnapshot | undefined;
}

/** Fetches all origins of a source, one after another. @throws PlatformError as `takeSnapshot` */
export async function snapshotSource(options: SourceSnapshotOptions): Promise<SourceSnapshot> {
  const { origins, previous, isKept, ...rest } = options;
  const snapshots: Snapshot[] = [];
  for (const [index, from] of origins.entries()) {
    const part = previous?.facts.parts[index];
    const last = part && { files: part.list, facts: part };
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
  const pagesBefore = isKept ? (previous?.facts.pages ?? []) : [];
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
