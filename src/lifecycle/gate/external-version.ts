import { type DatasetFile, filesDataset, putFiles, saveDataset } from '../../data/dataset.ts';
import type { BlobStore } from '../../data/blob-store.ts';
import type { Digest } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Model } from '../../project/models/model.ts';
import type { ModelVersion } from '../../registry/model.ts';
import type { RegistryStore } from '../../registry/store.ts';
import { locationOf } from '../../tracking/artifacts/location.ts';
import { type ArtifactPath, pathWithin } from '../../tracking/artifacts/path.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import { pyfuncListName } from '../../training/external.ts';
import { canonicalFile } from '../version/canonical-file.ts';
import { type PredictionRule, predictionRuleName } from '../version/prediction-rule.ts';

export type ReadArtifacts = Pick<ArtifactStore, 'list' | 'open'>;

/** The version with the highest number, which a client registered; undefined if the model has no version. */
export async function newestVersion(
  model: string,
  registry: Pick<RegistryStore, 'searchVersions'>,
): Promise<ModelVersion | undefined> {
  const { items } = await registry.searchVersions({
    filter: { kind: 'text', entity: 'attribute', key: 'name', comparator: '=', value: model },
    order: [{ entity: 'attribute', key: 'version_number', ascending: false }],
    limit: 1,
    offset: 0,
  });
  return items[0];
}

/** Where the files of clients are, and where they are copied to. */
export interface ClientDeps {
  readonly artifacts?: ReadArtifacts | undefined;
  readonly blobs: BlobStore;
}

/**
 * The files of a client's model.
 * @throws PlatformError MODEL_UNSUPPORTED for a version without the files of an MLflow model in our artifact store
 */
export async function clientFiles(
  version: ModelVersion,
  { artifacts, blobs }: ClientDeps,
): Promise<readonly DatasetFile[]> {
  const folder = folderOf(version);
  if (folder === undefined || !artifacts)
    throw unsupported(version, 'Its files are in another store: log the model to this server.');
  const files: DatasetFile[] = [];
  for await (const path of filesUnder(folder, artifacts)) {
    const name = pathWithin(folder, path) ?? path;
    if (name.startsWith('modelyard/'))
      throw unsupported(version, 'Its folder has files named modelyard/, which only Modelyard writes.');
    await using opened = await artifacts.open(path);
    files.push({ name, ...(await blobs.putStream(opened.read())) });
  }
  if (!files.some(({ name }) => name === 'MLmodel'))
    throw unsupported(
      version,
      'It has no file MLmodel: register a model that a client logged, as with mlflow.sklearn.log_model.',
    );
  return files;
}

function folderOf(version: ModelVersion): ArtifactPath | undefined {
  try {
    return locationOf(version.storage);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    throw unsupported(version, 'Its source is no path of our artifact store: log the model to this server.');
  }
}

/**
 * The files of a client's model as the files that a trainer would have written: its own, a list of them, and how predictions
 * are made of what it returns.
 * @throws PlatformError MODEL_UNSUPPORTED for a version without the files of an MLflow model in our artifact store
 */
export async function externalModel(
  version: ModelVersion,
  { targetKind: target }: Pick<Model, 'targetKind'>,
  deps: ClientDeps,
): Promise<Digest> {
  const files = await clientFiles(version, deps);
  const rule: PredictionRule = { format: 1, target };
  const names = files.map(({ name }) => name).toSorted();
  const ours = await putFiles(
    [canonicalFile(pyfuncListName, { files: names }), canonicalFile(predictionRuleName, rule)],
    deps.blobs,
  );
  return saveDataset(filesDataset([...files, ...ours.files]), deps.blobs);
}

async function* filesUnder(folder: ArtifactPath, artifacts: ReadArtifacts): AsyncGenerator<ArtifactPath> {
  for (const { path, size } of await artifacts.list(folder))
    if (size === undefined) yield* filesUnder(path, artifacts);
    else yield path;
}

function unsupported({ model, version, storage }: ModelVersion, remedy: string): PlatformError {
  return new PlatformError('MODEL_UNSUPPORTED', {
    field: `version ${version} of ${model}`,
    value: storage,
    remedy,
  });
}
