/** A range that holds a share `level` of the outcomes, in the target's unit. */
export interface PredictionInterval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

export interface NumberPrediction {
  readonly kind: 'number';
  readonly value: number;
  readonly interval?: PredictionInterval;
}

/** Yes or no is a class of two. */
export interface ClassPrediction {
  readonly kind: 'class';
  readonly value: string | boolean;
  /** Of the predicted class. */
  readonly probability: number;
  /** By class; they sum to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
}

export interface ForecastStep {
  /** 1 for the first step after the last known value. */
  readonly step: number;
  /** ISO 8601. */
  readonly time?: string | number;
  readonly value: number;
  readonly interval?: PredictionInterval;
}

export interface ForecastPrediction {
  readonly kind: 'forecast';
  readonly horizon: readonly ForecastStep[];
}

/** What a model predicts for one row. */
export type Prediction = NumberPrediction | ClassPrediction | ForecastPrediction;

/** Whether every number of a prediction is finite: a model that predicts NaN cannot be trusted. */
export function isSound(prediction: Prediction): boolean {
  return numbersOf(prediction).every(Number.isFinite);
}

function numbersOf(prediction: Prediction): readonly number[] {
  switch (prediction.kind) {
    case 'number':
      return [prediction.value, ...boundsOf(prediction.interval)];
    case 'class':
      return [prediction.probability, ...Object.values(prediction.probabilities)];
    case 'forecast':
      return prediction.horizon.flatMap(({ value, interval }) => [value, ...boundsOf(interval)]);
  }
}

function boundsOf(interval: PredictionInterval | undefined): readonly number[] {
  return interval ? [interval.low, interval.high] : [];
}
