import type { PromotionRule } from './promotion.ts';
import type { ServeOptions } from './serving.ts';
import type { TableRef } from '../tables/table.ts';

/** A file beside the project file: a React component that gets `PageProps`. */
export type PagePath = `./${string}.tsx`;

/** The options that models and forecasts share. */
export interface ServableOptions<
  Metric extends string,
  Measure extends string,
  Baseline extends string,
  Field extends string,
> {
  /** A name for people. @default the declaration's name */
  readonly title?: string;
  readonly description?: string;
  readonly promote: PromotionRule<NoInfer<Metric | Measure>, NoInfer<Baseline>>;
  /** @default served under its name without cache or limit */
  readonly serve?: ServeOptions<NoInfer<Metric | Measure>, NoInfer<Field>>;
  /** @default a page generated from the request schema */
  readonly page?: PagePath;
}

/** What a gate decides on and an endpoint serves: a model or a forecast. */
export interface Servable<Name extends string = string, Request = unknown, Prediction = unknown> {
  readonly kind: 'model' | 'forecast';
  readonly name: Name;
  readonly title: string;
  readonly description: string | undefined;
  readonly metrics: readonly string[];
  readonly interval: number;
  readonly promote: PromotionRule;
  readonly serve: ServeOptions;
  readonly page: PagePath | undefined;
  /** The rows that a version may learn from, with features and target and without test rows: for a `command`. */
  readonly training: TableRef;
  readonly '~request'?: Request | undefined;
  readonly '~prediction'?: Prediction | undefined;
}
