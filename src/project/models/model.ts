import type { z } from 'zod';
import { withCallSite } from '../call-sites.ts';
import type { Lookup } from '../tables/feature-view.ts';
import { type Kind, type KindOf, type Target, targetIn } from './kind.ts';
import type { Servable, ServableOptions } from './live.ts';
import type { Measure, MeasureFor, ScoreOf } from './measure.ts';
import type { MetricFor } from './metric.ts';
import type { Monitor, MonitorOptions, OutcomeFor } from './monitoring.ts';
import type { Search } from './search.ts';
import type { Split, SplitFor } from './split.ts';
import type { RowOf, TableRef, TimeOf } from '../tables/table.ts';
import type { Trainer } from './trainer.ts';

/** The result of a feature function: a number for each name, always the same names. NaN is a missing value. */
export type Features = Readonly<Record<string, number>>;

/** How scores become probabilities. */
export type CalibrationMethod = 'auto' | 'sigmoid' | 'isotonic' | 'none';

/** Columns of numbers, of yes and no, and of an enum. Rows without a target are left out. */
type Predictable<Row> = [Row] extends [never]
  ? never
  : { [Name in keyof Row]-?: IsPredictable<NonNullable<Row[Name]>> extends true ? Name : never }[keyof Row] &
      string;

type IsPredictable<Value> = [Value] extends [never]
  ? false
  : [Value] extends [number | boolean]
    ? true
    : [Value] extends [string]
      ? string extends Value
        ? false
        : true
      : false;

type TruthOf<Rows, Target> = Target extends keyof RowOf<Rows> ? NonNullable<RowOf<Rows>[Target]> : never;

/** The request's fields must be columns of the rows with a matching type, because training builds requests from rows. */
type RequestOver<Row, Request extends z.ZodObject> = RowsWith<Row, z.input<Request>>;

/** Rows that have each field of a request. */
export type RowsWith<Row, Fields> =
  Pick<Row, keyof Row & keyof Fields> extends Fields
    ? unknown
    : { readonly '~mismatch': `the rows have no column "${Unmatched<Row, Fields>}" of this type` };

/** Fields that training cannot fill from a row. */
type Unmatched<Row, Fields> = {
  [Name in keyof Fields]: Pick<Row, Name & keyof Row> extends Pick<Fields, Name> ? never : Name;
}[keyof Fields] &
  string;

type NotAsked<Name, Request extends z.ZodObject> = Name extends keyof z.input<Request>
  ? { readonly '~mismatch': 'the request has this column too, but a caller cannot know the target' }
  : unknown;

/** An option that only some kinds of target have. */
type OnlyFor<Value, Allowed extends Kind, Option> =
  KindOf<Value> extends Allowed
    ? Option
    : { readonly '~mismatch': `a ${KindOf<Value>} target does not have this option` };

/**
 * Trains on a transformed target, such as a rate or a ratio to the recent level; metrics and predictions stay in the
 * target's own unit. Both functions get only what a caller sends. `inverse` must undo `forward`.
 */
export interface TransformFor<Request, Lookups> {
  readonly forward: (value: number, request: Request, lookups: Lookups) => number;
  readonly inverse: (learned: number, request: Request, lookups: Lookups) => number;
}

/** A transform at run time. Tasks find its functions among the project's exports. */
export type Transform = TransformFor<never, never>;

/** A baseline at run time: a trainer, or a function of the request that returns a `ScoreOf` the target. */
export type Baseline = Trainer | ((request: never, lookups: never) => unknown);

type NoLookups = Readonly<Record<never, never>>;

export interface ModelOptions<
  Rows extends TableRef,
  Request extends z.ZodObject,
  Target extends Predictable<RowOf<Rows>>,
  Metric extends MetricFor<TruthOf<Rows, Target>>,
  TrainerOptions extends object,
  Lookups,
  Measure extends string,
  Baseline extends string,
  Truth extends TableRef,
