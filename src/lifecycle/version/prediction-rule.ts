import { z } from 'zod';
import type { BlobStore } from '../../data/blob-store.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { Target } from '../../project/models/kind.ts';
import { calibrationSchema } from '../../training/calibration/calibration.ts';
import { residualInterval } from '../../training/residual-interval.ts';
import { parseJsonFile } from './parse-json-file.ts';

export const targetSchema: z.ZodType<Target> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('number') }),
  z.object({ kind: z.literal('boolean') }),
  z.object({ kind: z.literal('class'), classes: z.array(z.string()).min(2) }),
]);

/** How to make predictions from what the trainer's model returns; written by `train` into the model's folder. */
export const predictionRule = z.object({
  format: z.literal(1),
  target: targetSchema,
  /** The shares of the models that are averaged, each in a folder of its own. @default one model */
  ensemble: z.array(z.number()).min(1).exactOptional(),
  /** Of classes. @default the trainer's probabilities */
  calibration: calibrationSchema.exactOptional(),
  /** Around each number, if the trainer gives none. @default the trainer's interval */
  interval: residualInterval.exactOptional(),
});
export type PredictionRule = z.infer<typeof predictionRule>;

/** Its file in the model's folder. Folders of older builds lack it: they predict numbers as the trainer returns them. */
export const predictionRuleName = 'modelyard/prediction.json';

const plainNumbers: PredictionRule = { format: 1, target: { kind: 'number' } };

/** @throws PlatformError MODEL_UNSUPPORTED for a rule that this build cannot read */
export async function readPredictionRule(folder: Dataset, blobs: BlobStore): Promise<PredictionRule> {
  const file =
    folder.kind === 'files' ? folder.files.find(({ name }) => name === predictionRuleName) : undefined;
  if (!file) return plainNumbers;
  return parseJsonFile(predictionRuleName, await blobs.read(file.digest), predictionRule);
}
