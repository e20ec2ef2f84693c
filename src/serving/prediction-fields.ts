import type { ForecastStep, Prediction, PredictionInterval } from '../project/prediction.ts';

/** A prediction as every protocol of ours writes it: its value is `prediction`. */
export type PredictionFields =
  | { readonly kind: 'number'; readonly prediction: number; readonly interval?: PredictionInterval }
  | {
      readonly kind: 'class';
      readonly prediction: string | boolean;
      readonly probability: number;
      readonly probabilities: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'forecast'; readonly prediction: readonly ForecastStep[] };

export function predictionFields(prediction: Prediction): PredictionFields {
  if (prediction.kind === 'forecast') return { kind: 'forecast', prediction: prediction.horizon };
  const { value, ...rest } = prediction;
  return { ...rest, prediction: value } as PredictionFields;
}
