import { z } from 'zod';
import type { BlobStore } from '../../data/blob-store.ts';
import type { Dataset, FilesDataset } from '../../data/dataset.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { ModelFile } from '../../project/models/trainer.ts';
import { horizonInterval } from '../../training/forecasting/horizon-interval.ts';
import {
  keyOf,
  type LagRecipe,
  partsOf,
  type Recipe,
  recipeSchema,
} from '../../training/forecasting/recipe.ts';
import { type LagModel, readLagModel, writeLagModel } from '../../training/forecasting/trees-on-lags.ts';
import { parseJsonFile } from '../version/parse-json-file.ts';
import { readModelFile } from '../version/version-folder.ts';

const forecastFile = 'modelyard/forecast.json';

const time = z.union([z.string(), z.number()]);

/** What a version of a forecast knows: its recipes, the bounds of each step, and the forecast of each series. */
export const forecastModel = z.object({
  format: z.literal(1),
  horizon: z.int(),
  unit: z.enum(['hour', 'day', 'weekday', 'week', 'month', 'quarter', 'year', 'number']),
  period: z.int(),
  /** Of a version that was trained elsewhere: the flavor that it was logged with. Such a version has no recipes. */
  external: z.object({ flavor: z.string() }).exactOptional(),
  /** Candidates that at least one series uses. */
  recipes: z.array(recipeSchema),
  /** The index of the recipe for series that the version does not know. */
  recipe: z.int(),
  interval: horizonInterval,
  series: z.array(
    z.object({
      name: z.string(),
      recipe: z.int(),
      /** The time of its last value. */
      last: time,
      /** In units of the interval. */
      scale: z.number(),
      /** Whether it has no negative value, so that no bound is below 0 either. */
      nonNegative: z.boolean(),
      points: z.array(z.number()),
      /** Of a version that was trained elsewhere: its forecast of the values up to `last`. */
      tested: z.array(z.number()).exactOptional(),
    }),
  ),
});
export type ForecastModel = z.output<typeof forecastModel>;

export function writeForecastModel(
  model: ForecastModel,
  lagModels: ReadonlyMap<string, LagModel>,
): readonly ModelFile[] {
  const lags = lagRecipesOf(model.recipes).flatMap((recipe, index) => {
    const fitted = lagModels.get(keyOf(recipe));
    return fitted ? [{ name: lagFile(index), bytes: writeLagModel(fitted) }] : [];
  });
  return [{ name: forecastFile, bytes: new TextEncoder().encode(JSON.stringify(model)) }, ...lags];
}

/** @throws PlatformError MODEL_UNSUPPORTED, STATE_DAMAGED */
export async function readForecastModel(folder: Dataset, blobs: BlobStore): Promise<ForecastModel> {
  return parseJsonFile(forecastFile, await readModelFile(folder, forecastFile, blobs), forecastModel);
}

/** The trees of each recipe that has some. */
export async function readLagModels(
  { recipes }: Pick<ForecastModel, 'recipes'>,
  folder: Dataset,
  blobs: BlobStore,
): Promise<ReadonlyMap<string, LagModel>> {
  const models = new Map<string, LagModel>();
  for (const [index, recipe] of lagRecipesOf(recipes).entries()) {
    const name = lagFile(index);
    const has = folder.kind === 'files' && folder.files.some((file) => file.name === name);
    if (!has) continue;
    const bytes = await readModelFile(folder, name, blobs);
    models.set(keyOf(recipe), readLagModel(bytes, { lags: recipe.lags, name }));
  }
  return models;
}

function lagFile(index: number): string {
  return `lags-${index}.xgb.json`;
}

export function lagRecipesOf(recipes: readonly Recipe[]): readonly LagRecipe[] {
  const all = recipes.flatMap(partsOf).filter((part) => part.name === 'trees-on-lags');
  return all.filter((recipe, index) => all.findIndex((other) => keyOf(other) === keyOf(recipe)) === index);
}

export function isForecastFolder(folder: Dataset): folder is FilesDataset {
  return folder.kind === 'files' && folder.files.some(({ name }) => name === forecastFile);
}

/** The recipe with this index. */
export function recipeAt({ recipes }: Pick<ForecastModel, 'recipes'>, index: number): Recipe {
  const recipe = recipes[index];
  if (recipe) return recipe;
  throw new PlatformError('STATE_DAMAGED', {
    field: forecastFile,
    value: `recipe ${index}`,
    remedy: 'Train the version again.',
  });
}
