import type { Target } from '../../project/models/kind.ts';
import type { Features } from '../../project/models/model.ts';
import { scoredRows } from '../../training/metrics/scored-rows.ts';
import {
  type FeatureGroup,
  type Importances,
  importancesOf,
  type Shuffled,
} from '../../training/report/importances.ts';
import { meanLossOf } from '../../training/report/scored-part.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import type { FeatureTrace } from '../features/feature-trace.ts';
import type { PredictorRow, VersionPredictor } from '../version/version-predictor.ts';

/** A test row with the predictor of its period. */
export interface SampledRow {
  readonly predictor: VersionPredictor;
  readonly row: PredictorRow & { readonly features: Features };
  readonly truth: number;
}

interface ImportanceOptions {
  readonly target: Target;
  /** What each feature is computed from; null or undefined if it is not known. */
  readonly origins: FeatureTrace | undefined;
}

/**
 * Permutation importances of what some test rows are predicted from: request fields as far as the origins of features are known.
 * @returns undefined without rows, or if a prediction is no finite number
 */
export async function importancesOfTest(
  sample: readonly SampledRow[],
  { target, origins }: ImportanceOptions,
): Promise<Importances | undefined> {
  const [first] = sample;
  if (!first) return undefined;
  const truth = Float64Array.from(sample, (row) => row.truth);
  const meanLoss = async (shuffled?: Shuffled): Promise<number> =>
    meanLossOf(scoredRows(target, truth, await predictSample(sample, shuffled)));
  const found = await importancesOf({
    groups: featureGroups(first.predictor.features, origins ?? {}),
    rows: sample.length,
    meanLoss,
  });
  const losses = [found.loss, ...found.features.map(({ increase }) => increase)];
  return losses.every(Number.isFinite) ? found : undefined;
}

/** Features that are computed from the same fields and lookups, together; one that changes with none stays alone. */
function featureGroups(
  features: readonly string[],
  origins: NonNullable<FeatureTrace>,
): readonly FeatureGroup[] {
  const groups = new Map<string, FeatureGroup & { features: string[] }>();
  for (const feature of features) {
    const origin = Object.hasOwn(origins, feature) ? origins[feature] : undefined;
    const isKnown = origin !== undefined && origin.fields.length + origin.lookups.length > 0;
    const key = JSON.stringify(isKnown ? [origin.fields, origin.lookups] : feature);
    const group = groups.get(key);
    if (group) group.features.push(feature);
    else groups.set(key, { features: [feature], ...(isKnown && { origin }) });
  }
  return [...groups.values()];
}

/** Each row is predicted by the fit of its period. */
async function predictSample(
  sample: readonly SampledRow[],
  shuffled: Shuffled | undefined,
): Promise<readonly Prediction[]> {
  const rowOf = (index: number): PredictorRow => {
    const { row } = sample[index] as SampledRow;
    if (!shuffled) return row;
    const other = sample[shuffled.from[index] as number]?.row.features ?? {};
    const values = shuffled.features.map((feature): [string, number] => [feature, other[feature] as number]);
    return { ...row, features: { ...row.features, ...Object.fromEntries(values) } };
  };
  const predictions: Prediction[] = [];
  for (const predictor of new Set(sample.map((each) => each.predictor))) {
    const indexes = [...sample.keys()].filter((index) => sample[index]?.predictor === predictor);
    const predicted = await predictor.predict(indexes.map(rowOf));
    for (const [at, { prediction }] of predicted.entries()) predictions[indexes[at] as number] = prediction;
  }
  return predictions;
}
