import type { Target } from '../project/models/kind.ts';
import type { Features } from '../project/models/model.ts';
import { scoredRows } from '../training/metrics/scored-rows.ts';
import { type Importances, importancesOf, type Shuffled } from '../training/report/importances.ts';
import { meanLossOf } from '../training/report/scored-part.ts';
import type { Prediction } from '../project/models/prediction.ts';
import type { PredictorRow, VersionPredictor } from './version-predictor.ts';

/** A test row with the predictor of its period. */
export interface SampledRow {
  readonly predictor: VersionPredictor;
  readonly row: PredictorRow & { readonly features: Features };
  readonly truth: number;
}

/** Permutation importances of the features of some test rows; undefined without rows, or if a prediction is no finite number. */
export async function importancesOfTest(
  sample: readonly SampledRow[],
  target: Target,
): Promise<Importances | undefined> {
  const [first] = sample;
  if (!first) return undefined;
  const truth = Float64Array.from(sample, (row) => row.truth);
  const meanLoss = async (shuffled?: Shuffled): Promise<number> =>
    meanLossOf(scoredRows(target, truth, await predictSample(sample, shuffled)));
  const found = await importancesOf({ features: first.predictor.features, rows: sample.length, meanLoss });
  const losses = [found.loss, ...found.features.map(({ increase }) => increase)];
  return losses.every(Number.isFinite) ? found : undefined;
}

/** Each row is predicted by the fit of its period. */
async function predictSample(
  sample: readonly SampledRow[],
  shuffled: Shuffled | undefined,
): Promise<readonly Prediction[]> {
  const rowOf = (index: number): PredictorRow => {
    const { row } = sample[index] as SampledRow;
    if (!shuffled) return row;
    const { feature, from } = shuffled;
    const value = sample[from[index] as number]?.row.features[feature] as number;
    return { ...row, features: { ...row.features, [feature]: value } };
  };
  const predictions: Prediction[] = [];
  for (const predictor of new Set(sample.map((each) => each.predictor))) {
    const indexes = [...sample.keys()].filter((index) => sample[index]?.predictor === predictor);
    const predicted = await predictor.predict(indexes.map(rowOf));
    for (const [at, { prediction }] of predicted.entries()) predictions[indexes[at] as number] = prediction;
  }
  return predictions;
}