> extends ServableOptions<Metric, Measure, Baseline, keyof z.output<Request> & string> {
  /** One row for each example. */
  readonly rows: Rows;
  /** The request schema. The form and the validation are derived from it. */
  readonly request: Request & RequestOver<RowOf<Rows>, Request>;
  /** Values of feature views to look up for each request, by name: the feature function's second argument. */
  readonly lookups?: {
    readonly [Name in keyof Lookups]: Lookup<
      z.output<NoInfer<Request>>,
      Lookups[Name],
      TimeOf<NoInfer<Rows>>
    >;
  };
  /** From a request and its lookups to numbers: the same function in training and serving. */
  readonly features: (request: z.output<NoInfer<Request>>, lookups: NoInfer<Lookups>) => Features;
  /** The column to predict: numbers, yes and no, or an enum. Rows without a value neither train nor test. */
  readonly target: Target & NotAsked<NoInfer<Target>, NoInfer<Request>>;
  /** For numbers. @default the model learns the target itself */
  readonly transform?: OnlyFor<
    TruthOf<NoInfer<Rows>, NoInfer<Target>>,
    'number',
    TransformFor<z.output<NoInfer<Request>>, NoInfer<Lookups>>
  >;
  readonly split: SplitFor<NoInfer<Rows>>;
  readonly trainer: Trainer<string, TrainerOptions, KindOf<TruthOf<NoInfer<Rows>, NoInfer<Target>>>>;
  /** @default none: the trainer's options */
  readonly search?: Search<NoInfer<TrainerOptions>>;
  readonly metrics: readonly Metric[];
  /** Measures of the project, by name. `promote` may use them like those of `metrics`. */
  readonly measures?: {
    readonly [Name in Measure]: MeasureFor<RowOf<NoInfer<Rows>>, TruthOf<NoInfer<Rows>, NoInfer<Target>>>;
  };
  /** For numbers: the share of outcomes that a prediction's interval should contain. @default 0.8 */
  readonly interval?: OnlyFor<TruthOf<NoInfer<Rows>, NoInfer<Target>>, 'number', number>;
  /**
   * For yes and no, and for enums: how scores become probabilities. 'auto' corrects how sure the model is where validation
   * rows show that it helps. @default 'auto'
   */
  readonly calibrate?: OnlyFor<
    TruthOf<NoInfer<Rows>, NoInfer<Target>>,
    'boolean' | 'class',
    CalibrationMethod
  >;
  /** What versions are compared with, by name: a trainer, or a function of the request and its lookups. */
  readonly baselines?: {
    readonly [Name in Baseline]:
      | Trainer<string, object, KindOf<TruthOf<NoInfer<Rows>, NoInfer<Target>>>>
      | ((
          request: z.output<NoInfer<Request>>,
          lookups: NoInfer<Lookups>,
        ) => ScoreOf<TruthOf<NoInfer<Rows>, NoInfer<Target>>>);
  };
  /** Drift, alerts, and where outcomes come from. @default none */
  readonly monitor?: MonitorOptions<NoInfer<Metric | Measure>> & {
    readonly outcome?: OutcomeFor<
      z.output<NoInfer<Request>>,
      TruthOf<NoInfer<Rows>, NoInfer<Target>>,
      NoInfer<Rows>,
      Truth
    >;
  };
}

/** The columns that a prediction adds to its row. */
export type PredictionOf<Value> =
  KindOf<Value> extends 'number'
    ? { readonly prediction: number; readonly low: number; readonly high: number }
    : { readonly prediction: Value; readonly probability: number };

export interface Model<
  Name extends string = string,
  Request = unknown,
  Prediction = unknown,
> extends Servable<Name, Request, Prediction> {
  readonly kind: 'model';
  readonly rows: TableRef;
  readonly request: z.ZodObject;
  readonly lookups: Readonly<Record<string, Lookup>>;
  readonly features: (request: never, lookups: never) => Features;
  readonly target: string;
  /** The kind of the target's column. */
  readonly targetKind: Target;
  readonly transform: Transform | undefined;
  readonly split: Split;
  readonly trainer: Trainer;
  readonly search: Search | undefined;
  readonly measures: Readonly<Record<string, Measure>>;
  /** 'none' for a target of numbers. */
  readonly calibrate: CalibrationMethod;
  readonly baselines: Readonly<Record<string, Baseline>>;
  readonly monitor: Monitor;
}

/**
 * A model from its rows to its endpoint: what it learns from, what a caller sends, how it is measured and what a new
 * version must beat to go live.
 */
export function model<
  const Name extends string,
  Rows extends TableRef,
  Request extends z.ZodObject,
  const Target extends Predictable<RowOf<Rows>>,
  const Metric extends MetricFor<TruthOf<Rows, Target>>,
  TrainerOptions extends object,
  Lookups = NoLookups,
  Measure extends string = never,
  Baseline extends string = never,
  Truth extends TableRef = Rows,
>(
  name: Name,
  options: ModelOptions<Rows, Request, Target, Metric, TrainerOptions, Lookups, Measure, Baseline, Truth>,
): Model<Name, z.input<Request>, PredictionOf<TruthOf<Rows, Target>>> {
  // Types hold the parts of the options together; at run time each is plain data or a function.
  const given = options as unknown as GivenOptions;
  const column = given.rows.table.schema.columns.find((each) => each.name === given.target);
  // `defineProject` refuses a target that is missing or cannot be predicted.
  const targetKind = (column && targetIn(column)) ?? { kind: 'number' };
  const declared: Model<Name> = {
    kind: 'model',
    name,
    title: given.title ?? name,
    description: given.description,
    rows: given.rows,
    request: given.request,
    lookups: given.lookups ?? {},
    features: given.features,
    target: given.target,
    targetKind,
    transform: given.transform,
    split: given.split,
    trainer: given.trainer,
    search: given.search,
    metrics: given.metrics,
    measures: given.measures ?? {},
    interval: given.interval ?? 0.8,
    calibrate: given.calibrate ?? (targetKind.kind === 'number' ? 'none' : 'auto'),
    baselines: given.baselines ?? {},
    promote: given.promote,
    serve: given.serve ?? {},
    monitor: given.monitor ?? {},
    page: given.page,
    get training() {
      return training;
    },
  };
  const training: TableRef = {
    producer: declared,
    output: 'training',
    table: { kind: 'table', schema: { columns: column ? [column] : [] } },
  };
  return withCallSite(declared) as Model<Name, z.input<Request>, PredictionOf<TruthOf<Rows, Target>>>;
}

type Required = 'rows' | 'request' | 'features' | 'target' | 'split' | 'trainer' | 'metrics' | 'promote';
type GivenOptions = Pick<Model, Required> & Partial<Omit<Model, Required>>;
