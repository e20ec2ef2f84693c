import { z } from 'zod';
import type { BlobStore } from '../../data/blob-store.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { TrainerOptions } from '../../project/models/trainer.ts';
import { targetSchema } from '../version/prediction-rule.ts';
import { parseJsonFile } from '../version/parse-json-file.ts';
import { readModelFile } from '../version/version-folder.ts';

export const trainerOptions = z.custom<TrainerOptions>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** How a model was fitted, so that it can be fitted again to other rows. */
export const fitSettings = z.object({
  target: targetSchema,
  options: trainerOptions,
  /** Models of the same trainer that are averaged. @default one model with `options` */
  ensemble: z.array(z.object({ options: trainerOptions, share: z.number() })).exactOptional(),
  /** The options of the trainers that the trainer was given. */
  parts: z.array(trainerOptions),
  /** The share of outcomes that an interval should contain. */
  interval: z.number(),
  calibrate: z.enum(['auto', 'sigmoid', 'isotonic', 'none']),
  /** Whether rows have an order in time. */
  ordered: z.boolean(),
  /** Versions of Python and of the packages that fitted it, by name. @default fitted without Python */
  packages: z.record(z.string(), z.string()).exactOptional(),
});
export type FitSettings = Readonly<z.infer<typeof fitSettings>>;

/** Their file in the model's folder. Folders of older builds lack it. */
export const fitSettingsName = 'modelyard/training.json';

/** @throws PlatformError MODEL_UNSUPPORTED for a folder without settings that this build can read */
export async function readFitSettings(folder: Dataset, blobs: BlobStore): Promise<FitSettings> {
  return parseJsonFile(fitSettingsName, await readModelFile(folder, fitSettingsName, blobs), fitSettings);
}
