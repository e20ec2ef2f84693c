import type { Kind } from './kind.ts';

/** Metrics of a model that predicts a number. mae, rmse, bias and intervalWidth are in the target's unit. */
export type RegressionMetric = 'mae' | 'rmse' | 'r2' | 'bias' | 'intervalCoverage' | 'intervalWidth';

/** Metrics of a model that predicts yes or no, from the probability of yes. */
export type BinaryMetric =
  | 'accuracy'
  | 'logLoss'
  | 'brier'
  | 'auc'
  | 'calibrationError'
  | 'precision'
  | 'recall'
  | 'f1';

/** Metrics of a model that predicts one of several classes, from the probability of each class. */
export type ClassMetric = 'accuracy' | 'logLoss' | 'brier' | 'macroF1';

/** Metrics of a forecast. smape is in percent, from 0 to 200. */
export type ForecastMetric = 'smape' | 'mase' | 'mae' | 'rmse' | 'intervalCoverage' | 'intervalWidth';

/** Of a condition the compiler lists the names, of `Metrics` it would name the type. */
type Listed<Metrics extends string> = [Metrics] extends [never]
  ? never
  : { readonly [Name in Metrics]: Name }[Metrics];

/** The metrics for a model with this target. */
export type MetricFor<Target> = Target extends number
  ? Listed<RegressionMetric>
  : Target extends boolean
    ? Listed<BinaryMetric>
    : Listed<ClassMetric>;

export type Metric = RegressionMetric | BinaryMetric | ClassMetric | ForecastMetric;

/** The metrics that are a mean over the rows: alerts and canaries update them with each outcome. */
type StreamingMetric =
  | 'mae'
  | 'bias'
  | 'intervalCoverage'
  | 'intervalWidth'
  | 'accuracy'
  | 'logLoss'
  | 'brier'
  | 'smape';

/** The streaming metrics among `Names`. */
export type Streaming<Names extends string> = string extends Names ? string : Extract<Names, StreamingMetric>;

export interface MetricFacts {
  readonly title: string;
  /** The kinds of target that it can measure. */
  readonly kinds: readonly (Kind | 'forecast')[];
  readonly better: 'lower' | 'higher' | 'neither';
  /** Whether it is a mean over the rows, so that each new outcome updates it. */
  readonly streaming: boolean;
  /** Whether the number is in the target's unit. */
  readonly inTargetUnit: boolean;
}

const ofAmounts = { kinds: ['number', 'forecast'], streaming: true, inTargetUnit: true } as const;
const ofIntervals = { kinds: ['number', 'forecast'], streaming: true } as const;
const ofClasses = { kinds: ['boolean', 'class'], streaming: true, inTargetUnit: false } as const;
const ofYesOrNo = { kinds: ['boolean'], streaming: false, inTargetUnit: false } as const;

export const metricFacts: Readonly<Record<Metric, MetricFacts>> = {
  mae: { title: 'MAE', better: 'lower', ...ofAmounts },
  rmse: { title: 'RMSE', better: 'lower', ...ofAmounts, streaming: false },
  r2: { title: 'R²', better: 'higher', kinds: ['number'], streaming: false, inTargetUnit: false },
  bias: { title: 'Bias', better: 'neither', ...ofAmounts, kinds: ['number'] },
  intervalCoverage: { title: 'Interval coverage', better: 'neither', ...ofIntervals, inTargetUnit: false },
  intervalWidth: { title: 'Interval width', better: 'lower', ...ofIntervals, inTargetUnit: true },
  accuracy: { title: 'Accuracy', better: 'higher', ...ofClasses },
  logLoss: { title: 'Log loss', better: 'lower', ...ofClasses },
  brier: { title: 'Brier score', better: 'lower', ...ofClasses },
  auc: { title: 'AUC', better: 'higher', ...ofYesOrNo },
  calibrationError: { title: 'Calibration error', better: 'lower', ...ofYesOrNo },
  precision: { title: 'Precision', better: 'higher', ...ofYesOrNo },
  recall: { title: 'Recall', better: 'higher', ...ofYesOrNo },
  f1: { title: 'F1', better: 'higher', ...ofYesOrNo },
  macroF1: { title: 'Macro F1', better: 'higher', kinds: ['class'], streaming: false, inTargetUnit: false },
  smape: { title: 'sMAPE', better: 'lower', kinds: ['forecast'], streaming: true, inTargetUnit: false },
  mase: { title: 'MASE', better: 'lower', kinds: ['forecast'], streaming: false, inTargetUnit: false },
};
