import type { NumberForm } from '../kernel/format-number.ts';
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
  /** That of a forecast; absent for other models, and like `report`. */
  readonly forecast: ForecastReportView | null;
  /** The loss by round, for trainers that report it. */
  readonly learning: LearningCurve | null;
  /** Why parts of the report are absent, a sentence each. */
  readonly absent: readonly string[];
}

/** What was measured on which rows, and what it is compared with. */
export interface ReportHead {
  readonly unit: string | null;
  /** Test rows. With `champion`, those that neither version learned from. */
  readonly rows: number;
  /** Null before the gate has registered it. */
  readonly version: number | null;
  /** The live version that it was compared with. */
  readonly champion: { readonly version: number } | null;
  /** What predicts the same for every row, or repeats the last season. */
  readonly constant: 'median' | 'mean' | 'shares' | 'seasonal-naive' | null;
  /** Baselines of the project that a version must beat. */
  readonly baselines: readonly { readonly name: string; readonly title: string }[];
}

/** Where a version is right and where it is wrong, beside the version that was live. */
export interface ReportView extends ReportHead {
  readonly target: Target;
  /** The metric of all parts. */
  readonly metric: ReportMetricView | null;
  readonly metrics: readonly (ReportMetricView & ReportValues)[];
  /** Of numbers: truth − prediction. */
  readonly residuals: {
    readonly version: ResidualsView;
    readonly champion: ResidualsView | null;
  } | null;
  /** Of numbers, some of the test rows: what happened and what was predicted. Null for an older report. */
  readonly scatter: readonly (readonly [truth: number, predicted: number])[] | null;
  /** Of yes or no: what follows from the probability from which a row is called a yes. Null for an older report. */
  readonly cutoffs: { readonly version: CutoffsView; readonly champion: CutoffsView | null } | null;
  /**
   * Of yes or no, with test rows of both: the corners of the ROC curve. The version's are null for an older report whose
   * cutoffs are too coarse for it.
   */
  readonly roc: {
    readonly version: readonly RocPointView[] | null;
    readonly champion: readonly RocPointView[] | null;
  } | null;
  /** Of classes: which are taken for which. Null for an older report. */
  readonly confusion: ConfusionView | null;
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
    readonly groups: readonly (ReportValues & {
      readonly name: string;
      readonly rows: number;
      /** Of the version, in the order of `segmentMetrics`. */
      readonly further: readonly (number | null)[];
    })[];
  }[];
  /** What `segments` have besides the metric of all parts. */
  readonly segmentMetrics: readonly ReportMetricView[];
  /** In the order of time. */
  readonly overTime: readonly (ReportValues & {
    readonly from: string;
    readonly to: string;
    readonly rows: number;
  })[];
  /** Rows with the largest loss, the worst first. */
  readonly worst: readonly WorstRowView[];
  /** How much the mean loss of some test rows rises when the values of a field, or of a feature, are shuffled between them. */
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
  /** In the order of the report's `baselines`. */
  readonly baselines: readonly (number | null)[];
}

/** Where the forecasts of a version are right and where they are wrong, each from values before its origin. */
export interface ForecastReportView extends ReportHead {
  /** The number of tested series. */
  readonly series: number;
  /** The metric of all parts. */
  readonly metric: ReportMetricView;
  readonly metrics: readonly (ReportMetricView & ReportValues)[];
  /** Steps ahead, the first first. */
  readonly byStep: readonly (ReportValues & { readonly step: number; readonly rows: number })[];
  /** The share of values inside the interval by step ahead, and the share that should be. */
  readonly coverage: {
    readonly level: number;
    readonly byStep: readonly (Pick<ReportValues, 'value' | 'champion'> & { readonly step: number })[];
  };
  /** In the order of time. */
  readonly byOrigin: readonly (ReportValues & {
    /** The first and the last forecast time. */
    readonly from: string;
    readonly to: string;
    readonly rows: number;
  })[];
  /** The worst first. */
  readonly worstSeries: readonly (ReportValues & { readonly name: string; readonly rows: number })[];
  /** Of one series from one origin each, the worst first. */
  readonly worst: readonly WorstForecastView[];
}

/** A forecast of one series from one origin, with what happened. A forecast without an interval has its points as bounds. */
export interface WorstForecastView {
  readonly series: string;
  /** Of the report's `metric`. */
  readonly value: number | null;
  /** The last values before the origin. */
  readonly history: readonly { readonly time: string | number; readonly value: number }[];
  readonly steps: readonly {
    readonly time: string | number;
    readonly truth: number;
    readonly predicted: number;
    readonly low: number;
    readonly high: number;
  }[];
}

export interface ResidualsView {
  /** By share: '0.05' is the value that 5 % of the residuals are below. */
  readonly quantiles: Readonly<Record<string, number | null>>;
  readonly histogram: {
    readonly from: number;
    readonly to: number;
    readonly counts: readonly number[];
    /** Rows below and above the bins. */
    readonly outside: readonly [below: number, above: number];
  };
}

/** Counts for each cutoff of 0, 1 … 100 % of the probability of yes. */
export interface CutoffsView {
  readonly rows: number;
  /** Rows that were a yes. */
  readonly yes: number;
  /** Rows with this probability or more. */
  readonly called: readonly number[];
  /** Of those, rows that were a yes. */
  readonly right: readonly number[];
}

/** A point of a ROC curve, which begins before the first one, where nobody is called a yes. */
export interface RocPointView {
  /** Rows with this probability or more are called a yes. */
  readonly from: number;
  /** Of the rows that were a no, the share that are called a yes. */
  readonly falseAlarms: number;
  /** Of the rows that were a yes, the share that are called so. */
  readonly found: number;
}

export interface ConfusionView {
  /** Null is all others together. */
  readonly classes: readonly (string | null)[];
  /** For each class, how many of its rows were predicted as each class. */
  readonly counts: readonly (readonly number[])[];
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
  /** In the caller's order. */
  readonly values: readonly {
    readonly name: string;
    readonly title: string;
    /** How its whole numbers are written. */
    readonly form: NumberForm;
    readonly value: string | number | boolean | null;
  }[];
}
