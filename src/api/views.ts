import type { ErrorBody } from '../kernel/errors.ts';
import type { NumberForm } from '../kernel/format-number.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import type { SeenField, Unlike } from '../lifecycle/version/version-fields.ts';
import type { GateFacts, Decision } from '../registry/gate.ts';
import type { AliasMoveView } from './alias-views.ts';
import type { RunStatus } from '../tracking/model.ts';
import type { PredictionFields } from '../serving/prediction-fields.ts';
import type { Target } from '../project/models/kind.ts';
import type { Reproduction } from '../lifecycle/reproduction/reproduction.ts';
import type { JobView } from './job-views.ts';

export type TaskStatus = 'waiting' | 'running' | 'hit' | 'done' | 'failed' | 'skipped';

export interface TaskProgress {
  readonly done: number;
  readonly total?: number;
  /** What is counted: 'matches', 'trials'. */
  readonly what?: string;
}

/** A task of the graph with its state in a run. */
export interface TaskView {
  readonly task: string;
  /** Short, for a box in the graph: 'innings', 'train'. */
  readonly label: string;
  readonly operation: string;
  /** What the operation does, in a sentence; absent when this build does not have it. */
  readonly description: string | null;
  /** 'source', 'step' or 'model', and its name in the project file. */
  readonly declared: { readonly kind: string; readonly name: string };
  /** Tasks whose outputs it reads. */
  readonly needs: readonly string[];
  readonly status: TaskStatus;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly progress: TaskProgress | null;
  /** What it left, in a few words: '96,214 rows', '8 trials, best MAE 14.2'. */
  readonly summary: string | null;
  /** What the end of a run says about it, a line each: the first rows that were set aside. */
  readonly notes?: readonly string[];
  readonly error: ErrorBody | null;
}

/** A verdict in words and in full. */
export interface VerdictView {
  readonly id: number;
  readonly model: string;
  readonly version: number;
  readonly alias: string;
  readonly decision: Decision;
  /** 'promoted: MAE is 0.31 runs lower than version 2' */
  readonly summary: string;
  /** What makes its version live by hand; a summary can have it too. */
  readonly command: string;
  readonly facts: GateFacts;
  readonly decidedAt: number;
}

export interface MetricView {
  readonly name: string;
  /** 'MAE' */
  readonly title: string;
  readonly value: number;
  readonly unit: string | null;
  readonly better: 'lower' | 'higher' | 'neither';
}

export interface VersionView {
  readonly model: string;
  readonly version: number;
  readonly aliases: readonly string[];
  readonly runId: string;
  readonly runName: string;
  readonly folder: string;
  readonly createdAt: number;
  readonly metrics: readonly MetricView[];
  /** Identifies the test rows of the metrics: only those with equal test data can be compared. Null if it is not known. */
  readonly testData: string | null;
  /** The latest. */
  readonly verdict: VerdictView | null;
}

export interface ModelView {
  readonly name: string;
  readonly title: string;
  readonly description: string | null;
  /** The alias that the gate moves. */
  readonly alias: string;
  /** What a new version must do, in words: 'lower MAE, and R² at least 0.5'. */
  readonly rule: string;
  /** The version under that alias, or the one that answers meanwhile where `problem` tells why. */
  readonly live: VersionView | null;
  /** Why the version under the alias does not answer. */
  readonly problem: ErrorBody | null;
  /** The latest 200 and the live one, the latest first. */
  readonly versions: readonly VersionView[];
  /** How many there are in all. */
  readonly versionCount: number;
  /** Of the live version, or the latest if none is live: features that leak, and intervals or calibrations that it lacks. */
  readonly warnings: readonly { readonly version: number; readonly text: string }[];
  readonly history: readonly AliasMoveView[];
}

export interface RunRow {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** 'start', 'command line', 'you', 'file changed'. */
  readonly why: string;
  /** Of the model runs in it. */
  readonly models: readonly {
    readonly model: string;
    readonly runId: string;
    readonly version: number | null;
    readonly metrics: readonly MetricView[];
    /** Identifies the test rows of the metrics, as for a version. */
    readonly testData: string | null;
    readonly verdict: VerdictView | null;
    /** Why the gate could not judge the version, which a client registered. */
    readonly notJudged: string | null;
    /** Features that leak, and the interval or the calibration that it lacks. */
    readonly warnings: readonly string[];
  }[];
  /** The task that failed. */
  readonly failed: { readonly task: string; readonly error: ErrorBody } | null;
}

