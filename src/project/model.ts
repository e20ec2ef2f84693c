import type { z } from 'zod';
import { withCallSite } from './call-sites.ts';
import type { MetricFor } from './metric.ts';
import type { PromotionRule } from './promotion.ts';
import type { Search } from './search.ts';
import type { ServeOptions } from './serving.ts';
import type { Split } from './split.ts';
import type { RowOf, TableRef } from './table.ts';
import type { Trainer } from './trainer.ts';

/** The result of a feature function: a number for each name, always the same names. NaN is a missing value. */
export type Features = Readonly<Record<string, number>>;

/** Number columns. Rows without a target are left out. */
type NumericColumn<Row> = {
  [Name in keyof Row]-?: [NonNullable<Row[Name]>] extends [never]
    ? never
    : NonNullable<Row[Name]> extends number
      ? Name
      : never;
}[keyof Row] &
  string;

/** The request's fields must be columns of the rows with a matching type, because training builds requests from rows. */
type RequestOver<Row, Request extends z.ZodObject> =
  Pick<Row, keyof Row & keyof z.input<Request>> extends z.input<Request>
    ? unknown
    : { readonly '~mismatch': 'the rows lack a field of the request' };

export interface ModelOptions<
  Rows extends TableRef,
  Request extends z.ZodObject,
  Target extends NumericColumn<RowOf<Rows>>,
  Metric extends MetricFor<RowOf<Rows>[Target]>,
  TrainerOptions extends object,
> {
  /** A name for people. @default the model's name */
  readonly title?: string;
  readonly description?: string;
  /** One row for each example. */
  readonly rows: Rows;
  /** The request schema. The form and the validation are derived from it. */
  readonly request: Request & RequestOver<RowOf<Rows>, Request>;
  /** From a request to numbers: the same function in training and serving. */
  readonly features: (request: z.output<NoInfer<Request>>) => Features;
  /** The column to predict. Rows without a value neither train nor test. */
  readonly target: Target;
  readonly split: Split<RowOf<NoInfer<Rows>>>;
  readonly trainer: Trainer<string, TrainerOptions>;
  /** @default none: the trainer's options */
  readonly search?: Search<NoInfer<TrainerOptions>>;
  readonly metrics: readonly Metric[];
  /** The share of outcomes that a prediction's interval should contain. @default 0.8 */
  readonly interval?: number;
  readonly promote: PromotionRule<NoInfer<Metric>>;
  /** @default served under the model's name without cache or limit */
  readonly serve?: ServeOptions;
}

export interface Model<Name extends string = string, Request = unknown> {
  readonly kind: 'model';
  readonly name: Name;
  readonly title: string;
  readonly description: string | undefined;
  readonly rows: TableRef;
  readonly request: z.ZodObject;
  readonly features: (request: never) => Features;
  readonly target: string;
  readonly split: Split;
  readonly trainer: Trainer;
  readonly search: Search | undefined;
  readonly metrics: readonly string[];
  readonly interval: number;
  readonly promote: PromotionRule;
  readonly serve: ServeOptions;
  readonly '~request'?: Request;
}

/**
 * A model from its rows to its endpoint: what it learns from, what a caller sends, how it is measured and what a new
 * version must beat to go live.
 */
export function model<
  const Name extends string,
  Rows extends TableRef,
  Request extends z.ZodObject,
  const Target extends NumericColumn<RowOf<Rows>>,
  const Metric extends MetricFor<RowOf<Rows>[Target]>,
  TrainerOptions extends object,
>(
  name: Name,
  options: ModelOptions<Rows, Request, Target, Metric, TrainerOptions>,
): Model<Name, z.input<Request>> {
  return withCallSite({
    kind: 'model',
    name,
    title: options.title ?? name,
    description: options.description,
    rows: options.rows,
    request: options.request,
    features: options.features as Model['features'],
    target: options.target,
    split: options.split as Split,
    trainer: options.trainer,
    search: options.search as Search | undefined,
    metrics: options.metrics,
    interval: options.interval ?? 0.8,
    promote: options.promote as PromotionRule,
    serve: options.serve ?? {},
  });
}
