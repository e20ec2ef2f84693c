import type { MetricFor } from './metric.ts';

/** What is predicted of a `Value`: the number, the probability of yes, or the probability of each class. */
export type ScoreOf<Value> = [Value] extends [string] ? { readonly [Class in Value]: number } : number;

/** A test row with its truth and its prediction. */
export interface Tested<Row, Value> {
  readonly row: Row;
  readonly truth: Value;
  readonly prediction: ScoreOf<Value>;
}

/** A measure of the project: a metric over some of the test rows, or any number computed from rows and predictions. */
export type MeasureFor<Row, Value> =
  | { readonly of: MetricFor<Value>; readonly where: (row: Row) => boolean }
  | {
      readonly better: 'lower' | 'higher';
      readonly value: (tested: Iterable<Tested<Row, Value>>) => number;
    };

/** A measure at run time. Tasks find its function among the project's exports. */
export type Measure =
  | { readonly of: string; readonly where: (row: never) => boolean }
  | {
      readonly better: 'lower' | 'higher';
      readonly value: (tested: Iterable<Tested<never, never>>) => number;
    };