export interface RunPageView {
  readonly runs: readonly RunRow[];
  /** For `after` of the next page; null on the last. */
  readonly next: string | null;
}

export interface TrialView {
  readonly runId: string;
  readonly index: number;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface RunView extends RunRow {
  readonly tasks: readonly TaskView[];
  readonly params: Readonly<Record<string, string>>;
  readonly trials: readonly TrialView[];
  /** Whether the search has more trials than these. */
  readonly moreTrials: boolean;
  /** Share of the gain by feature, the largest first. */
  readonly importances: readonly {
    readonly feature: string;
    readonly title: string;
    readonly share: number;
  }[];
}

export interface NoticeView {
  /** 'command train-in-python' */
  readonly declared: string;
  /** Why it has no effect, a sentence. */
  readonly text: string;
}

export interface ProjectView {
  readonly name: string;
  readonly title: string;
  readonly description: string | null;
  /** Names of sources whose data is made up. */
  readonly simulated: readonly string[];
  /** What the project file declares and this version does not run. */
  readonly notices: readonly NoticeView[];
  /** The graph as the last or present run has it, in topological order; the gate of each model is a task of it. */
  readonly tasks: readonly TaskView[];
  readonly activeRun: RunRow | null;
  readonly models: readonly ModelView[];
  /** What is wrong with the project file since it was last read whole; the rest shows the last good one. */
  readonly problem: ErrorBody | null;
}

export interface EndpointView {
  readonly name: string;
  readonly model: string;
  readonly title: string;
  readonly description: string | null;
  readonly project: string;
  readonly simulated: readonly string[];
  readonly alias: string;
  /** Absent until a version is live. */
  readonly version: number | null;
  /** Why it is not the version that the alias points to. */
  readonly problem: ErrorBody | null;
  readonly promotedAt: number | null;
  readonly target: {
    readonly name: string;
    readonly title: string;
    readonly unit: string | null;
    /** A number, yes or no, or one of the classes. */
    readonly type: Target;
  };
  /** JSON Schema 2020-12 of the request, with `title`, `description`, `examples` and `unit` for the form. */
  readonly request: JsonObject;
  readonly examples: readonly JsonObject[];
  /** What the live version learned from: rows, groups, first and last date. */
  readonly trainedOn: {
    readonly rows: number;
    readonly groups: number | null;
    readonly from: string | null;
    readonly to: string | null;
  } | null;
  readonly metrics: readonly MetricView[];
  /** What the live version saw of each request field in the rows that it learned from; empty if it does not say. */
  readonly seen: Readonly<Record<string, SeenView>>;
  /** Whether its predictions can be explained. */
  readonly explains: boolean;
  /** Whether it predicts the rows of a file: a forecast does not. */
  readonly takesFiles: boolean;
}

/** The values of a request field in the rows that a version learned from. */
export type SeenView = SeenField;

export interface ContributionView {
  readonly feature: string;
  readonly title: string;
  /** What the feature function made of the request; null when missing. */
  readonly value: number | null;
  /** On the explanation's scale. */
  readonly contribution: number;
}

/** A field of a request, in the words of its schema. */
export interface RequestedFieldView {
  readonly name: string;
  readonly title: string;
  readonly unit: string | null;
  /** How its whole numbers are written. */
  readonly form: NumberForm;
  /** As requested, or the default; null when missing. */
  readonly value: Json;
}

/** The contributions of the features that are computed from the same request fields and lookups, as a sum. */
export interface FieldContributionView {
  /** In the request's order; empty for features of lookups alone, and for features that change with no field. */
  readonly fields: readonly RequestedFieldView[];
  readonly lookups: readonly { readonly name: string; readonly title: string }[];
  /** Names of the features. */
  readonly features: readonly string[];
  readonly contribution: number;
}

/** Why a number was predicted, or the probability of a class. */
export interface ExplanationView {
  /** 'target' is the target's unit; a probability is from 0 to 1. */
  readonly scale: 'target' | 'probability';
  /** The class whose probability is explained: 'true' for yes and no, the predicted one of several. */
  readonly of?: string;
  /** The mean prediction over the training rows. */
  readonly baseline: number;
  /** The strongest first; with the baseline they sum to the prediction, or to the probability. */
  readonly contributions: readonly ContributionView[];
  /** The same contributions summed by request field, the strongest first. Absent if the version does not say which features are computed from which. */
  readonly fields?: readonly FieldContributionView[];
}

/** A value of a request that is unlike those that the version learned from: the prediction may be further from the truth than its interval says. */
export interface FieldWarningView {
  readonly field: string;
  /** 'Living area', for people. */
  readonly title: string;
  readonly unlike: Unlike;
  /** 'Outside what the model learned from: 1 to 7.' */
  readonly message: string;
}

/** `prediction` is the value: a number, a class or the steps of a forecast, as `kind` says. */
export type PredictionView = PredictionFields & {
  readonly predictionId: string;
  readonly endpoint: string;
  readonly model: string;
  readonly version: number;
  readonly unit: string | null;
  readonly cached: boolean;
  /** Fields with a value unlike those that the version learned from, in its order; none if the version does not say what it saw. */
  readonly warnings: readonly FieldWarningView[];
  /** Present when it was asked for. */
  readonly explanation?: ExplanationView;
};

/** A step back from a prediction to the bytes that it came from. */
export interface LineageTask {
  readonly task: string;
  readonly operation: string;
  /** What the operation does, in a sentence; absent when this build does not have it. */
  readonly description: string | null;
  readonly key: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly code: readonly string[];
  readonly outputs: readonly {
    readonly name: string;
    readonly digest: string;
    readonly kind: 'table' | 'files' | 'value';
    readonly rows: number | null;
  }[];
  readonly needs: readonly string[];
}

export interface RawFileView {
  readonly source: string;
  readonly name: string;
  readonly digest: string;
  readonly size: number;
  /** Where it was fetched from, when, and what the server said of its version. */
  readonly from: string;
  readonly fetchedAt: number;
  readonly etag: string | null;
  readonly simulated: boolean;
}

type LookedUpValues = Readonly<Record<string, string | number | boolean | null>>;

/** A comparison of the features that a version was trained with and those that serving computes now. */
export interface SkewView {
  readonly model: string;
  readonly version: number;
  /** Why another version, or older tables of its views, are served than should be. */
  readonly problem: string | null;
  /** Training rows, and those that were compared. */
  readonly rows: number;
  readonly compared: number;
  readonly differingRows: number;
  readonly differences: number;
  /** The first differences. */
  readonly first: readonly {
    /** The number of the training row, from 1. */
    readonly row: number;
    /** Null if serving refuses the row. */
    readonly feature: string | null;
    /** Null for a missing value. */
    readonly trained: number | null;
    readonly served: number | null;
    /** Why serving refuses the row. */
    readonly refused: string | null;
  }[];
}

/** What a prediction found in a feature view. */
export interface LookupView {
  readonly lookup: string;
  readonly view: string;
  /** Whose values they are. */
  readonly key: LookedUpValues;
  /** The values are the last strictly before this time, in milliseconds since 1970. */
  readonly before: number;
  /** The time from which the values are true; null for initial values and if nothing was found. */
  readonly at: string | null;
  /** Null if nothing was known, and the view has no initial values. */
  readonly values: LookedUpValues | null;
}

export interface ExplainView {
  readonly prediction: PredictionView & {
    readonly at: number;
    readonly request: JsonObject;
    /** What the request gave, in the schema's words. */
    readonly given: readonly RequestedFieldView[];
    /** What was looked up in feature views. Absent without lookups. */
    readonly lookups?: readonly LookupView[];
  };
  readonly version: VersionView;
  readonly run: RunRow;
  /** From the raw data on. */
  readonly tasks: readonly LineageTask[];
  readonly rawFiles: readonly RawFileView[];
}

/** What the server says as it happens. */
export type ServerEvent =
  | { readonly type: 'run'; readonly project: string; readonly run: RunRow }
  | { readonly type: 'job'; readonly project: string; readonly job: JobView }
  | {
      readonly type: 'task';
      readonly project: string;
      /** The id of the job that runs it. */
      readonly run: string | null;
      readonly task: TaskView;
    }
  | { readonly type: 'log'; readonly project: string; readonly task: string; readonly line: string }
  | {
      readonly type: 'alias';
      readonly project: string;
      readonly model: string;
      readonly alias: string;
      readonly version: number;
    }
  | { readonly type: 'project'; readonly project: string };

/** How a run of the pipeline ended. */
export interface RunOutcome {
  /** Absent when everything was a cache hit: an unchanged project makes no run. */
  readonly run: RunRow | null;
  readonly tasks: readonly TaskView[];
  readonly verdicts: readonly VerdictView[];
  /** Of a run that trained a version again. */
  readonly reproduction?: ReproductionView;
}

/** A version that was trained again, beside what was registered. */
export type ReproductionView = Reproduction;
