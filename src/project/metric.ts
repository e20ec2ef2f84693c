/** Metrics of a model that predicts a number. All are over the test rows; mae and rmse are in the target's unit. */
export type RegressionMetric = 'mae' | 'rmse' | 'r2' | 'bias' | 'intervalCoverage' | 'intervalWidth';

/** The metrics for a model with this target. */
export type MetricFor<Target> = Target extends number ? RegressionMetric : never;

export interface MetricFacts {
  readonly title: string;
  readonly better: 'lower' | 'higher' | 'neither';
  /** Whether the number is in the target's unit. */
  readonly inTargetUnit: boolean;
}

export const metricFacts: Readonly<Record<RegressionMetric, MetricFacts>> = {
  mae: { title: 'MAE', better: 'lower', inTargetUnit: true },
  rmse: { title: 'RMSE', better: 'lower', inTargetUnit: true },
  r2: { title: 'R²', better: 'higher', inTargetUnit: false },
  bias: { title: 'Bias', better: 'neither', inTargetUnit: true },
  intervalCoverage: { title: 'Interval coverage', better: 'neither', inTargetUnit: false },
  intervalWidth: { title: 'Interval width', better: 'lower', inTargetUnit: true },
};
