import { z } from 'zod';
import type { BlobStore } from '../../data/blob-store.ts';
import { asFiles, type FilesDataset, filesDataset, readDataset, saveDataset } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import type { Forecast } from '../../project/models/forecast.ts';
import { formatRecipe } from '../../training/forecasting/recipe.ts';
import { parseJsonFile } from '../version/parse-json-file.ts';
import { describeTarget, readModelFile } from '../version/version-folder.ts';
import { jsonObject, trainedOn, type VersionManifest } from '../version/version-manifest.ts';
import { type ForecastModel, readForecastModel, recipeAt } from './forecast-model.ts';
import { describeRequest } from './forecast-request.ts';

const manifestName = 'modelyard/version.json';

/** The description of a forecast's version. It needs no code of the project. */
export type ForecastManifest = Pick<
  VersionManifest,
  'model' | 'trainer' | 'target' | 'request' | 'trainedOn'
>;

const manifestSchema: z.ZodType<ForecastManifest> = z.object({
  model: z.string(),
  trainer: z.string(),
  target: z.object({
    name: z.string(),
    title: z.string(),
    unit: z.string().nullable(),
    type: z.object({ kind: z.literal('number') }),
  }),
  request: jsonObject,
  trainedOn,
});

/** Creates the folder of a version. The same parts give the same digest. */
export async function saveForecastFolder(
  forecast: Forecast,
  { model: digest, trainedOn }: { readonly model: Digest; readonly trainedOn: ForecastManifest['trainedOn'] },
  blobs: BlobStore,
): Promise<Digest> {
  const trained = asFiles(await readDataset(digest, blobs), 'model');
  const model = await readForecastModel(trained, blobs);
  const manifest: ForecastManifest = {
    model: forecast.name,
    trainer: trainerOf(model),
    target: describeTarget(forecast.rows, forecast.value, { kind: 'number' }),
    request: describeRequest(model),
    trainedOn,
  };
  const file = {
    name: manifestName,
    ...(await blobs.put(JSON.stringify({ format: 1, kind: 'forecast', ...manifest }))),
  };
  return saveDataset(filesDataset([...trained.files, file]), blobs);
}

/** @throws PlatformError MODEL_UNSUPPORTED, BLOB_NOT_FOUND, STATE_DAMAGED */
export async function readForecastManifest(
  folder: FilesDataset,
  blobs: BlobStore,
): Promise<ForecastManifest> {
  return parseJsonFile(manifestName, await readModelFile(folder, manifestName, blobs), manifestSchema);
}

function trainerOf(model: ForecastModel): string {
  if (model.external) return `external (${model.external.flavor})`;
  return model.recipes.length === 1
    ? formatRecipe(recipeAt(model, 0))
    : `${model.recipes.length} forecasters`;
}
