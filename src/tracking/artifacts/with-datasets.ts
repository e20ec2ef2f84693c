import { stat } from 'node:fs/promises';
import type { BlobStore } from '../../data/blob-store.ts';
import { type FilesDataset, readDataset } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { fileBytes } from '../../kernel/file-bytes.ts';
import type { RunId } from '../../kernel/ids.ts';
import type { RunDataset } from '../run-task-store.ts';
import { folderOf } from './location.ts';
import { type ArtifactPath, joinPaths } from './path.ts';
import type { ArtifactEntry, ArtifactStore, ByteRange, OpenArtifact } from './store.ts';

export interface DatasetSources {
  readonly blobs: BlobStore;
  /** What pipeline runs read and wrote. */
  readonly datasetsOf: (run: RunId) => Promise<readonly RunDataset[]>;
}

/** A manifest is small; a larger blob is data. */
const largestManifest = 64 << 20;

/** Anywhere below an experiment's location: '<run>/artifacts/…'. */
const runFolder = /^(?:.+\/)?([0-9a-f]{32})\/artifacts(?:\/(.+))?$/;

/** A path among the files of a dataset. */
interface DatasetPath {
  readonly digest: Digest;
  readonly inner: ArtifactPath;
}

/**
 * Adds the files of datasets, read-only: those of any dataset of files under 'modelyard/<digest>', and each set of files
 * that a pipeline run wrote, as a folder with the output's name among the artifacts of the run.
 */
export function withDatasets(store: ArtifactStore, sources: DatasetSources): ArtifactStore {
  const datasetPathOf = async (path: ArtifactPath): Promise<DatasetPath | 'nothing' | undefined> => {
    const stored = folderOf(path);
    if (stored === 'other') return 'nothing';
    if (stored) return { digest: stored.folder, inner: stored.inner };
    const [, run, inside] = runFolder.exec(path) ?? [];
    if (run === undefined || inside === undefined) return undefined;
    const [name, ...inner] = inside.split('/');
    const output = (await sources.datasetsOf(run as RunId)).find(
      (dataset) => dataset.direction === 'output' && dataset.name === name,
    );
    if (!output || !(await filesOf(output.digest, sources.blobs))) return undefined;
    return { digest: output.digest, inner: inner.join('/') as ArtifactPath };
  };

  /** The datasets that a run wrote, if `folder` is the folder of its artifacts. */
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
    if (await datasetPathOf(path)) throw readOnly(path);
  };
  const { direct } = store;

  return {
    check: () => store.check(),
    async put(path, content, options) {
      await refuse(path);
      return store.put(path, content, options);
    },
    async open(path) {
      const inDataset = await datasetPathOf(path);
      if (!inDataset) return store.open(path);
      if (inDataset === 'nothing') throw noFile(path);
      return openFile(path, inDataset, sources.blobs);
    },
    async stat(path) {
      const inDataset = await datasetPathOf(path);
      if (!inDataset) return (await store.stat(path)) ?? (await folderAt(path, outputFolders));
      const files = inDataset === 'nothing' ? undefined : await filesOf(inDataset.digest, sources.blobs);
      return inDataset !== 'nothing' && files ? entryAt(path, inDataset.inner, files) : undefined;
    },
    async list(folder) {
      const inDataset = await datasetPathOf(folder);
      if (inDataset === 'nothing') return [];
      if (inDataset)
        return entriesIn(folder, inDataset.inner, await filesOf(inDataset.digest, sources.blobs));
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
    putPart: (path, part, content) => store.putPart(path, part, content),
    async completeUpload(path, upload, parts) {
      await refuse(path);
      return store.completeUpload(path, upload, parts);
    },
    abortUpload: (path, upload) => store.abortUpload(path, upload),
    ...(direct && {
      direct: {
        ...direct,
        download: async (path) => ((await datasetPathOf(path)) ? undefined : direct.download(path)),
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

/** Undefined unless the digest is that of a dataset of files. */
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

async function openFile(path: ArtifactPath, inDataset: DatasetPath, blobs: BlobStore): Promise<OpenArtifact> {
  const files = await filesOf(inDataset.digest, blobs);
  const file = files?.files.find(({ name }) => name === inDataset.inner);
  if (!file) throw noFile(path);
  const local = await blobs.localPath(file.digest);
  return {
    size: file.size,
    modifiedAt: undefined,
    tag: file.digest,
    read: (range: ByteRange = { start: 0, end: file.size }) => fileBytes(local, range),
    async [Symbol.asyncDispose]() {},
  };
}

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
    remedy: 'The files of a dataset are read-only; write to another path.',
  });
}

function noFile(path: ArtifactPath): PlatformError {
  return new PlatformError('ARTIFACT_NOT_FOUND', {
    field: 'path',
    value: path,
    remedy: 'No such file: list the folder to see what it has.',
  });
}
