import { z } from 'zod';
import type { BlobStore } from '../../data/blob-store.ts';
import {
  asFiles,
  asTable,
  type Dataset,
  type DatasetFile,
  type FilesDataset,
  filesDataset,
  readDataset,
  saveDataset,
  type TableDataset,
} from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Target } from '../../project/models/kind.ts';
import type { Model } from '../../project/models/model.ts';
import { learnedTable } from './learned-table.ts';
import { lookupDefinitions } from '../features/lookups.ts';
import { parseJsonFile } from './parse-json-file.ts';
import {
  manifestFormats,
  manifestFormat,
  type VersionManifest,
  versionManifest,
} from './version-manifest.ts';

const manifestName = 'modelyard/version.json';
const learnedName = 'modelyard/learned.parquet';

/** Creates the folder of a version: the model's files, the endpoint's code and the manifest. The same parts give the same digest. */
export async function saveVersionFolder(
  declared: Model,
  parts: Pick<VersionManifest, 'code' | 'trainedOn' | 'learnedFrom'> & {
    readonly model: Digest;
    /** The hashes of the rows that it learned from. */
    readonly learned: Digest;
  },
  blobs: BlobStore,
): Promise<Digest> {
  const trained = asFiles(await readDataset(parts.model, blobs), 'model');
  const learned = asTable(await readDataset(parts.learned, blobs), 'learned');
  const manifest: VersionManifest = {
    model: declared.name,
    trainer: declared.trainer.name,
    target: describeTarget(declared.rows, declared.target, declared.targetKind),
    request: requestSchema(declared),
    code: parts.code,
    lookups: lookupDefinitions(declared),
    trainedOn: parts.trainedOn,
    learnedFrom: parts.learnedFrom,
  };
  const file = async (name: string, text: string): Promise<DatasetFile> => ({
    name,
    ...(await blobs.put(text)),
  });
  const bundles = Object.entries(parts.code).map(async ([name, { bundle }]): Promise<DatasetFile> => ({
    name: `modelyard/${name}.mjs`,
    digest: bundle,
    size: (await blobs.read(bundle)).length,
  }));
  const files = [
    ...trained.files,
    ...(await Promise.all(bundles)),
    { name: learnedName, ...learned.file },
    // Not canonical JSON, which would sort the fields: the form shows them in the project's order.
    await file(manifestName, JSON.stringify({ format: manifestFormat, ...manifest })),
  ];
  return saveDataset(filesDataset(files), blobs);
}

export interface VersionFolder {
  readonly files: FilesDataset;
  readonly manifest: VersionManifest;
}

/** @throws PlatformError BLOB_NOT_FOUND, STATE_DAMAGED, MODEL_UNSUPPORTED */
export async function readVersionFolder(folder: Digest, blobs: BlobStore): Promise<VersionFolder> {
  return openVersionFolder(folder, await readDataset(folder, blobs), blobs);
}

/** `readVersionFolder`, where the list of its files was read before. */
export async function openVersionFolder(
  folder: Digest,
  files: Dataset,
  blobs: BlobStore,
): Promise<VersionFolder> {
  const file = files.kind === 'files' ? files.files.find(({ name }) => name === manifestName) : undefined;
  if (files.kind !== 'files' || !file)
    throw new PlatformError('MODEL_UNSUPPORTED', {
      field: 'model folder',
      value: folder.slice(0, 12),
      remedy: `It has no ${manifestName}: Modelyard only serves models that its pipeline trained.`,
    });
  const bytes = await blobs.read(file.digest);
  const { format } = parseJsonFile(manifestName, bytes, z.object({ format: z.number() }));
  if (manifestFormats.includes(format))
    return { files, manifest: parseJsonFile(manifestName, bytes, versionManifest) };
  throw new PlatformError('MODEL_UNSUPPORTED', {
    field: manifestName,
    value: format,
    remedy: `This build serves formats ${manifestFormats.join(' and ')}: train the model again, or use the build that created it.`,
  });
}

/** The files of a version that its training wrote; the others are added when the version is registered. */
export function trainedFiles({ files }: FilesDataset): readonly DatasetFile[] {
  return files.filter(
    ({ name }) => name !== manifestName && name !== learnedName && !/^modelyard\/.*\.mjs$/.test(name),
  );
}

/** The hashes of the rows that a version learned from. */
export function learnedOf({ files: { files }, manifest }: VersionFolder): TableDataset {
  const file = files.find(({ name }) => name === learnedName);
  if (file) return learnedTable(file, manifest.trainedOn.rows);
  throw new PlatformError('MODEL_UNSUPPORTED', {
    field: 'model folder',
    value: learnedName,
    remedy: 'The folder does not say which rows the version learned from: train it again.',
  });
}

/** The names of a version's lost or damaged files; the folder's list of files is one of them. */
export async function lostFiles(folder: Digest, blobs: Pick<BlobStore, 'read'>): Promise<readonly string[]> {
  const files = await unlessLost(readDataset(folder, blobs));
  if (!files) return ['the list of its files'];
  if (files.kind !== 'files') return [];
  const found = await Promise.all(files.files.map(({ digest }) => unlessLost(blobs.read(digest))));
  return files.files.flatMap(({ name }, index) => (found[index] ? [] : [name]));
}

/** What is read, or undefined if its blob is lost or damaged. */
export async function unlessLost<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isLoss(error)) return undefined;
    throw error;
  }
}

/** Whether an error means that a blob is lost or damaged. */
export function isLoss(error: unknown): error is PlatformError {
  return error instanceof PlatformError && ['BLOB_NOT_FOUND', 'STATE_DAMAGED'].includes(error.code);
}

/** Reads a file of a model folder. @throws PlatformError MODEL_UNSUPPORTED if the folder does not have it */
export async function readModelFile(folder: Dataset, name: string, blobs: BlobStore): Promise<Uint8Array> {
  const file =
    folder.kind === 'files' ? folder.files.find((candidate) => candidate.name === name) : undefined;
  if (file) return blobs.read(file.digest);
  throw new PlatformError('MODEL_UNSUPPORTED', {
    field: 'model folder',
    value: name,
    remedy: 'The folder has no such file: it was not written by this kind of trainer.',
  });
}

/** The request as JSON Schema 2020-12, with the titles, units and examples of its fields. */
export function requestSchema({ request }: Model): JsonObject {
  return z.toJSONSchema(request, { io: 'input', unrepresentable: 'any' }) as JsonObject;
}

/** A column that is predicted, for the manifest of a version. */
export function describeTarget(rows: Model['rows'], name: string, type: Target): VersionManifest['target'] {
  const column = rows.table.schema.columns.find((each) => each.name === name);
  return { name, title: column?.title ?? name, unit: column?.unit ?? null, type };
}
