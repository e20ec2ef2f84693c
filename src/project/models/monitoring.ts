import type { Duration } from '../../kernel/units.ts';
import type { OneOrMore } from '../tables/checks.ts';
import type { Streaming } from './metric.ts';
import type { ColumnOf, RowOf, TableRef } from '../tables/table.ts';

/** A signal above or below a number. */
export interface Limit<Signal extends string = string> {
  readonly signal: Signal;
  readonly side: 'above' | 'below';
  readonly limit: number;
}

/** @example above('drift', 0.2) */
export function above<const Signal extends string>(signal: Signal, limit: number): Limit<Signal> {
  return { signal, side: 'above', limit };
}

/** @example below('labelled', 0.5) */
export function below<const Signal extends string>(signal: Signal, limit: number): Limit<Signal> {
  return { signal, side: 'below', limit };
}

/** 'drift' is the statistic of the worst feature; 'labelled' is the share of predictions whose outcome is known. */
type Signal = 'drift' | 'outputDrift' | 'errors' | 'latency' | 'refused' | 'labelled';

export interface Alert<Metric extends string = string> {
  readonly when: Limit<Signal | Streaming<Metric>>;
  /** The window that it is measured over. @default '1d' */
  readonly over?: Duration;
  /** How long the limit must be exceeded. @default at once */
  readonly for?: Duration;
  readonly severity?: 'info' | 'warning' | 'page';
  /** Trains again; the gate decides as usual. @default no training */
  readonly retrain?: { readonly atMostEvery: Duration };
}

export interface MonitorOptions<Metric extends string = string> {
  readonly drift?: {
    /** @default 'psi' */
    readonly method?: 'psi' | 'ks' | 'jensenShannon' | 'wasserstein' | 'chiSquare';
    /** @default '7d' */
    readonly over?: Duration;
  };
  /** Alerts by name. */
  readonly alerts?: Readonly<Record<string, Alert<Metric>>>;
}

type Shared<A, B> = [A] extends [never]
  ? never
  : { [Name in keyof A & keyof B]: A[Name] extends B[Name] ? Name : never }[keyof A & keyof B] & string;

/** How to find the truth of a prediction in later rows: by equal values in the columns `on`. */
export type OutcomeFor<Request, Value, Rows extends TableRef, Truth extends TableRef> =
  /** In the model's own rows, as soon as they have it. */
  | { readonly from?: undefined; readonly on: OneOrMore<Shared<RowOf<Rows>, Request>> }
  | {
      readonly from: Truth;
      readonly on: OneOrMore<Shared<RowOf<Truth>, Request>>;
      readonly value: OutcomeColumn<ColumnOf<RowOf<Truth>, Value>>;
    };

type OutcomeColumn<Name extends string> = [Name] extends [never]
  ? { readonly '~mismatch': 'no column of these rows has values like the target' }
  : Name;

/** The monitor of a model as data. */
export interface Monitor extends MonitorOptions {
  readonly outcome?: {
    readonly from?: TableRef | undefined;
    readonly on: OneOrMore<string>;
    readonly value?: string;
  };
}
