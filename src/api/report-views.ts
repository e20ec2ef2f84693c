import type { LearningCurve } from '../project/models/trainer.ts';
import type { Target } from '../project/models/kind.ts';

/** What a run's evaluations found, one for each model that was evaluated. */
export interface RunReportView {
  readonly models: readonly ModelReportView[];
}

export interface ModelReportView {
  readonly model: string;
  /** Absent if nothing of it can be read: the run is older than reports, or its files were removed. */
  readonly report: ReportView | null;
  /** The loss by round, for trainers that report it. */
  readonly learning: LearningCurve | null;
}

/** Where a version is right and where it is wrong, beside the version that was live. */
export interface ReportView {
  readonly target: Target;
  readonly unit: string | null;
  /** Test rows. With `champion`, those that neither version learned from. */
  readonly rows: number;
  /** Null before the gate has registered it. */
  readonly version: number | null;
  /** The live version that it was compared with. */
  readonly champion: { readonly version: number } | null;
  /** What predicts the same for every row. */
  readonly constant: 'median' | 'shares' | null;
  /** The metric of all parts. */
  readonly metric: ReportMetricView | null;
  readonly metrics: readonly (ReportMetricView & ReportValues)[];
  /** Of numbers: truth − prediction. */
  readonly residuals: {
    readonly version: ResidualsView;
    readonly champion: ResidualsView | null;
  } | null;
  /** Of probabilities: what was predicted and what happened. */
  readonly reliability: readonly {
    readonly class: string;
    readonly version: readonly ReliabilityBinView[];
    readonly champion: readonly ReliabilityBinView[] | null;
  }[];
  /** By field of the request, those where the errors differ most first. */
  readonly segments: readonly {
    readonly column: string;
    readonly title: string;
    readonly groups: readonly (ReportValues & { readonly name: string; readonly rows: number })[];
  }[];
  /** In the order of time. */
  readonly overTime: readonly (ReportValues & {
    readonly from: string;
    readonly to: string;
    readonly rows: number;
  })[];
  /** Rows with the largest loss, the worst first. */
  readonly worst: readonly WorstRowView[];
  /** How much the mean loss of some test rows rises when a feature's values are shuffled between them. */
  readonly importances: {
    readonly rows: number;
    readonly loss: number;
    readonly features: readonly {
      readonly feature: string;
      readonly title: string;
      readonly increase: number;
    }[];
  } | null;
}

export interface ReportMetricView {
  readonly name: string;
  /** 'MAE' */
  readonly title: string;
  readonly unit: string | null;
  readonly better: 'lower' | 'higher' | 'neither';
}

/** A number of the version, and of what it is beside; null where it is not known. */
export interface ReportValues {
  readonly value: number | null;
  readonly champion: number | null;
  readonly constant: number | null;
}

export interface ResidualsView {
  /** By share: '0.05' is the value that 5 % of the residuals are below. */
  readonly quantiles: Readonly<Record<string, number | null>>;
  readonly histogram: { readonly from: number; readonly to: number; readonly counts: readonly number[] };
}

export interface ReliabilityBinView {
  readonly rows: number;
  readonly meanProbability: number | null;
  readonly shareOfYes: number | null;
}

export interface WorstRowView {
  /** Of the model's rows, from 1. */
  readonly row: number;
  readonly loss: number | null;
  readonly truth: string | number | boolean;
  /** Of classes, the probabilities of the most probable ones and of the true one. */
  readonly predicted: number | null | Readonly<Record<string, number | null>>;
  readonly values: readonly {
    readonly title: string;
    readonly value: string | number | boolean | null;
  }[];
}
