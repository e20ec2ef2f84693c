import type { BlobStore } from '../data/blob-store.ts';
import { type FilesDataset, readDataset } from '../data/dataset.ts';
import type { Digest } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';
import { readForecastManifest } from '../lifecycle/forecasting/forecast-folder.ts';
import {
  isForecastFolder,
  readForecastModel,
  readLagModels,
} from '../lifecycle/forecasting/forecast-model.ts';
import { forecastPredictor } from '../lifecycle/forecasting/forecast-predictor.ts';
import { isOwnTrainer } from '../lifecycle/version/version-code.ts';
import { readVersionFields, type VersionFields } from '../lifecycle/version/version-fields.ts';
import { openVersionFolder } from '../lifecycle/version/version-folder.ts';
import type { VersionManifest } from '../lifecycle/version/version-manifest.ts';
import {
  type CodeBoundary,
  openVersionPredictor,
  type VersionPredictor,
} from '../lifecycle/version/version-predictor.ts';
import type { Python } from '../project/python.ts';
import type { PipelineVersion } from '../registry/model.ts';
import type { OnlineLookups } from './online-views.ts';
import { codeError, ownCode, within } from './row-errors.ts';

/** Imports the export `fn` of a stored bundle. */
export type LoadCode = <Value>(bundle: Digest) => Promise<Value>;

/** The part of a manifest that models and forecasts have in common; a forecast has no code of the project. */
export type ServedManifest = Omit<VersionManifest, 'code' | 'learnedFrom'> &
  Partial<Pick<VersionManifest, 'code' | 'learnedFrom'>>;

/** A version in memory. */
export interface LoadedVersion {
  readonly version: PipelineVersion;
  readonly manifest: ServedManifest;
  readonly predictor: VersionPredictor;
  /** Absent for a forecast, a model from elsewhere, and a version of an earlier release. */
  readonly fields?: VersionFields;
}

/** A version in memory with the copies of its views, ready to predict. */
export interface ServedVersion extends LoadedVersion {
  readonly online: OnlineLookups;
}

/**
 * Reads a version from its folder: its trees, feature code and request schema.
 * @throws PlatformError MODEL_UNSUPPORTED, BLOB_NOT_FOUND, STATE_DAMAGED
 */
export async function openVersion(
  version: PipelineVersion,
  deps: { readonly blobs: BlobStore; readonly loadCode: LoadCode; readonly python?: Python },
): Promise<LoadedVersion> {
  const folder = await readDataset(version.folder, deps.blobs);
  if (isForecastFolder(folder)) return openForecast(version, folder, deps.blobs);
  const { files, manifest } = await openVersionFolder(version.folder, folder, deps.blobs);
  const fields = await readVersionFields(files, deps.blobs);
  const { code } = manifest;
  const load = async <Value>(name: string): Promise<Value> => {
    const ref = code[name];
    if (ref) return deps.loadCode<Value>(ref.bundle);
    const remedy = 'Train the version again.';
    throw new PlatformError('MODEL_UNSUPPORTED', { field: 'code of the version', value: name, remedy });
  };
  const context = { ...(deps.python && { python: deps.python }) };
  const parts = { code, load, folder, blobs: deps.blobs, context };
  const predictor = await openVersionPredictor(parts, codeBoundary(manifest));
  return { version, manifest, predictor, ...(fields && { fields }) };
}

async function openForecast(
  version: PipelineVersion,
  folder: FilesDataset,
  blobs: BlobStore,
): Promise<LoadedVersion> {
  const [manifest, model] = await Promise.all([
    readForecastManifest(folder, blobs),
    readForecastModel(folder, blobs),
  ]);
  const lagModels = await readLagModels(model, folder, blobs);
  return {
    version,
    manifest: { ...manifest, lookups: [] },
    predictor: forecastPredictor(version.model, model, lagModels),
  };
}

/** Errors of the project's code name it; errors of our trainers are ours. */
export function codeBoundary({
  model,
  trainer,
  code,
}: Pick<VersionManifest, 'model' | 'trainer' | 'code'>): CodeBoundary {
  return {
    forRow: (what, row, work) => within(row, () => ownCode(`${what} of ${model}`, work)),
    async trainer(what, work) {
      try {
        return await work();
      } catch (cause) {
        throw isOwnTrainer(code) ? codeError(cause, `${what} of trainer ${trainer}`, 'trainer') : cause;
      }
    },
  };
}
