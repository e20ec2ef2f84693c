import type { ForecastPoint } from '../project/models/forecast.ts';
import type { ForecastStep, Prediction, PredictionInterval } from '../project/models/prediction.ts';

/** A prediction as every protocol of ours writes it: its value is `prediction`; a forecast has one at each of its points. */
export type PredictionFields =
  | { readonly kind: 'number'; readonly prediction: number; readonly interval?: PredictionInterval }
  | {
      readonly kind: 'class';
      readonly prediction: string | boolean;
      readonly probability: number;
      readonly probabilities: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: 'forecast';
      readonly points: readonly ForecastPoint[];
      /** The share of outcomes that should be from `low` to `high`; absent if the points have no interval. */
      readonly level?: number;
      readonly prediction?: undefined;
    };

export function predictionFields(prediction: Prediction): PredictionFields {
  if (prediction.kind === 'forecast') {
    const level = prediction.horizon[0]?.interval?.level;
    return {
      kind: 'forecast',
      points: prediction.horizon.map(pointOf),
      ...(level !== undefined && { level }),
    };
  }
  const { kind, value, ...rest } = prediction;
  return { kind, prediction: value, ...rest } as PredictionFields;
}

/** Without a time, a point is numbered; without an interval, its bounds are the prediction. */
function pointOf({ step, time = step, value, interval }: ForecastStep): ForecastPoint {
  const { low, high } = interval ?? { low: value, high: value };
  return { time, prediction: value, low, high };
}
