import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { BlobStore } from '../../data/blob-store.ts';
import { type FilesDataset, readDataset } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { RunId } from '../../kernel/ids.ts';
import type { RunDataset } from '../run-task-store.ts';
import { folderOf } from './location.ts';
import { type ArtifactPath, joinPaths } from './path.ts';
import type { ArtifactEntry, ArtifactStore, ByteRange, OpenArtifact } from './store.ts';

export interface DatasetSources {
  readonly blobs: BlobStore;
  /** What runs of our pipeline read and wrote. */
  readonly datasetsOf: (run: RunId) => Promise<readonly RunDataset[]>;
}

/** A manifest is small; what is larger is the data itself, asked for by its digest. */
const largestManifest = 64 << 20;

/** Anywhere below an experiment's location: '<run>/artifacts/…'. */
const runFolder = /^(?:.+\/)?([0-9a-f]{32})\/artifacts(?:\/(.+))?$/;

/** A place among the files of a dataset. */
interface Place {
  readonly digest: Digest;
  readonly inner: ArtifactPath;
}

/**
 * A store in which the files of datasets are found as well, to be read alone: those of any dataset of files under
 * 'modelyard/<digest>', and among the artifacts of a run of our pipeline each set of files that it wrote, as a folder of
 * the output's name.
 */
export function withDatasets(store: ArtifactStore, sources: DatasetSources): ArtifactStore {
  const placeOf = async (path: ArtifactPath): Promise<Place | 'nothing' | undefined> => {
    const own = folderOf(path);
    if (own === 'other') return 'nothing';
    if (own) return { digest: own.folder, inner: own.inner };
    const [, run, inside] = runFolder.exec(path) ?? [];
    if (run === undefined || inside === undefined) return undefined;
    const [name, ...inner] = inside.split('/');
    const output = (await sources.datasetsOf(run as RunId)).find(
      (dataset) => dataset.direction === 'output' && dataset.name === name,
    );
    if (!output || !(await filesOf(output.digest, sources.blobs))) return undefined;
    return { digest: output.digest, inner: inner.join('/') as ArtifactPath };
  };

  /** The folders of what a run wrote, where `folder` is that of its artifacts. */
  const outputFolders = async (folder: ArtifactPath): Promise<readonly ArtifactEntry[]> => {
    const [, run, inside] = runFolder.exec(folder) ?? [];
    if (run === undefined || inside !== undefined) return [];
    const outputs = (await sources.datasetsOf(run as RunId)).filter(
      ({ direction }) => direction === 'output',
    );
    const found = await Promise.all(
      outputs.map(async ({ name, digest }) => ((await filesOf(digest, sources.blobs)) ? name : undefined)),
    );
    return found
      .filter((name) => name !== undefined)
      .map((name) => ({ path: joinPaths(folder, name as ArtifactPath), size: undefined }));
  };

  const refuse = async (path: ArtifactPath): Promise<void> => {
    if (await placeOf(path)) throw readOnly(path);
  };
  const { direct } = store;

  return {
    check: () => store.check(),
    async put(path, content, options) {
      await refuse(path);
      return store.put(path, content, options);
    },
    async open(path) {
      const place = await placeOf(path);
      if (!place) return store.open(path);
      if (place === 'nothing') throw noFile(path);
      return openFile(path, place, sources.blobs);
    },
    async stat(path) {
      const place = await placeOf(path);
      if (!place) return (await store.stat(path)) ?? (await folderAt(path, outputFolders));
      const files = place === 'nothing' ? undefined : await filesOf(place.digest, sources.blobs);
      return place !== 'nothing' && files ? entryAt(path, place.inner, files) : undefined;
    },
    async list(folder) {
      const place = await placeOf(folder);
      if (place === 'nothing') return [];
      if (place) return entriesIn(folder, place.inner, await filesOf(place.digest, sources.blobs));
      const outputs = await outputFolders(folder);
      const stored = await store.list(folder);
      if (outputs.length === 0) return stored;
      const names = new Set(outputs.map(({ path }) => path));
      return [...outputs, ...stored.filter(({ path }) => !names.has(path))].toSorted(byPath);
    },
    async remove(path) {
      await refuse(path);
      return store.remove(path);
    },
    async beginUpload(path) {
      await refuse(path);
      return store.beginUpload(path);
    },
    putPart: (path, place, content) => store.putPart(path, place, content),
    async completeUpload(path, upload, parts) {
      await refuse(path);
      return store.completeUpload(path, upload, parts);
    },
    abortUpload: (path, upload) => store.abortUpload(path, upload),
    ...(direct && {
      direct: {
        ...direct,
        download: async (path) => ((await placeOf(path)) ? undefined : direct.download(path)),
        async upload(path) {
          await refuse(path);
          return direct.upload(path);
        },
      },
    }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

async function folderAt(
  path: ArtifactPath,
  outputFolders: (folder: ArtifactPath) => Promise<readonly ArtifactEntry[]>,
): Promise<ArtifactEntry | undefined> {
  return (await outputFolders(path)).length > 0 ? { path, size: undefined } : undefined;
}

/** A dataset of files; absent where the digest is of something else, or of nothing that is there. */
async function filesOf(digest: Digest, blobs: BlobStore): Promise<FilesDataset | undefined> {
  try {
    const { size } = await stat(await blobs.localPath(digest));
    const dataset = size > largestManifest ? undefined : await readDataset(digest, blobs);
    return dataset?.kind === 'files' ? dataset : undefined;
  } catch (error) {
    const isOther = error instanceof SyntaxError || error instanceof TypeError;
    if (isOther || (error instanceof PlatformError && error.code === 'BLOB_NOT_FOUND')) return undefined;
    throw error;
  }
}

async function openFile(path: ArtifactPath, place: Place, blobs: BlobStore): Promise<OpenArtifact> {
  const files = await filesOf(place.digest, blobs);
  const file = files?.files.find(({ name }) => name === place.inner);
  if (!file) throw noFile(path);
  const local = await blobs.localPath(file.digest);
  return {
    size: file.size,
    modifiedAt: undefined,
    tag: file.digest,
    read: ({ start, end }: ByteRange = { start: 0, end: file.size }) =>
      end > start ? createReadStream(local, { start, end: end - 1 }) : nothing(),
    async [Symbol.asyncDispose]() {},
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function entryAt(
  path: ArtifactPath,
  inner: ArtifactPath,
  { files }: FilesDataset,
): ArtifactEntry | undefined {
  const file = files.find(({ name }) => name === inner);
  if (file) return { path, size: file.size };
  const isFolder = inner === '' || files.some(({ name }) => name.startsWith(`${inner}/`));
  return isFolder ? { path, size: undefined } : undefined;
}

function entriesIn(
  folder: ArtifactPath,
  inner: ArtifactPath,
  dataset: FilesDataset | undefined,
): readonly ArtifactEntry[] {
  const entries = new Map<string, ArtifactEntry>();
  const prefix = inner === '' ? '' : `${inner}/`;
  for (const { name, size } of dataset?.files ?? []) {
    if (!name.startsWith(prefix)) continue;
    const [first = '', ...rest] = name.slice(prefix.length).split('/');
    entries.set(first, {
      path: joinPaths(folder, first as ArtifactPath),
      size: rest.length > 0 ? undefined : size,
    });
  }
  return [...entries.values()].toSorted(byPath);
}

function byPath(a: ArtifactEntry, b: ArtifactEntry): number {
  return a.path < b.path ? -1 : Number(a.path > b.path);
}

function readOnly(path: ArtifactPath): PlatformError {
  return new PlatformError('INPUT_INVALID', {
    field: 'path',
    value: path,
    remedy: 'What our pipeline wrote is kept as it is: write beside it.',
  });
}

function noFile(path: ArtifactPath): PlatformError {
  return new PlatformError('ARTIFACT_NOT_FOUND', {
    field: 'path',
    value: path,
    remedy: 'No such file: list the folder to see what it has.',
  });
}
